"""Empty words, spaces, quotes, capital letters, and the usual spelling among several. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable

_NOTHING = frozenset({"", "-", "--", "brak", "null", "<null>", "n/d", "nd.", "none"})
_SPACES = re.compile(r"\s+")
_SPLIT_LETTERS = str.maketrans({"ł": "l", "Ł": "L"})


def value(written: str | None, *, words_for_nothing: bool = True) -> str:
    """`written` with single spaces; nothing where it says nothing (NULL and, if asked, `brak`)."""
    tidy = _SPACES.sub(" ", unicodedata.normalize("NFC", written or "")).strip()
    nothing = _NOTHING if words_for_nothing else _NOTHING - {"brak"}
    return "" if tidy.casefold() in nothing else tidy


def fold(text: str) -> str:
    """For comparing: small letters, without Polish marks, single spaces."""
    decomposed = unicodedata.normalize("NFKD", text.translate(_SPLIT_LETTERS))
    plain = "".join(sign for sign in decomposed if not unicodedata.combining(sign))
    return _SPACES.sub(" ", plain).strip().casefold()


def shouted(text: str) -> bool:
    """Whether a word of more than three letters, and all the rest, is in capitals."""
    return text.isupper() and any(len(word) > 3 for word in text.split())


def calmed(text: str) -> str:
    """Capitals only at the start of words."""
    return " ".join(word[:1] + word[1:].lower() for word in text.split(" "))


def usual(written: Iterable[str]) -> dict[str, str]:
    """For each spelling that occurs, the one most often used for the same word; shouted ones lose."""
    counts = Counter(text for text in written if text)
    best: dict[str, str] = {}
    for text, _count in sorted(counts.items(), key=lambda one: (shouted(one[0]), -one[1], one[0])):
        best.setdefault(fold(text), text)
    return {text: best[fold(text)] for text in counts}


def name(written: str | None) -> str:
    """A name with its quotes, abbreviations and glued words put right."""
    tidy = value(written)
    tidy = re.sub(r'"{2,}', '"', tidy)
    tidy = re.sub(r"^Muz\.\s*", "Muzeum ", tidy)
    tidy = re.sub(r"(?<=[a-ząćęłńóśźż])\.(?=[A-ZĄĆĘŁŃÓŚŹŻ])", ". ", tidy)
    # PlamaSAK is "Plama SAK"; an abbreviation of two letters inside a word may be meant.
    return re.sub(r"(?<=[a-ząćęłńóśźż])(?=[A-ZĄĆĘŁŃÓŚŹŻ]{3,}$)", " ", tidy)
