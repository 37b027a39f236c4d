"""The look keeps its promises: contrast, weight, and nothing from elsewhere."""

import gzip
import re
from importlib import resources
from pathlib import Path

import pytest

import frontend

HOUSE = Path(frontend.__file__).parent
SHEETS = HOUSE / "static" / "frontend"
TEXT_ON = [
    ("ink", "paper", 7.0),
    ("ink", "sheet", 7.0),
    ("ink", "sunk", 7.0),
    ("ink-2", "paper", 4.5),
    ("ink-2", "sheet", 4.5),
    ("ink-2", "sunk", 4.5),
    ("on-neon", "neon", 4.5),
    ("on-neon", "neon-lit", 4.5),
    ("on-stage", "stage", 7.0),
    ("on-stage-2", "stage", 4.5),
    *[(tone, f"{tone}-bg", 4.5) for tone in ("ok", "warn", "bad", "info")],
    ("bad", "sheet", 4.5),
    ("bad", "paper", 4.5),
    ("ink", "tile-free", 7.0),
    ("ink", "tile-asked", 4.5),
    ("ink", "tile-held", 4.5),
    ("ink", "tile-closed", 4.5),
    ("tile-taken-ink", "tile-taken", 4.5),
]
HUES = [
    "spaces",
    "equipment",
    "products",
    "people",
    "places",
    "transport",
    "knowhow",
    "give",
    "other",
]
SHAPE_ON = [
    ("edge", "paper"),
    ("edge", "sheet"),
    ("focus", "paper"),
    ("focus", "sheet"),
    ("tile-edge", "tile-free"),
    ("tile-taken", "tile-free"),
    ("tile-some", "tile-free"),
    ("tile-asked-dot", "tile-asked"),
    ("tile-held-bar", "tile-held"),
    ("tile-closed-bar", "tile-closed"),
    *[(f"hue-{name}", ground) for name in HUES for ground in ("paper", "sheet")],
]


def colours(scheme: str) -> dict[str, str]:
    """The custom properties that are colours, as the scheme sees them."""
    text = (SHEETS / "tokens.css").read_text()
    light, dark = text.split("prefers-color-scheme: dark", 1)
    found = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", light))
    return found | (
        dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", dark)) if scheme == "dark" else {}
    )


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    bright, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def test_contrast_is_measured_as_wcag_does() -> None:
    assert round(contrast("#000000", "#ffffff"), 1) == 21.0
    assert round(contrast("#777777", "#ffffff"), 2) == 4.48


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_can_be_read(scheme: str) -> None:
    named = colours(scheme)
    low = [
        (front, back, round(contrast(named[front], named[back]), 2))
        for front, back, least in TEXT_ON
        if contrast(named[front], named[back]) < least
    ]
    assert low == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_shapes_and_borders_can_be_seen(scheme: str) -> None:
    named = colours(scheme)
    low = [
        (front, back, round(contrast(named[front], named[back]), 2))
        for front, back in SHAPE_ON
        if contrast(named[front], named[back]) < 3
    ]
    assert low == []


def test_style_and_script_of_a_first_page_stay_light() -> None:
    sheets = sum(len(gzip.compress(p.read_bytes())) for p in SHEETS.glob("*.css"))
    scripts = sum(len(gzip.compress(p.read_bytes())) for p in (SHEETS / "js").glob("*.js"))
    htmx = resources.files("django_htmx") / "static" / "django_htmx" / "htmx-2.min.js"
    # What travels is compressed: 40 kB leave room for words and pictures in a first page of 100 kB.
    assert sheets + scripts + len(gzip.compress(htmx.read_bytes())) < 40_000
    # A page of the asker's side never loads the owner's sheet, nor the other way round.
    size = {p.name: p.stat().st_size for p in SHEETS.glob("*.css")}
    asker, owner, today = (size.pop(f"{name}.css") for name in ("asker", "owner", "today"))
    shared = sum(size.values())
    assert shared + max(asker, owner) < 52_000
    # Today has a sheet of its own, and no strips.
    assert shared - size["strip.css"] + owner + today < 52_000
    assert all(p.stat().st_size < 12_000 for p in (SHEETS / "js").glob("*.js"))


def test_nothing_is_fetched_from_elsewhere_and_nothing_is_styled_in_place() -> None:
    bad = []
    for path in [
        *HOUSE.rglob("templates/**/*.html"),
        *SHEETS.rglob("*.css"),
        *SHEETS.rglob("*.js"),
    ]:
        text = path.read_text().replace("http://www.w3.org/2000/svg", "")
        if re.search(r"https?://|url\(|@import|\sstyle=|<style|\son[a-z]+=|javascript:", text):
            bad.append(path.name)
        if re.search(r"<script(?![^>]*\bsrc=)", text):
            bad.append(path.name)
    assert bad == []


def test_there_is_a_class_for_every_span() -> None:
    text = (SHEETS / "strip.css").read_text()
    assert re.findall(r"\.s-(\d+)\{--s:(\d+)\}", text) == [(str(n), str(n)) for n in range(1, 201)]
