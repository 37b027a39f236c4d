"""A typed line letter by letter: plain letters to look for words in, and what has been understood of it so far.

Everything here keeps the number of letters, so that a place in the plain text is a place in the typed one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field

LONGEST = 300
TAKEN = "\x1f"
_SAME = str.maketrans({"’": "'", "ʼ": "'", "–": "-", "—": "-", "−": "-", "×": "x", "\u00a0": " "})
_ONE_PIECE = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ß": "s"})


def plain(text: str) -> str:
    """Lower case without accents, as long as `text`; dashes, apostrophes and spaces of one kind each."""
    return "".join(_letter(sign) for sign in text.translate(_SAME))


def _letter(sign: str) -> str:
    low = sign.lower().translate(_ONE_PIECE)
    if len(low) != 1:
        return sign
    bare = unicodedata.normalize("NFKD", low)
    first = bare[0]
    kept = len(bare) > 1 and all(unicodedata.combining(one) for one in bare[1:])
    return first if kept else low


@dataclass(frozen=True, slots=True)
class Piece:
    """Something that was understood: `what` it is, and the words it was read from."""

    what: str
    text: str


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something that could be meant in several ways: a stable code, the words, and what they might name (keys)."""

    code: str
    text: str
    choices: tuple[str, ...] = ()


@dataclass(slots=True)
class Typed:
    """The line as it is read: `left` is its plain text, in which all that was understood is blotted out."""

    text: str
    left: str
    pieces: list[Piece] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)

    @classmethod
    def of(cls, text: str) -> Typed:
        """At most `LONGEST` letters are read; what is no letter (line ends, control characters) is a space."""
        tidy = "".join(
            " " if unicodedata.category(sign)[0] in "CZ" else sign
            for sign in unicodedata.normalize("NFC", text[:LONGEST])
        )[:LONGEST]
        return cls(tidy, plain(tidy))

    def take(self, start: int, end: int, what: str) -> None:
        """Understood: it is no part of the title."""
        self.pieces.append(Piece(what, self.text[start:end].strip(" ,;")))
        self.left = self.left[:start] + TAKEN * (end - start) + self.left[end:]

    def find(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        return pattern.search(self.left)

    def take_first(self, pattern: re.Pattern[str], what: str) -> re.Match[str] | None:
        found = self.find(pattern)
        if found is not None:
            self.take(found.start(), found.end(), what)
        return found

    def doubt(self, code: str, text: str, choices: tuple[str, ...] = ()) -> None:
        self.doubts.append(Doubt(code, text.strip(" ,;"), choices))

    def runs(self) -> Iterator[tuple[int, int]]:
        """Stretches that nobody has understood yet."""
        for found in re.finditer(f"[^{TAKEN}]+", self.left):
            yield found.span()


def one_of(words: str) -> str:
    """A part of a pattern that finds any of `words`, divided by spaces; an underscore stands for a space."""
    parts = sorted((plain(word) for word in words.split()), key=len, reverse=True)
    return "(?:" + "|".join(part.replace("_", r"\s+") for part in parts) + ")"
