"""An institution as others read it, and as its form shows it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _

from cooperative.institutions.accessibility import FACTS, NOTE
from cooperative.institutions.models import Institution, InstitutionKind
from frontend.components import Category, Fact, Photo, ResourceCard
from frontend.forms.institution import PLAIN, AddressForm
from sharing.models import Resource
from sharing.queries.hours import WeekRow
from sharing.queries.texts import text_for

from .lines import language
from .listing import category_name


def facts_of(house: Institution) -> tuple[Fact, ...]:
    town = " ".join(word for word in (house.postal_code, house.city) if word)
    access = [str(label) for code, label in FACTS.items() if house.accessibility.get(code) == "yes"]
    without = [str(label) for code, label in FACTS.items() if house.accessibility.get(code) == "no"]
    rows = [
        (_("Kind"), str(InstitutionKind(house.kind).label), "building-office-2"),
        (
            _("Address"),
            ", ".join(word for word in (house.street, town, house.district) if word),
            "map-pin",
        ),
        (_("E-mail"), house.contact_email, "envelope"),
        (_("Phone"), house.contact_phone, "phone"),
        (_("Web page"), house.website, "globe-alt"),
        (_("Access"), ", ".join(access), "check"),
        (_("Not there"), ", ".join(without), "x-mark"),
        (_("More on access"), str(house.accessibility.get(NOTE, "")), ""),
    ]
    return tuple(Fact(term=term, detail=detail, icon=icon) for term, detail, icon in rows if detail)


def hours_of(rows: Sequence[WeekRow]) -> tuple[Fact, ...]:
    """Seven days, where any hours are said at all."""
    if not any(row.times for row in rows):
        return ()
    return tuple(
        Fact(
            term=str(WEEKDAYS[row.weekday]),
            detail=", ".join(f"{opens}–{closes}" for opens, closes in row.times) or _("closed"),
        )
        for row in rows
    )


def things_of(resources: Sequence[Resource]) -> tuple[ResourceCard, ...]:
    return tuple(_card(one) for one in resources)


def _card(resource: Resource) -> ResourceCard:
    text = text_for(resource.texts.all(), language())
    photo = next(iter(resource.photos.all()), None)
    hue = resource.category.hue or resource.category.code
    return ResourceCard(
        title=text.title,
        url=reverse("frontend:resource", args=[resource.uid]),
        owner=str(resource.owner),
        category=Category(code=hue, label=category_name(resource.category)),
        place=resource.place,
        summary=text.summary,
        language=text.language if text.foreign else "",
        photo=Photo(
            url=reverse("frontend:photo", args=[photo.uid, 800]),
            alt=photo.alternative_text,
            width=800,
            height=max(round(800 * photo.height / photo.width), 1),
        )
        if photo is not None
        else None,
    )


def initial_of(house: Institution) -> dict[str, Any]:
    plain = (*AddressForm.base_fields, *PLAIN, "region", "version")
    return {
        **{name: getattr(house, name) for name in plain},
        **{f"access_{code}": house.accessibility.get(code, "") for code in FACTS},
        "access_note": house.accessibility.get(NOTE, ""),
    }
