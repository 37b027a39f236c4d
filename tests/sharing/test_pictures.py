"""Photos from outside: what is taken is re-encoded, what is hostile is refused with a sentence."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from PIL import ExifTags, Image

from sharing.errors import PhotoRefused
from sharing.pictures import LARGEST_BYTES, WIDTHS, re_encoded

from .factories import picture


def png_header(width: int, height: int, *, body: bytes = b"") -> bytes:
    """A PNG that says how large it is, and little else."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + body + chunk(b"IEND", b"")


def animated(kind: str) -> bytes:
    target = io.BytesIO()
    frames = [Image.new("RGB", (64, 64), colour) for colour in ("red", "blue")]
    frames[0].save(target, kind, save_all=True, append_images=frames[1:], duration=100)
    return target.getvalue()


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_three_webp_widths(kind: str) -> None:
    made = re_encoded(picture(2000, 1000, kind))
    assert [opened(made.files[width]).size for width in WIDTHS] == [
        (320, 160),
        (800, 400),
        (1600, 800),
    ]
    assert {opened(data).format for data in made.files.values()} == {"WEBP"}
    assert (made.width, made.height) == (1600, 800)


def test_a_small_picture_is_not_blown_up() -> None:
    made = re_encoded(picture(500, 400))
    assert [opened(made.files[width]).size for width in WIDTHS] == [
        (320, 256),
        (500, 400),
        (500, 400),
    ]


def test_turned_upright_and_nothing_of_the_camera_is_left() -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    exif[ExifTags.Base.Make] = "CanaryCamera"
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude] = (51.0, 6.0, 36.0)
    data = picture(640, 480, "JPEG", exif=exif, comment=b"CanaryComment")
    assert b"CanaryCamera" in data
    made = re_encoded(data)
    largest = opened(made.files[1600])
    assert (made.width, made.height) == largest.size == (480, 640)
    assert dict(largest.getexif()) == {}
    for content in made.files.values():
        assert b"Canary" not in content
        assert b"EXIF" not in content
        assert "exif" not in opened(content).info
    # Orientation 6: what was at the left is at the top.
    red, _green, blue = largest.convert("RGB").getpixel((240, 50))  # type: ignore[misc]
    assert red > blue


def test_transparency_stays_and_odd_modes_are_taken() -> None:
    assert opened(re_encoded(picture(400, 300, "PNG", mode="RGBA")).files[320]).size == (320, 240)
    for mode in ("P", "1", "L", "I;16"):
        target = io.BytesIO()
        Image.new("L", (400, 300), 128).convert(mode).save(target, "PNG")
        assert re_encoded(target.getvalue()).width == 400
    cmyk = io.BytesIO()
    Image.new("CMYK", (400, 300)).save(cmyk, "JPEG")
    assert re_encoded(cmyk.getvalue()).width == 400


def test_large_but_allowed() -> None:
    assert re_encoded(picture(7000, 5000, "PNG")).width == 1600


SVG = (
    b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
)

HOSTILE = {
    "bomb": (png_header(50_000, 50_000), "photo_too_many_pixels"),
    "50 megapixels": (png_header(10_000, 5_000), "photo_too_many_pixels"),
    "very long": (png_header(40_000, 40), "photo_too_many_pixels"),
    "svg as png": (SVG, "photo_format"),
    "html as png": (b"<!doctype html><script>alert(1)</script>", "photo_format"),
    "gif": (picture(64, 64, "GIF"), "photo_format"),
    "tiff": (picture(64, 64, "TIFF"), "photo_format"),
    "empty": (b"", "photo_format"),
    "zip": (b"PK\x03\x04" + b"\x00" * 100, "photo_format"),
    "riff, not webp": (b"RIFF\x00\x00\x00\x00WAVEfmt ", "photo_format"),
    "jpeg cut off": (picture()[:3000], "photo_damaged"),
    "png cut off": (picture(kind="PNG")[:200], "photo_damaged"),
    "png without data": (png_header(640, 480), "photo_damaged"),
    "jpeg beginning only": (b"\xff\xd8\xff\xe0" + b"<svg onload=alert(1)>" * 40, "photo_damaged"),
    "webp beginning only": (b"RIFF\xff\xff\x00\x00WEBPVP8 " + b"\x00" * 64, "photo_damaged"),
    "apng": (animated("PNG"), "photo_animated"),
    "moving webp": (animated("WEBP"), "photo_animated"),
    "too many bytes": (picture() + b"\x00" * LARGEST_BYTES, "photo_too_large"),
    "too small": (picture(20, 20), "photo_too_small"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_refused(name: str) -> None:
    data, code = HOSTILE[name]
    with pytest.raises(PhotoRefused) as refused:
        re_encoded(data)
    assert refused.value.code == code
    assert str(refused.value.errors["photo"][0])


def test_what_hides_behind_a_picture_is_gone() -> None:
    made = re_encoded(picture() + b"<script>canary()</script>PK\x03\x04canary")
    assert all(b"canary" not in content for content in made.files.values())


def test_a_text_bomb_in_a_png_is_refused_or_dropped() -> None:
    text = zlib.compress(b"A" * 80_000_000)
    data = b"canary\x00\x00" + text
    chunk = (
        struct.pack(">I", len(data))
        + b"zTXt"
        + data
        + struct.pack(">I", zlib.crc32(b"zTXt" + data))
    )
    good = picture(kind="PNG")
    with pytest.raises(PhotoRefused):
        re_encoded(good[:33] + chunk + good[33:])
