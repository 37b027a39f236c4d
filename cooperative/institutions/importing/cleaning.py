"""From rows of text to institutions as they are stored, each with what was cleaned, refused or doubtful. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from . import access, audiences, places, spelling
from .reading import RawRow
from .remarks import Remarks
from .umbrellas import Named, Roof, roofs

LONGEST_ID = 60
MADE = "umbrella:"
"""Ids of umbrellas that have no row of their own begin with this."""


@dataclass(slots=True)
class CleanHouse:
    """An institution ready to be written: `fields` for `register_institution`, `roof` = the id of its umbrella."""

    id: str
    line: int
    fields: dict[str, Any]
    roof: str = ""
    remarks: Remarks = field(default_factory=Remarks)

    @property
    def name(self) -> str:
        return str(self.fields["name"])


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row that cannot be an institution, and why."""

    id: str
    line: int
    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class CleanList:
    """Umbrellas come before their branches."""

    houses: tuple[CleanHouse, ...]
    refused: tuple[RefusedRow, ...]


def clean_list(rows: Sequence[RawRow], *, city: str, region: str = "") -> CleanList:
    """Clean all `rows` of one city; they are judged together, for spellings, doubles and umbrellas."""
    refused: list[RefusedRow] = []
    kept: list[RawRow] = []
    ids = Counter(spelling.value(row.values.get("id")) for row in rows)
    for row in rows:
        if reason := _why_not(row, ids):
            said = spelling.value(row.values.get("nazwa"))[:80]
            number = spelling.value(row.values.get("id"))[:LONGEST_ID]
            refused.append(RefusedRow(number, row.line, said, reason))
        else:
            kept.append(row)
    names = {id(row): _names(row) for row in kept}
    above = roofs([names[id(row)][0] for row in kept])
    districts = spelling.usual(spelling.value(row.values["dzielnica"]) for row in kept)
    streets = spelling.usual(spelling.value(row.values["ulica"]) for row in kept)
    same = {"city": city, "country": "PL", "region": region, "time_zone": "Europe/Warsaw"}
    houses = [
        _house(row, *names[id(row)], above, spellings=(districts, streets), same=same)
        for row in kept
    ]
    made = _made(above, houses, same)
    roofed = {house.roof for house in houses if house.roof}
    houses.sort(key=lambda house: house.id not in roofed)
    return CleanList((*made, *houses), tuple(refused))


def _why_not(row: RawRow, ids: Mapping[str, int]) -> str:
    """Why a row cannot be an institution; nothing where it can."""
    number = spelling.value(row.values.get("id"))
    checks = (
        (not any(spelling.value(text) for text in row.values.values()), "the row is empty"),
        (bool(row.broken), row.broken),
        (not number, "it has no id, so that a second import could not find it again"),
        (len(number) > LONGEST_ID or number.startswith(MADE), "its id cannot be used"),
        (ids[number] > 1, f"the id {number} stands there {ids[number]} times"),
        (not spelling.name(row.values.get("nazwa")), "it has no name"),
    )
    return next((reason for wrong, reason in checks if wrong), "")


def _names(row: RawRow) -> tuple[Named, Remarks]:
    remarks = Remarks()
    name = spelling.name(row.values["nazwa"])
    short = spelling.value(row.values["nazwa_skr"])
    remarks.changed("nazwa", row.values["nazwa"], name)
    remarks.changed("nazwa_skr", row.values["nazwa_skr"], short)
    return Named(spelling.value(row.values["id"]), name, short), remarks


def _house(
    row: RawRow,
    named: Named,
    remarks: Remarks,
    above: Mapping[str, Roof],
    *,
    spellings: tuple[Mapping[str, str], Mapping[str, str]],
    same: Mapping[str, str],
) -> CleanHouse:
    values = row.values
    districts, streets = spellings
    district = districts.get(spelling.value(values["dzielnica"]), "")
    remarks.changed("dzielnica", values["dzielnica"], district)
    written = spelling.value(values["ulica"])
    street = streets.get(written, "")
    remarks.changed("ulica", written, street)
    name, short, roof = _under(named, above.get(named.id), remarks)
    place = places.coordinates(values["x_epsg2177"], values["y_epsg2177"], remarks)
    _kind(spelling.value(values["rodzaj"]), remarks)
    if not any(spelling.value(values[name]) for name in ("adresat", "typ", "niepelnospr")):
        remarks.unsure.append("adresat, typ and niepelnospr say nothing; taken with what there is")
    wheelchair = spelling.value(values["niepelnospr"], words_for_nothing=False)
    fields: dict[str, Any] = {
        **same,
        "name": name,
        "short_name": "" if short == name else short,
        "kind": "municipal",
        "street": places.address(street, values["numer"], values["numer_lok"], remarks),
        "district": district,
        "audiences_served": audiences.served(spelling.value(values["adresat"]), remarks),
        "accessibility": access.facts(wheelchair, remarks),
        "about": spelling.value(values["uwagi"]),
        "latitude": place[0] if place else None,
        "longitude": place[1] if place else None,
    }
    return CleanHouse(named.id, row.line, fields, roof, remarks)


def _under(named: Named, roof: Roof | None, remarks: Remarks) -> tuple[str, str, str]:
    """Name, short name and umbrella id of a row."""
    if roof is None:
        return named.name, named.short, ""
    remarks.cleaned.append(f"umbrella: {roof.name!r}, as {roof.why}")
    if roof.id:
        return named.name, named.short, roof.id
    number = _made_id(roof.name)
    if roof.name == named.name:
        return f"{named.name} – {named.short}", named.short, number
    return named.name, "" if roof.name == named.short else named.short, number


def _made(
    above: Mapping[str, Roof], houses: Sequence[CleanHouse], same: Mapping[str, str]
) -> list[CleanHouse]:
    """The umbrellas that have no row: known by name alone."""
    made: dict[str, CleanHouse] = {}
    for roof in above.values():
        if roof.id or _made_id(roof.name) in made:
            continue
        number = _made_id(roof.name)
        branches = sum(house.roof == number for house in houses)
        house = CleanHouse(number, 0, {**same, "name": roof.name, "kind": "municipal"})
        house.remarks.unsure.append(f"made for {branches} branches, as {roof.why}")
        if roof.name.isupper():
            house.remarks.unsure.append("only its abbreviation is known: please give its name")
        made[number] = house
    return list(made.values())


def _made_id(name: str) -> str:
    slug = re.sub(r"[^a-z0-9]+", "-", spelling.fold(name)).strip("-")
    return (MADE + slug)[:LONGEST_ID]


def _kind(written: str, remarks: Remarks) -> None:
    """Public ones (p) are municipal here; what else the list means by its letters it does not say."""
    if written != "p":
        remarks.unsure.append(
            f"rodzaj: {written or 'nothing'!r} is not known; taken as a municipal institution"
        )
