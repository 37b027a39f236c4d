"""My request as its page shows it: each thing with the engine's answer to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext as _

from bookings.queries.answers import Answers
from bookings.queries.overview import WholeBooking
from bookings.reasons import Alternative
from bookings.services.request.checking import Check
from bookings.spans import Span
from bookings.states import UNANSWERED
from frontend.components import OptionItem, ReasonItem
from frontend.presenters.expected import expected_words
from frontend.presenters.reader import Reader
from frontend.presenters.refusal import option_items, reason_items
from frontend.presenters.texts import counted, line_title


@dataclass(frozen=True, slots=True)
class RequestedThing:
    """One thing of the request; `good` says what would become of it, else `reasons` why not."""

    uid: UUID
    title: str
    url: str
    owner: str
    when: str
    units: int
    counted: bool
    good: str
    reasons: tuple[ReasonItem, ...]
    options: tuple[OptionItem, ...]
    expected: str
    """How soon its owner answers."""
    wrong_units: Any = None


@dataclass(frozen=True, slots=True)
class RequestPage:
    things: tuple[RequestedThing, ...]
    zone: str
    possible: bool
    partly: bool
    waivable: bool
    gone: bool
    owners: int


def present(
    whole: WholeBooking,
    check: Check | None,
    *,
    reader: Reader,
    zone: ZoneInfo,
    wrong_units: Mapping[UUID, Any],
    expected: Mapping[int, Answers],
) -> RequestPage:
    """`expected` = how soon owners answer, by resource id."""
    things = tuple(
        _thing(whole, index, check, reader, wrong_units=wrong_units, expected=expected)
        for index in range(len(whole.lines))
    )
    foreign = {line.zone for line in whole.lines} - {reader.clock.zone.key}
    refused = [thing for thing in things if thing.reasons]
    return RequestPage(
        things=things,
        zone=zone.key.rpartition("/")[2].replace("_", " ") if foreign else "",
        possible=check is not None and check.possible,
        partly=0 < len(refused) < len(things),
        waivable=check is not None and check.waivable,
        gone=check is None,
        owners=len({line.lender_id for line in whole.lines}),
    )


def _thing(
    whole: WholeBooking,
    index: int,
    check: Check | None,
    reader: Reader,
    *,
    wrong_units: Mapping[UUID, Any],
    expected: Mapping[int, Answers],
) -> RequestedThing:
    line = whole.lines[index]
    zone = ZoneInfo(line.zone)
    title = line_title(line, reader.language)
    reasons = [one for one in check.reasons if one.line == index] if check else []
    options = [one for one in check.alternatives if one.line == index] if check else []
    proposed = next((one for one in check.proposed if one.index == index), None) if check else None
    return RequestedThing(
        uid=line.uid,
        title=title,
        url=reverse("frontend:resource", args=[line.resource.uid]),
        owner=str(line.lender),
        when=reader.clock.span(Span(line.use_starts_at, line.use_ends_at), zone),
        units=line.units,
        counted=counted(line.resource),
        good=_good(proposed.state or "") if proposed is not None and not reasons else "",
        reasons=reason_items(reasons, reader=reader, zone=zone),
        options=_replacing(options, line.uid, reader, fetched=line.handover != "none", mine=title),
        expected=expected_words(expected.get(line.resource_id), reader.clock.today(zone))
        if proposed is not None and proposed.state in UNANSWERED
        else "",
        wrong_units=wrong_units.get(line.uid),
    )


def _replacing(
    options: list[Alternative], line: UUID, reader: Reader, *, fetched: bool, mine: str
) -> tuple[OptionItem, ...]:
    """Options that one click puts in the place of a line; the others fill the panel of a thing."""
    return option_items(
        options, reader=reader, fetched=fetched, typed={}, mine=mine, instead_of=line
    )


def _good(state: str) -> str:
    return {
        "confirmed": _("Free. Confirmed at once."),
        "accepted": _("Free. Agreed at once, confirmed with the rest."),
        "held": _("Free. Reserved for you while its owner answers."),
    }.get(state, _("Free. Its owner chooses among the requests."))
