"""Free words about access, made into facts; what goes beyond the facts stays as a note. Pure.

The list's own letters: p = podjazd (ramp), w = winda (lift), t = toaleta (accessible toilet), s = platforma or
schodołaz (stair lift). A fact that is said both ways, or only hinted at, stays unknown.
"""

from __future__ import annotations

import re

from .remarks import Remarks
from .spelling import fold

_LETTERS = {"p": "ramp", "w": "lift", "t": "accessible_toilet", "s": "stair_lift"}
_NAMES = {"podjazd", "winda", "toaleta", "platforma", "schodolaz"}
# `w sali` is "in the hall", so that w counts only alone or before a dash.
_LETTER = re.compile(r"^([pwts])$|^([pwts])\s*[-–]\s*(.+)$|^([pts])\s+(.+)$")
_WHOLE = {
    "niedostepny": ("wheelchair", "no"),
    "niedostepna": ("wheelchair", "no"),
    "brak dostepnosci": ("wheelchair", "no"),
}
_PHRASES = (
    (re.compile(r"toalet\w*.*\bnie ?dostosowan"), "accessible_toilet", "no"),
    (re.compile(r"\bparter i toaleta$"), "accessible_toilet", "yes"),
    (re.compile(r"^brak\b.*\bwind(y|a)\b"), "lift", "no"),
    (re.compile(r"\bdo pokonania\b"), "step_free_entrance", "no"),
    (
        re.compile(
            r"^(wejscie|wjazd)( z)? parter|^lokal na parterze|^wejscie .*na poziomie terenu|^dostepny parter"
        ),
        "step_free_entrance",
        "yes",
    ),
)


def facts(written: str, remarks: Remarks) -> dict[str, str]:
    """Facts by code (`yes`, `no`) and `note`, for `Institution.accessibility`."""
    if not written:
        return {}
    folded = fold(written)
    if folded in _WHOLE:
        code, answer = _WHOLE[folded]
        remarks.cleaned.append(f"niepelnospr: {written!r} -> {code}={answer}")
        return {code: answer}
    if folded == "brak":
        remarks.unsure.append("niepelnospr: 'brak' may mean none or unknown; kept as a note")
        return {"note": written}
    said: dict[str, set[str]] = {}
    more = False
    for part in (part.strip() for part in re.split(r"[,;]", folded)):
        if part:
            more = _read(part, said) or more
    found = {
        code: answers.copy().pop() for code, answers in sorted(said.items()) if len(answers) == 1
    }
    both = sorted(code for code, answers in said.items() if len(answers) > 1)
    if both:
        remarks.unsure.append(f"niepelnospr: {', '.join(both)} is said both ways; left unknown")
    shown = ", ".join(f"{code}={answer}" for code, answer in found.items())
    remarks.cleaned.append(f"niepelnospr: {_short(written)!r} -> {shown or 'a note'}")
    return {**found, "note": written} if more else found


def _read(part: str, said: dict[str, set[str]]) -> bool:
    """Take the facts out of one part; whether it says more than they do."""
    matched = _LETTER.match(part)
    if matched:
        letter = matched[1] or matched[2] or matched[4]
        rest = (matched[3] or matched[5] or "").strip()
        said.setdefault(_LETTERS[letter], set()).add("yes")
        return bool(rest) and rest not in _NAMES
    for pattern, code, answer in _PHRASES:
        if pattern.search(part):
            said.setdefault(code, set()).add(answer)
    return True


def _short(written: str) -> str:
    return written if len(written) <= 40 else written[:39] + "…"
