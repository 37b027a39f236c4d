"""Whom an institution works for: `d, m, do, s`, written in a dozen ways. Pure."""

from __future__ import annotations

import re

from .remarks import Remarks

_CODES = {"d": "children", "m": "youth", "do": "adults", "s": "seniors"}
_ORDER = list(_CODES.values())


def served(written: str, remarks: Remarks) -> list[str]:
    """Codes of `SERVED`, in their order. Unknown words are refused, doubled ones said."""
    parts = [part.strip().casefold() for part in re.split(r"[,;/]", written) if part.strip()]
    parts = _second_d(parts, remarks)
    found: list[str] = []
    for part in parts:
        code = _CODES.get(part)
        if code is None:
            remarks.refused.append(f"adresat: {part!r} is no audience (d, m, do, s)")
        elif code in found:
            remarks.cleaned.append(f"adresat: {part!r} stood there twice")
        else:
            found.append(code)
    ordered = [code for code in _ORDER if code in found]
    short = [short for short, code in _CODES.items() if code in ordered]
    if ordered:
        remarks.changed("adresat", written, ", ".join(short))
    return ordered


def _second_d(parts: list[str], remarks: Remarks) -> list[str]:
    """`d, m, d, s` lacks its `o`: the place between m and s is that of the adults."""
    if parts != ["d", "m", "d", "s"]:
        return parts
    remarks.unsure.append("adresat: the second 'd' was read as 'do' (adults), from its place")
    return ["d", "m", "do", "s"]
