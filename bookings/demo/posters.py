"""Pictures for the demo: plain geometric posters in the hue of the category, drawn by us from a seed."""

from __future__ import annotations

import io
from random import Random

from PIL import Image, ImageDraw

HUES = {
    "spaces": (63, 111, 181),
    "equipment": (166, 106, 20),
    "products": (156, 74, 139),
    "people": (45, 125, 107),
    "places": (106, 122, 31),
    "transport": (138, 90, 68),
    "knowhow": (107, 91, 176),
    "give": (176, 74, 58),
    "other": (99, 103, 111),
}
PAPER = (246, 242, 233)
INK = (28, 28, 32)
SIZE = (960, 640)

Colour = tuple[int, int, int]


def poster(root: str, seed: str) -> bytes:
    """A PNG of 960 × 640; the same for the same seed."""
    chance = Random(f"{root}/{seed}")  # noqa: S311 - a drawing, nothing secret
    hue = HUES[root]
    tones = [hue, _mix(hue, PAPER, 0.35), _mix(hue, PAPER, 0.65), _mix(hue, INK, 0.35)]
    image = Image.new("RGB", SIZE, _mix(hue, PAPER, 0.85))
    pen = ImageDraw.Draw(image)
    width, height = SIZE
    floor = chance.randrange(380, 470)
    pen.rectangle((0, floor, width, height), fill=tones[2])
    # Three platforms, one on another: the mark of the house, each time differently.
    left, step = chance.randrange(90, 260), chance.randrange(44, 70)
    length = chance.randrange(420, 600)
    for level in range(3):
        top = floor - (level + 1) * step
        pen.rectangle((left, top, left + length, top + step - 6), fill=tones[(level + 1) % 4])
        left += chance.randrange(30, 90)
        length -= chance.randrange(100, 150)
    for _ in range(chance.randrange(3, 6)):
        x, y = chance.randrange(40, width - 160), chance.randrange(30, floor - 180)
        size, tone = chance.randrange(40, 130), chance.choice(tones)
        match chance.randrange(3):
            case 0:
                pen.ellipse((x, y, x + size, y + size), fill=tone)
            case 1:
                pen.polygon([(x, y + size), (x + size // 2, y), (x + size, y + size)], fill=tone)
            case _:
                pen.rectangle((x, y, x + size, y + size // 3), fill=tone)
    for n in range(7):
        pen.line((0, floor + 24 + n * 26, width, floor + 24 + n * 26), fill=tones[1], width=2)
    target = io.BytesIO()
    image.save(target, "PNG", compress_level=1)
    return target.getvalue()


def _mix(one: Colour, other: Colour, share: float) -> Colour:
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue
