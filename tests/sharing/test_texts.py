"""A reader sees their own language, or the original, marked."""

from __future__ import annotations

from sharing.models import ResourceText
from sharing.queries.texts import NOTHING, shipped, text_for, titles

PL = ResourceText(language="pl", title="Sala")
EN = ResourceText(language="en", title="Room", is_original=True)


def test_own_language_then_original() -> None:
    assert (text_for([PL, EN], "pl").title, text_for([PL, EN], "pl").foreign) == ("Sala", False)
    shown = text_for([PL, EN], "uk")
    assert (shown.title, shown.language, shown.foreign) == ("Room", "en", True)
    assert text_for([PL], "de").title == "Sala"
    assert text_for([], "pl") == NOTHING


def test_shipped_words_and_frozen_titles() -> None:
    assert shipped({"pl": "Sala", "en": "Room"}, "uk") == "Room"
    assert shipped({"pl": "Sala"}, "en") == "Sala"
    assert titles([PL, EN]) == {"pl": "Sala", "en": "Room", "": "Room"}
