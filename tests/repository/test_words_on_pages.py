"""Words that people read are the field's, never the code's: pages, mails, refusals and what we ship, in every language.

Technical words may stand in code, in the API's names and in documents for those who build on it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import fields, is_dataclass
from html.parser import HTMLParser
from typing import Any

import pytest

from cooperative import translations
from sharing import catalogue, presets

ROOT = translations.ROOT

# What is never said, and what is said instead. A word stands for its forms that are listed, whole words only.
NEVER_ENGLISH = {
    "exclusive": "one at a time",
    "pooled": "pieces",
    "seated": "places per date",
    "metered": "hours a month",
    "line lines": "item, or the thing's name",
    "bundle bundles": "I need everything together",
    "claim claims claimed": "taken",
    "hold holds": "reserved until ...",
    "compete competes competing": "the owner chooses among requests",
    "instant instantly": "at once, without asking",
    "counter-offer counter-offers counteroffer": "proposal",
    "alternative alternatives": "what you can do instead",
    "scope scopes": "who may see and ask",
    "audience audiences": "who may see and ask",
    "policy policies": "who may see and ask, or how requests are answered",
    "keeper keepers": "who looks after things",
    "manager managers": "who runs the institution",
    "operator operators": "who coordinates the network",
    "lender lenders": "owner",
    "borrower borrowers": "who asks, the other side",
    "turnover turnovers": "time to clean and check",
    "resource resources": "its own name, or thing",
    "needs-board": "the board",
}
NEVER_POLISH = {
    "pula puli": "sztuki",
    "linia linii linie": "pozycja",
    "roszczenie roszczenia roszczeń": "zajęte",
    "kontroferta kontroferty kontrofertę kontrpropozycja": "propozycja zmiany",
    "alternatywa alternatywy alternatywę alternatyw": "co można zamiast",
    "menedżer menadżer menedżera menadżera": "osoba zarządzająca",
    "operatora operatorem operatorzy operatorów": "koordynator sieci",
    "pożyczkodawca pożyczkobiorca użyczający": "udostępnia, korzysta",
    "zasób zasobu zasobem zasobie zasoby zasobów zasobom zasobami zasobach": "its own name: sala, krzesła",
}
# Ordinary speech that only looks like one of the above.
ORDINARY = re.compile(
    r"second in line|(?:each|this|one) line\b(?! of)|w jednej linii|polityk\w+ prywatności",
    re.IGNORECASE,
)
_HOLE = re.compile(r"%\(\w+\)[sd]|%[sd%]|\{\w*\}|https?://\S+")
_CODE_NAME = re.compile(r"\b[a-z]+(?:_[a-z]+)+\b")
_TAG = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
_ELSEWHERE = re.compile(  # notes, what is a message already, the class of a page
    r"\{%\s*block body_class\s*%\}\w*(?=\{%)|"
    r"\{%\s*comment\b.*?endcomment\s*%\}|\{%\s*blocktrans(?:late)?\b.*?endblocktrans(?:late)?\s*%\}",
    re.DOTALL,
)
NAMES = {"API", "CSV", "ICS", "Podest", "XLSX"}
CHOSEN_TAG = ROOT / "frontend/templates/allauth/elements/button.html"
"""Its tag is chosen in the middle of it: no parser of HTML reads that."""
_READ_ALOUD = {"title", "placeholder", "alt", "aria-label", "aria-description", "value", "label"}


def _words(listed: dict[str, str]) -> re.Pattern[str]:
    forms = sorted((form for forms in listed for form in forms.split()), key=len, reverse=True)
    return re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, forms))})(?![\w-])", re.IGNORECASE)


ENGLISH, POLISH = _words(NEVER_ENGLISH), _words(NEVER_POLISH)


def technical(text: str, *patterns: re.Pattern[str]) -> list[str]:
    """The technical words that somebody would read in `text`."""
    read = ORDINARY.sub(" ", _HOLE.sub(" ", text))
    found = [match.group().lower() for pattern in patterns for match in pattern.finditer(read)]
    return [*found, *_CODE_NAME.findall(read)]


class _Reader(HTMLParser):
    """Gathers what a template says by itself: text between tags, and attributes that are read aloud."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in {"script", "style"}
        kind = dict(attrs).get("type")
        for name, value in attrs:
            if name in _READ_ALOUD and value and (name != "value" or kind in {"submit", "button"}):
                self.said.append(value)

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in {"script", "style"}

    def handle_data(self, data: str) -> None:
        if not self._silent and data.strip():
            self.said.append(data.strip())


def said_by(template: str) -> list[str]:
    """What a template says outside its tags, which are messages or values."""
    reader = _Reader()
    reader.feed(_TAG.sub(" ", _ELSEWHERE.sub(" ", template)))
    return reader.said


def _texts(message: Any) -> list[str]:
    return [message] if isinstance(message, str) else [text for text in message or () if text]


def _messages() -> Iterator[tuple[str, str]]:
    """(place, text) of every message of the code."""
    for message in translations.template_catalog():
        place = message.locations[0][0] if message.locations else "?"
        for text in _texts(message.id):
            yield place, text


def _shipped(value: Any) -> Iterator[str]:
    """The names in a table of what we ship: tuples of four texts, pl, en, de, uk."""
    if isinstance(value, list | tuple):
        if len(value) == 4 and all(isinstance(one, str) for one in value):
            yield from value
            return
        for one in value:
            yield from _shipped(one)
    elif is_dataclass(value):
        for one in fields(value):
            yield from _shipped(getattr(value, one.name))


def test_the_test_itself_sees() -> None:
    assert technical("The keeper of Line 3 holds it, see to_settle.", ENGLISH) == [
        "keeper",
        "line",
        "holds",
        "to_settle",
    ]
    assert technical("You can ask as second in line. One thing on each line.", ENGLISH) == []
    assert technical("Online, deadline, household, shareholders", ENGLISH) == []
    assert technical("%(resource)s is at https://example.org/lines", ENGLISH) == []
    assert technical("Wybierz zasób albo linię.", POLISH) == ["zasób"]
    page = '<p title="A {{ x }}" class="line">{% if line %}Said{# not #}{% endif %}</p><script>no</script>'
    assert said_by(page) == ["A  ", "Said"]


def _said(texts: Iterable[tuple[str, str]], *patterns: re.Pattern[str]) -> list[str]:
    """A sentence for each of `texts` (place, text) with technical words."""
    return [
        f"{place}: {text!r} says {', '.join(found)}"
        for place, text in texts
        if (found := technical(text, *patterns))
    ]


def test_messages_in_english() -> None:
    said = _said(_messages(), ENGLISH)
    assert said == [], "\n".join(said)


@pytest.mark.parametrize("language", translations.LANGUAGES)
def test_messages_in_translation(language: str) -> None:
    texts = (
        (language, text)
        for message in translations.load(language)
        if message.id
        for text in _texts(message.string)
    )
    said = _said(texts, ENGLISH, *((POLISH,) if language == "pl" else ()))
    assert said == [], "\n".join(said)


def test_templates_say_everything_in_messages() -> None:
    """So that all of it is translated and looked at above. The style guide's samples are nobody's page."""
    bare = [
        f"{path.relative_to(ROOT).as_posix()}: {text!r}"
        for path in translations.sources(ROOT)
        if path.suffix != ".py" and not path.name.startswith("styleguide") and path != CHOSEN_TAG
        for text in said_by(path.read_text(encoding="utf-8"))
        if set(re.findall(r"[^\W\d_]{2,}", text)) - NAMES
    ]
    assert bare == [], "\n".join(bare)


def test_what_we_ship_says_nothing_technical() -> None:
    shipped = [
        (module.__name__, text)
        for module in (catalogue, presets)
        for name, value in vars(module).items()
        if name.isupper()
        for text in _shipped(value)
    ]
    assert len(shipped) > 200
    said = _said(shipped, ENGLISH, POLISH)
    assert said == [], "\n".join(said)
