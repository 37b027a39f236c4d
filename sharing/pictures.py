"""A photo from outside, made ours: told by its content, measured from its header, re-encoded without metadata.

Pure: bytes in, bytes out. Nothing of the file that came is stored.
"""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageFile, ImageOps, UnidentifiedImageError

from .errors import PhotoRefused

LARGEST_BYTES = 12 * 1024 * 1024
LARGEST_PIXELS = 40_000_000
LONGEST_EDGE = 16_000
SMALLEST_EDGE = 32
WIDTHS = (320, 800, 1600)

ImageFile.LOAD_TRUNCATED_IMAGES = False
_BEGINNINGS = ((b"\xff\xd8\xff", "JPEG"), (b"\x89PNG\r\n\x1a\n", "PNG"), (b"RIFF", "WEBP"))


@dataclass(frozen=True, slots=True)
class Picture:
    """A photo ready to be stored: `files` by width in pixels as WebP; `width`, `height` of the largest."""

    files: dict[int, bytes]
    width: int
    height: int


def re_encoded(data: bytes) -> Picture:
    """`data` as three WebP sizes, upright, without metadata. Raises `PhotoRefused`."""
    if len(data) > LARGEST_BYTES:
        raise PhotoRefused(
            "photo_too_large", _("This file is larger than 12 MB. Please send a smaller one.")
        )
    kind = _kind(data)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=[kind]) as image:
                _measured(image)
                return _sizes(image)
    except PhotoRefused:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_many_pixels() from None
    except (
        UnidentifiedImageError,
        OSError,
        SyntaxError,
        ValueError,
        EOFError,
        IndexError,
        MemoryError,
    ):
        raise PhotoRefused(
            "photo_damaged",
            _("This file is damaged or was cut off on its way. Please send it again."),
        ) from None


def _kind(data: bytes) -> str:
    for beginning, kind in _BEGINNINGS:
        if data.startswith(beginning) and (kind != "WEBP" or data[8:12] == b"WEBP"):
            return kind
    raise PhotoRefused(
        "photo_format",
        _(
            "This is not a photo in JPEG, PNG or WebP, whatever its name says. Please send one of these."
        ),
    )


def _measured(image: Image.Image) -> None:
    """Refuses from the header, before anything is decoded."""
    width, height = image.size
    if width * height > LARGEST_PIXELS or max(width, height) > LONGEST_EDGE:
        raise _too_many_pixels()
    if min(width, height) < SMALLEST_EDGE:
        raise PhotoRefused("photo_too_small", _("This picture is too small to be seen."))
    if getattr(image, "is_animated", False):
        raise PhotoRefused(
            "photo_animated", _("Moving pictures are not taken. Please send a still one.")
        )


def _too_many_pixels() -> PhotoRefused:
    return PhotoRefused(
        "photo_too_many_pixels",
        _("This picture has more than 40 megapixels. Please send a smaller one."),
    )


def _sizes(image: Image.Image) -> Picture:
    if image.format == "JPEG":
        image.draft("RGB", (2 * WIDTHS[-1], 2 * WIDTHS[-1]))
    image.load()
    ImageOps.exif_transpose(image, in_place=True)
    has_alpha = image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info
    small: Image.Image = image
    # Forty megapixels are made small before they are copied: a web process stays small too.
    shrink = image.width // (2 * WIDTHS[-1])
    if shrink > 1 and image.mode in {"L", "LA", "RGB", "RGBA", "CMYK"}:
        small = image.reduce(shrink)
    plain = small.convert("RGBA" if has_alpha else "RGB")
    plain.info = {}
    files: dict[int, bytes] = {}
    largest = plain
    for width in WIDTHS:
        sized = plain
        if plain.width > width:
            height = max(1, round(plain.height * width / plain.width))
            sized = plain.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=3.0)
        target = io.BytesIO()
        sized.save(target, "WEBP", quality=80, method=3, exif=b"", xmp=b"", icc_profile=b"")
        files[width] = target.getvalue()
        largest = sized
    return Picture(files, largest.width, largest.height)
