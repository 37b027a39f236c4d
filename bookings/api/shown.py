"""How bookings, lines, reasons and options are shown. Times are in the owner's wall clock, with offset."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bookings.errors import BookingRefused, WouldHit
from bookings.models import Booking, Line, Offer
from bookings.on_the_day import DayContact, knows_askers_side
from bookings.permissions import allowed_actions, answers_open_to, not_answered
from bookings.queries.offers import open_offers, state_now
from bookings.queries.on_the_day import owners_on_the_day
from bookings.queries.series import WholeSeries
from bookings.queries.waiting import places
from bookings.reasons import Alternative, Piece, Reason
from bookings.recurrence import left_out_words
from bookings.services.request.checking import Check, Proposed
from bookings.services.request.stored import RefusedLine
from bookings.states import PERSONAL_ACTIONS
from bookings.why import why
from cooperative.access.querysets import SYSTEM
from cooperative.access.viewer import Viewer
from cooperative.api.problems import shows
from cooperative.errors import DomainError

from .answers import told_when, whom_to_ask
from .series import series_shown


@lru_cache(maxsize=256)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def instant(at: datetime | None, zone: str = "UTC") -> str | None:
    """RFC 3339, with the offset that `zone` has at that instant."""
    if at is None:
        return None
    shown = at.astimezone(UTC if zone == "UTC" else _zone(zone)).isoformat()
    return f"{shown[:-6]}Z" if shown.endswith("+00:00") and zone == "UTC" else shown


def title_of(titles: Mapping[str, str], original: str = "") -> str:
    """In the reader's language, else the original, else any."""
    language = (get_language() or "pl")[:2]
    return titles.get(language) or titles.get(original) or next(iter(titles.values()), "")


def reason_shown(reason: Reason) -> dict[str, Any]:
    """For the asker's eyes: what is for the owner alone stays out."""
    shown: dict[str, Any] = {
        "code": reason.code,
        "kind": reason.kind,
        "waivable": reason.waivable,
        "line": reason.line,
        "message": str(reason.message),
        "values": dict(reason.values),
    }
    if reason.on is not None:
        shown["date"] = reason.on.isoformat()
    if reason.relax:
        shown["relax"] = dict(reason.relax)
    return shown


def _option_message(kind: str) -> str:
    return {
        "other_time": _("The same, at another time"),
        "like_resource": _("Something like it, at your time"),
        "fewer_units": _("Fewer of them"),
        "split": _("From several owners together"),
        "second_in_line": _("As second in line"),
        "waiting_list": _("On the waiting list"),
    }[kind]


def alternative_shown(option: Alternative) -> dict[str, Any]:
    """Ready to be sent: the members from `resource` to `least_units` are those of a new line."""
    zone = option.zone
    dated = {"date": option.on.isoformat()} if option.on is not None else {}
    return {
        "kind": option.kind,
        "line": option.line,
        **dated,
        "message": _option_message(option.kind),
        "why": why(option),
        "title": title_of(option.titles),
        "owner": option.owner,
        "resource": option.resource,
        "starts_at": instant(option.starts_at, zone),
        "ends_at": instant(option.ends_at, zone),
        "event_starts_at": instant(option.event_starts_at, zone),
        "event_ends_at": instant(option.event_ends_at, zone),
        "units": option.units,
        "setup_minutes": option.setup_minutes,
        "strike_minutes": option.strike_minutes,
        "second_in_line": option.second_in_line,
        "waiting_list": option.waiting_list,
        "least_units": option.least_units,
        "place": option.place,
        "lines": [_piece_shown(option, piece) for piece in option.pieces],
    }


def _piece_shown(option: Alternative, piece: Piece) -> dict[str, Any]:
    """One of the lines that stand in for the one refused; as a new line without `title` and `owner`."""
    zone = option.zone
    return {
        "title": title_of(piece.titles),
        "owner": piece.owner,
        "resource": piece.resource,
        "starts_at": instant(option.starts_at, zone),
        "ends_at": instant(option.ends_at, zone),
        "event_starts_at": instant(option.event_starts_at, zone),
        "event_ends_at": instant(option.event_ends_at, zone),
        "units": piece.units,
        "setup_minutes": option.setup_minutes,
        "strike_minutes": option.strike_minutes,
    }


def offer_shown(offer: Offer, viewer: Viewer) -> dict[str, Any]:
    """`actions` are those that the reader may take now."""
    zone, shown = offer.zone, offer.shown
    return {
        "id": offer.uid,
        "kind": offer.kind,
        "state": state_now(offer, viewer.now),
        "booking": offer.booking.uid if offer.booking is not None else None,
        "line": offer.line.uid if offer.line is not None else None,
        "made_by": "lender" if offer.offered_for_id == offer.lender_id else "borrower",
        "resource": shown.get("uid"),
        "title": title_of(shown.get("titles", {}), shown.get("original", "")),
        "owner": {"id": shown.get("owner_uid"), "name": shown.get("owner", "")},
        "units": offer.units,
        "use_starts_at": instant(offer.use_starts_at, zone),
        "use_ends_at": instant(offer.use_ends_at, zone),
        "event_starts_at": instant(offer.event_starts_at, zone),
        "event_ends_at": instant(offer.event_ends_at, zone),
        "setup_minutes": offer.setup_minutes,
        "strike_minutes": offer.strike_minutes,
        "zone": zone,
        "note": offer.note,
        "created_at": instant(offer.created_at, zone),
        "expires_at": instant(offer.expires_at, zone),
        "decided_at": instant(offer.decided_at, zone),
        "actions": list(answers_open_to(offer, viewer)),
    }


@dataclass(frozen=True, slots=True)
class Beside:
    """What belongs to lines, by line id: their open proposals, and their places in the queue."""

    offers: Mapping[int, Sequence[Offer]] = field(default_factory=dict)
    places: Mapping[int, int] = field(default_factory=dict)
    contacts: Mapping[int, DayContact] = field(default_factory=dict)
    """Who is there on the day: of lines that the viewer has borrowed."""


NOTHING_BESIDE = Beside()


def beside(lines: Sequence[Line], viewer: Viewer) -> Beside:
    """Read for lines; at most three statements."""
    contacts = owners_on_the_day(lines, viewer=viewer)
    return Beside(open_offers(lines, viewer=viewer), places(lines, now=viewer.now), contacts)


def line_shown(
    line: Line, booking: Booking, viewer: Viewer, more: Beside = NOTHING_BESIDE
) -> dict[str, Any]:
    """`actions` are those that the reader may take now."""
    zone, shown = line.zone, line.shown
    return {
        "id": line.uid,
        "booking": booking.uid,
        "state": line.state,
        "resource": shown.get("uid"),
        "title": title_of(shown.get("titles", {}), shown.get("original", "")),
        "owner": {"id": shown.get("owner_uid"), "name": shown.get("owner", "")},
        "units": line.units,
        "use_starts_at": instant(line.use_starts_at, zone),
        "use_ends_at": instant(line.use_ends_at, zone),
        "event_starts_at": instant(line.event_starts_at, zone),
        "event_ends_at": instant(line.event_ends_at, zone),
        "setup_minutes": line.setup_minutes,
        "strike_minutes": line.strike_minutes,
        "zone": zone,
        "series": line.series.uid if line.series is not None else None,
        "series_on": line.series_on.isoformat() if line.series_on else None,
        "second_in_line": line.second_in_line,
        "waiting": line.waiting,
        "least_units": line.least_units,
        "place": more.places.get(line.pk),
        "wanted": {
            "minutes": line.wanted_minutes,
            "weekdays": line.wanted_weekdays,
            "from_minute": line.wanted_from_minute,
            "until_minute": line.wanted_until_minute,
        }
        if line.wanted_minutes
        else None,
        "offers": [offer_shown(offer, viewer) for offer in more.offers.get(line.pk, ())],
        "waived": line.waived,
        "expires_at": instant(line.expires_at, zone),
        "decided_at": instant(line.decided_at, zone),
        "answer_due_at": instant(line.answer_due_at, zone),
        "not_answered_yet": not_answered(line, viewer.now),
        "keeps_waiting_at": instant(line.keeps_waiting_at, zone),
        "call": whom_to_ask(line, booking, viewer),
        "told_at": instant(told_when(line, viewer), zone),
        "fee": fee_shown(line),
        "decline_code": line.decline_code,
        **_for_its_house(line, viewer),
        "day_contact": _contact_shown(more.contacts.get(line.pk)),
        "handover": line.handover,
        "units_out": line.units_out,
        "units_back": line.units_back,
        "rest_of": line.rest_of.uid if line.rest_of is not None else None,
        "short_units": line.short_units,
        "handed_over_at": instant(line.handed_over_at, zone),
        "returned_at": instant(line.returned_at, zone),
        "actions": [
            action
            for action in allowed_actions(line, booking, viewer)
            if action in PERSONAL_ACTIONS
        ],
    }


def fee_shown(line: Line) -> dict[str, Any] | None:
    """What was agreed with the answer; null before."""
    if not line.fee_kind:
        return None
    return {
        "kind": line.fee_kind,
        "amount": str(line.fee_amount) if line.fee_amount is not None else None,
        "currency": line.fee_currency,
        "unit": line.fee_unit,
        "ground": line.fee_ground,
    }


def _contact_shown(contact: DayContact | None) -> dict[str, str] | None:
    """Who is there on the day; null before it is agreed, two weeks after it, and for everybody else."""
    if contact is None:
        return None
    names = ("name", "phone", "place", "note")
    return {name: getattr(contact, name) for name in names}


def _for_its_house(line: Line, viewer: Viewer) -> dict[str, Any]:
    """What nobody but the owner's people reads: for others there is no such field."""
    return {"inner_note": line.inner_note} if line.lender_id in viewer.institutions else {}


def booking_shown(
    booking: Booking,
    lines: Iterable[Line],
    viewer: Viewer,
    *,
    borrower: Mapping[str, Any] | None,
    asked_by: str,
    more: Beside = NOTHING_BESIDE,
    series: Iterable[WholeSeries] = (),
) -> dict[str, Any]:
    """`lines` are those that the viewer may read; `borrower` its `{id, name}`, None for an outside party."""
    lines = list(lines)
    near = knows_askers_side(booking, lines, viewer)
    return {
        "id": booking.uid,
        "state": booking.state,
        "title": booking.title,
        "purpose": booking.purpose,
        "event_kind": booking.event_kind,
        "expected_people": booking.expected_people,
        "open_to_public": booking.open_to_public,
        "free_entry": booking.free_entry,
        "responsible_person": booking.responsible_person if near else "",
        "responsible_phone": booking.responsible_phone if near else "",
        "access_needs": booking.access_needs,
        "remarks": booking.remarks,
        "all_or_nothing": booking.all_or_nothing,
        "borrower": borrower,
        "outside_name": booking.outside_name,
        "outside_phone": booking.outside_phone,
        "outside_email": booking.outside_email,
        "entered_by": booking.entered_by.name if booking.entered_by is not None else "",
        "came_by": booking.came_by,
        "asked_by": asked_by,
        "created_at": instant(booking.created_at),
        "sent_at": instant(booking.sent_at),
        "lines": [line_shown(line, booking, viewer, more) for line in lines],
        "series": [series_shown(one) for one in series],
    }


def refused_shown(refused: Iterable[RefusedLine]) -> list[dict[str, Any]]:
    """What was left out of a request that may be served in part; of a series date by date."""
    return [
        {
            "index": line.index,
            "date": line.on.isoformat() if line.on else None,
            "watched": line.watched,
            "reasons": [reason_shown(reason) for reason in line.reasons],
            "alternatives": [alternative_shown(option) for option in line.alternatives],
        }
        for line in refused
    ]


def check_shown(check: Check) -> dict[str, Any]:
    return {
        "possible": check.possible,
        "waivable": check.waivable,
        "reasons": [reason_shown(reason) for reason in check.reasons],
        "alternatives": [alternative_shown(option) for option in check.alternatives],
        "proposed": [_proposed_shown(line) for line in check.proposed],
        "left_out": [
            {
                "index": index,
                "date": one.local_date.isoformat(),
                "reason": one.reason,
                "message": left_out_words(one),
            }
            for index, one in check.left_out
        ],
        "still_to_say": [
            {"line": one.line, "field": one.name, "code": one.code, "message": str(one.sentence)}
            for one in check.still_to_say
        ],
    }


def _proposed_shown(line: Proposed) -> dict[str, Any]:
    """A date without spans has a time that does not exist, or comes twice."""
    use, event = line.use, line.event
    return {
        "index": line.index,
        "resource": line.resource,
        "date": line.on.isoformat() if line.on else None,
        "use_starts_at": instant(use.start) if use else None,
        "use_ends_at": instant(use.end) if use else None,
        "event_starts_at": instant(event.start) if event else None,
        "event_ends_at": instant(event.end) if event else None,
        "state": line.state,
        "expires_at": line.expires_at,
        "reasons": [reason_shown(reason) for reason in line.reasons],
    }


@shows(BookingRefused)
def _refused(error: DomainError) -> dict[str, Any]:
    assert isinstance(error, BookingRefused)
    return {
        "reasons": [reason_shown(reason) for reason in error.reasons],
        "alternatives": [alternative_shown(option) for option in error.alternatives],
    }


@shows(WouldHit)
def _would_hit(error: DomainError) -> dict[str, Any]:
    assert isinstance(error, WouldHit)
    return {
        "lines": [line.uid for line in error.lines],
        "today": error.today,
        "hits": _hits_shown(error.lines),
        "others": _hits_shown(error.others),
    }


def _hits_shown(lines: Sequence[Line]) -> list[dict[str, Any]]:
    """Bookings in the way, for their owner: with who has them."""
    found = Booking.objects.visible_to(SYSTEM).select_related("borrower")
    bookings = found.in_bulk({line.booking_id for line in lines}) if lines else {}
    return [
        {
            "line": line.uid,
            "booking": bookings[line.booking_id].uid,
            "title": bookings[line.booking_id].title,
            "borrower": str(
                bookings[line.booking_id].borrower or bookings[line.booking_id].outside_name
            ),
            "state": line.state,
            "units": line.units,
            "use_starts_at": instant(line.use_starts_at, line.zone),
            "use_ends_at": instant(line.use_ends_at, line.zone),
        }
        for line in lines
    ]
