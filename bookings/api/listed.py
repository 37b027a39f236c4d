"""How resources and their availability are shown."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import get_language

from bookings.queries.availability import Availability
from cooperative.access.viewer import Viewer
from cooperative.api.serializers import institution_brief
from sharing.models import Resource, SharingTerms
from sharing.queries.terms import terms_for, terms_sentence
from sharing.queries.texts import shipped, text_for

from .shown import instant


def reader_language() -> str:
    return (get_language() or "pl")[:2]


def resource_brief(resource: Resource, *, free_units: int | None = None) -> dict[str, Any]:
    """In a list; texts, owner and category must have been read along."""
    language = reader_language()
    text = text_for(resource.texts.all(), language)
    owner = resource.owner
    shown: dict[str, Any] = {
        "id": resource.uid,
        "title": text.title,
        "summary": text.summary,
        "language": text.language,
        "category": {
            "code": resource.category.code,
            "name": shipped(resource.category.name, language),
        },
        "owner": institution_brief(owner),
        "kind": resource.kind,
        "units": resource.units,
        "state": resource.state,
        "place": resource.place,
        "city": owner.city,
        "latitude": resource.latitude if resource.latitude is not None else owner.latitude,
        "longitude": resource.longitude if resource.longitude is not None else owner.longitude,
        "time_zone": resource.time_zone,
        "attributes": resource.attributes,
        "handover": resource.handover,
    }
    if free_units is not None:
        shown["free_units"] = free_units
    return shown


def resource_shown(
    resource: Resource, terms: Iterable[SharingTerms], viewer: Viewer
) -> dict[str, Any]:
    """The whole of it, with the terms that hold today for whom the viewer acts."""
    language = reader_language()
    today = viewer.now.astimezone(ZoneInfo(resource.time_zone)).date()
    mine = terms_for(terms, viewer=viewer, day=today)
    return {
        **resource_brief(resource),
        "body": text_for(resource.texts.all(), language).body,
        "texts": [
            {
                "language": text.language,
                "title": text.title,
                "summary": text.summary,
                "body": text.body,
                "is_original": text.is_original,
            }
            for text in resource.texts.all()
        ],
        "photos": [
            {
                "id": photo.uid,
                "alternative_text": photo.alternative_text,
                "width": photo.width,
                "height": photo.height,
            }
            for photo in resource.photos.all()
        ],
        "turnover_minutes": resource.turnover_minutes,
        "belongings": resource.belongings,
        "rider": resource.rider,
        "needs_from_asker": resource.needs_from_asker,
        "terms": _terms(mine, resource, language) if mine is not None else None,
    }


def _terms(terms: SharingTerms, resource: Resource, language: str) -> dict[str, Any]:
    amount = terms.fee_amount
    return {
        "sentence": terms_sentence(terms, language=language, answering=resource.answering),
        "may_ask": terms.may_ask,
        "at_once": terms.at_once,
        "ask_anyway": terms.ask_anyway,
        "fee_kind": terms.fee_kind,
        "fee_amount": str(amount) if amount is not None else None,
        "fee_currency": terms.fee_currency,
        "fee_unit": terms.fee_unit,
        "notice_minutes": terms.notice_minutes,
        "horizon_days": terms.horizon_days,
        "shortest_minutes": terms.shortest_minutes,
        "longest_minutes": terms.longest_minutes,
        "step_minutes": terms.step_minutes,
        "conditions": terms.conditions,
    }


def availability_shown(found: Availability, zone: str) -> dict[str, Any]:
    """Spans in the owner's wall clock."""
    return {
        "open": [
            {"starts_at": instant(span.start, zone), "ends_at": instant(span.end, zone)}
            for span in found.open
        ],
        "free": [
            {
                "starts_at": instant(free.span.start, zone),
                "ends_at": instant(free.span.end, zone),
                "units": free.units,
            }
            for free in found.free
        ],
    }
