"""Cleaning of what members write: one place for forms, API, import and services. Pure.

What is merely untidy is tidied (composition, line ends, spaces, control characters); what nobody types on purpose
(NUL, lone surrogates, writing direction overrides, a name that cannot be seen) is refused with a sentence.
"""

from __future__ import annotations

import re
import unicodedata

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from .errors import Invalid, Sentence

LANGUAGES = ("pl", "en", "de", "uk")
"""Languages of the pages, and of what members write, in the order in which they stand in for each other."""

_BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_JOINERS = frozenset("\u200c\u200d")
_SPACES = re.compile(r"[^\S\n]+")
_BLANK_LINES = re.compile(r"\n{4,}")


class Unreadable(ValueError):
    """This text cannot be taken. `sentence` says why, for the reader; `code` is stable."""

    def __init__(self, code: str, sentence: Sentence) -> None:
        super().__init__(code)
        self.code = code
        self.sentence: Promise | str = sentence


def line(text: str, *, longest: int = 200, required: bool = False) -> str:
    """One line of text: a title, a name. Spaces are made one; raises `Unreadable`."""
    cleaned = _SPACES.sub(" ", _tidy(text, longest).replace("\n", " ")).strip()
    if _BIDI & set(cleaned):
        raise Unreadable(
            "text_direction_override",
            _(
                "This line contains characters that turn the direction of writing. Please remove them."
            ),
        )
    return _checked(cleaned, longest, required)


def prose(text: str, *, longest: int = 20_000, required: bool = False) -> str:
    """Text of several lines. Direction marks are dropped, more than two blank lines become two."""
    tidy = "".join(sign for sign in _tidy(text, longest) if sign not in _BIDI)
    lines = (_SPACES.sub(" ", row).rstrip() for row in tidy.split("\n"))
    return _checked(_BLANK_LINES.sub("\n\n\n", "\n".join(lines)).strip(), longest, required)


def is_visible(text: str) -> bool:
    """Whether a reader would see anything at all."""
    return any(unicodedata.category(sign)[0] in "LNPS" and sign != "\u3164" for sign in text)


class Fields:
    """Cleans several fields and collects what is wrong with them; `check()` raises one `Invalid` for all.

    `prefix` is put before the names of fields ("texts.0.").
    """

    def __init__(self, prefix: str = "") -> None:
        self.prefix = prefix
        self.errors: dict[str, Sentence | list[Sentence]] = {}

    def line(self, name: str, text: str, *, longest: int = 200, required: bool = False) -> str:
        try:
            return line(text, longest=longest, required=required)
        except Unreadable as problem:
            self.wrong(name, problem.sentence)
            return ""

    def prose(self, name: str, text: str, *, longest: int = 20_000, required: bool = False) -> str:
        try:
            return prose(text, longest=longest, required=required)
        except Unreadable as problem:
            self.wrong(name, problem.sentence)
            return ""

    def wrong(self, name: str, sentence: Sentence) -> None:
        """`name` is wrong because of `sentence`; the first thing said of a field stays."""
        self.errors.setdefault(f"{self.prefix}{name}", sentence)

    def take(self, other: Fields) -> None:
        for name, said in other.errors.items():
            self.errors.setdefault(name, said)

    def check(self) -> None:
        """Raises `Invalid` if anything was wrong."""
        if self.errors:
            raise Invalid(self.errors)


def _tidy(text: str, longest: int) -> str:
    # Ten megabytes are refused before they are looked at sign by sign.
    if len(text) > 4 * longest + 1_000:
        raise _too_long(longest)
    if "\x00" in text:
        raise Unreadable(
            "text_nul", _("This text contains a character (NUL) that cannot be stored.")
        )
    if any("\ud800" <= sign <= "\udfff" for sign in text):
        raise Unreadable(
            "text_broken",
            _("This text was damaged on its way (half a character). Please type it again."),
        )
    composed = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    return "".join(sign for sign in composed if _kept(sign))


def _kept(sign: str) -> bool:
    if sign in "\n\t" or sign in _BIDI or sign in _JOINERS:
        return True
    return unicodedata.category(sign) not in {"Cc", "Cf", "Cn", "Co"}


def _checked(cleaned: str, longest: int, required: bool) -> str:
    if len(cleaned) > longest:
        raise _too_long(longest)
    if cleaned and not is_visible(cleaned):
        raise Unreadable(
            "text_invisible", _("Nothing of this can be seen. Please type some letters.")
        )
    if required and not cleaned:
        raise Unreadable("text_required", _("Please fill this in."))
    return cleaned


def _too_long(longest: int) -> Unreadable:
    return Unreadable(
        "text_too_long",
        ngettext_lazy("At most %d character fits here.", "At most %d characters fit here.", longest)
        % longest,
    )
