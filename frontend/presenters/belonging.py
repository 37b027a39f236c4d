"""What a thing is made of, what it is a part of, and what it comes with, in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.urls import reverse

from bookings.queries.composition import Belonging
from sharing.models import Resource
from sharing.queries.texts import text_for

from .lines import language
from .texts import pieces, title_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Belongs:
    """Another thing; `url` leads to its page, empty for what the reader cannot look up."""

    uid: str
    title: str
    url: str
    count: str
    units: int
    counted: bool


def of_kind(belongings: Iterable[Belonging], kind: str, *, own: bool = False) -> list[Belongs]:
    """Those of one kind, in order; `own` leads to the pages of who looks after them."""
    name = "frontend:thing-parts" if own else "frontend:resource"
    return [
        Belongs(
            uid=str(one.resource),
            title=title_of({**one.titles, "": one.titles.get(one.original, "")}, language()),
            url=reverse(name, args=[one.resource]) if one.seen else "",
            count=pieces(one.units) if one.counted or one.units > 1 else "",
            units=one.units,
            counted=one.counted,
        )
        for one in belongings
        if one.kind == kind
    ]


def own_things(things: Sequence[Resource], *, kinds: Iterable[str]) -> list[tuple[str, str]]:
    """Things of the house to choose from: public id and name, with how many there are of what is counted."""
    wanted = set(kinds)
    found = []
    for one in things:
        if one.kind in wanted and one.state not in {"suspended", "withdrawn"}:
            title = text_for(one.texts.all(), language()).title
            found.append((str(one.uid), f"{title} ({one.units})" if one.units > 1 else title))
    return found
