"""Words that are made of data: titles, categories, places, states of bookings and their parts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookings.models import Booking, Line
from bookings.states import BookingState, LineState
from cooperative.institutions.models import Institution
from frontend.components import Category, Photo, StateChip
from frontend.presenters.reader import Reader
from sharing.models import Category as CategoryRow
from sharing.models import Resource, ResourcePhoto
from sharing.queries.catalogue import Tree
from sharing.queries.texts import shipped


def title_of(titles: Mapping[str, str], language: str) -> str:
    """The frozen title in the reader's language, else the original."""
    first = titles.get(language) or titles.get("") or titles.get("pl") or titles.get("en")
    return first or next(iter(titles.values()), "")


def line_title(line: Line, language: str) -> str:
    """`Folding chairs`."""
    titles: Mapping[str, Any] = line.shown.get("titles", {})
    return title_of(titles, language)


def line_words(line: Line, language: str) -> str:
    """`Folding chairs, 80 pieces`."""
    title = line_title(line, language)
    return f"{title}, {units_words(line)}" if line.units > 1 else title


def pieces(count: int) -> str:
    return ngettext("%(count)s piece", "%(count)s pieces", count) % {"count": count}


def places(count: int) -> str:
    return ngettext("%(count)s place", "%(count)s places", count) % {"count": count}


def units_words(line: Line) -> str:
    """How many of it are asked for, as its kind counts."""
    return (places if line.shown.get("kind") == "seated" else pieces)(line.units)


def amount(resource: Resource) -> str:
    """How many there are, as its kind counts; empty for what is one."""
    count = resource.units
    if resource.kind == "seated":
        return ngettext("%(count)s place on each date", "%(count)s places on each date", count) % {
            "count": count
        }
    if resource.kind == "metered":
        return ngettext("%(count)s hour a month", "%(count)s hours a month", count) % {
            "count": count
        }
    return pieces(count) if resource.kind in {"pooled", "giveaway"} else ""


def counted(resource: Resource) -> bool:
    """Whether one request may be for several of it."""
    return resource.kind == "seated" or (
        resource.kind in {"pooled", "giveaway"} and resource.units > 1
    )


def things(lines: list[Line], language: str) -> str:
    """The titles of a few lines in a row, each thing once; of many the first two and how many more."""
    return " · ".join(in_short([line_words(line, language) for line in lines], most=3))


def in_short(names: Iterable[str], *, most: int) -> list[str]:
    """Each name once; of more than `most` the first ones and how many more."""
    found = list(dict.fromkeys(names))
    if len(found) <= most:
        return found
    left = len(found) - most + 1
    return [
        *found[: most - 1],
        ngettext("%(count)s more", "%(count)s more", left) % {"count": left},
    ]


def booking_title(booking: Booking, lines: list[Line], language: str) -> str:
    return booking.title or things(lines, language) or _("A request")


def borrower_of(booking: Booking) -> str:
    """The institution that asks, or the outside party that was written in."""
    return str(booking.borrower) if booking.borrower is not None else booking.outside_name


def line_chip(line: Line, reader: Reader, *, until: bool = True) -> StateChip:
    """The state of a line; a hold says until when, where `until` is not said beside it."""
    label = str(LineState(line.state).label)
    if until and line.state in {LineState.HELD, LineState.ACCEPTED} and line.expires_at is not None:
        label = f"{label} {reader.clock.until(line.expires_at)}"
    return StateChip(state=line.state, label=label)


def booking_chip(booking: Booking) -> StateChip:
    return StateChip(state=booking.state, label=str(BookingState(booking.state).label))


def category_of(row: CategoryRow, within: Tree, language: str) -> Category:
    """The word of the category, with the sign of its root."""
    return Category(code=within.root(row).code, label=shipped(row.name, language))


def place_of(institution: Institution) -> str:
    parts = (institution.district, institution.city)
    return ", ".join(part for part in parts if part)


def photo_of(photo: ResourcePhoto, title: str, *, width: int = 800) -> Photo:
    """`width` is one of the widths that photos are kept in."""
    shown = min(width, photo.width)
    height = round(photo.height * shown / photo.width)
    return Photo(
        url=reverse("frontend:photo", args=[photo.uid, width]),
        alt=photo.alternative_text or title,
        width=shown,
        height=height,
        full_url=reverse("frontend:photo", args=[photo.uid, 1600]),
    )


def resource_url(resource: Resource) -> str:
    return reverse("frontend:resource", args=[resource.uid])
