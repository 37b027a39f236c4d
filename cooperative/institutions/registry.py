"""Numbers by which registers know an institution. Pure; check digits are verified where a register has them."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from stdnum.exceptions import ValidationError
from stdnum.pl import nip, regon

REGISTERS: dict[str, str | Promise] = {
    "nip": _("tax number (NIP)"),
    "regon": _("statistical number (REGON)"),
    "krs": _("court register (KRS)"),
    "rik": _("register of cultural institutions"),
}

_CHECKED: dict[str, Callable[[str], str]] = {"nip": nip.validate, "regon": regon.validate}


def number(register: str, written: str) -> str:
    """The number as it is stored, digits alone where the register has digits. Raises `ValueError` if it cannot be."""
    plain = written.strip()
    if register in _CHECKED:
        try:
            return _CHECKED[register](plain)
        except ValidationError as error:
            raise ValueError(register) from error
    if register == "krs":
        digits = plain.replace(" ", "").removeprefix("KRS")
        if not (digits.isascii() and digits.isdigit() and len(digits) <= 10):
            raise ValueError(register)
        return digits.zfill(10)
    if register == "rik" and len(plain) <= 60:
        return plain
    raise ValueError(register)
