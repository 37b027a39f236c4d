"""Where an institution is: street, house number, and coordinates of the national grid made WGS 84. Pure."""

from __future__ import annotations

import re
from functools import cache

from pyproj import Transformer

from .remarks import Remarks
from .spelling import calmed, shouted, value

# EPSG:2177 (ETRS89 / Poland CS2000 zone 6): metres; the easting begins with the number of its zone.
_EASTINGS = (6_330_000.0, 6_670_000.0)
_NORTHINGS = (5_400_000.0, 6_100_000.0)


def address(street: str, number: str, flat: str, remarks: Remarks) -> str:
    """Street and house number in one line; a flat that repeats the number is dropped."""
    if shouted(street):
        remarks.changed("ulica", street, calmed(street))
        street = calmed(street)
    house = value(number).strip(" ,")
    flat = value(flat)
    if flat and house:
        parts = {part for part in re.split(r"[/,\s]+", house) if part}
        if flat == house or flat in parts or (flat.isalpha() and house.endswith(flat)):
            remarks.cleaned.append(f"numer_lok: {flat!r} repeats the house number {house!r}")
        elif len(flat) == 1 and flat.isalpha() and house[-1].isdigit():
            remarks.unsure.append(
                f"numer_lok: {flat!r} was read as part of the number: {house}{flat}"
            )
            house += flat
        else:
            house = f"{house} lok. {flat}"
    return f"{street} {house}".strip()


def coordinates(x: str, y: str, remarks: Remarks) -> tuple[float, float] | None:
    """Latitude and longitude in degrees, six decimals (0.1 m), from easting `x` and northing `y` in EPSG:2177."""
    if not value(x) and not value(y):
        return None
    east, north = _metres(x), _metres(y)
    if east is None or north is None:
        remarks.refused.append(f"coordinates: {x!r}, {y!r} are not two numbers")
        return None
    if _inside(north, east):
        remarks.cleaned.append("coordinates: x and y were exchanged")
        east, north = north, east
    if not _inside(east, north):
        remarks.refused.append(f"coordinates: {x!r}, {y!r} lie outside of EPSG:2177, zone 6")
        return None
    longitude, latitude = _to_degrees().transform(east, north)
    return round(latitude, 6), round(longitude, 6)


def _inside(east: float, north: float) -> bool:
    return _EASTINGS[0] <= east <= _EASTINGS[1] and _NORTHINGS[0] <= north <= _NORTHINGS[1]


def _metres(written: str) -> float | None:
    plain = re.sub(r"\s", "", written).replace(",", ".")
    return float(plain) if re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,12})?", plain) else None


@cache
def _to_degrees() -> Transformer:
    return Transformer.from_crs("EPSG:2177", "EPSG:4326", always_xy=True)
