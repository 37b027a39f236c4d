"""What members wrote, in the reader's language or, marked, in the original."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from cooperative.text import LANGUAGES


class Written(Protocol):
    """A text in one language: a `ResourceText` or the like."""

    language: str
    title: str
    summary: str
    body: str
    is_original: bool


@dataclass(frozen=True, slots=True)
class ShownText:
    """A text as shown. `language` is its own; `foreign` when that is not the reader's: the page marks it."""

    title: str
    summary: str
    body: str
    language: str
    foreign: bool


NOTHING = ShownText("", "", "", "", False)


def text_for(texts: Iterable[Written], language: str) -> ShownText:
    """The text in `language`, else the original, else any; `NOTHING` where none is written."""
    found = {text.language: text for text in texts}
    text = found.get(language) or next((t for t in found.values() if t.is_original), None)
    text = text or next((found[code] for code in LANGUAGES if code in found), None)
    if text is None:
        return NOTHING
    return ShownText(text.title, text.summary, text.body, text.language, text.language != language)


def shipped(names: Mapping[str, Any], language: str) -> str:
    """A shipped text `{pl, en, de, uk}` in `language`, else in English, else in Polish."""
    return str(names.get(language) or names.get("en") or names.get("pl") or "")


def titles(texts: Iterable[Written]) -> dict[str, str]:
    """Titles by language, as frozen on a line; the original under `""` too."""
    found: dict[str, str] = {}
    for text in texts:
        found[text.language] = text.title
        if text.is_original:
            found[""] = text.title
    return found
