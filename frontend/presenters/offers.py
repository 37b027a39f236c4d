"""Open proposals on a booking's page and in lists of what waits: how it stands and how it would be, side by side."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext as _

from bookings.answers import offered_fee, terms_fee
from bookings.models import Line, Offer, OfferKind
from bookings.permissions import answers, answers_open_to
from bookings.spans import Span
from bookings.states import IS_OUT, OVER
from frontend.components import Action, Waiting
from frontend.presenters.fees import fee_words
from frontend.presenters.reader import Reader
from frontend.presenters.texts import booking_title, borrower_of, line_title, pieces, title_of

SOON = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Compared:
    """One row of old beside new; `old` is empty where there is nothing to compare with."""

    term: str
    old: str
    new: str

    @property
    def changed(self) -> bool:
        return self.old != self.new


@dataclass(frozen=True, slots=True)
class OfferedTime:
    """One of several times to choose from."""

    uid: UUID
    when: str
    actions: tuple[Action, ...]


@dataclass(frozen=True, slots=True)
class OfferCard:
    """A proposal with all that its answer needs; several times for one thing are one card with `times`."""

    uid: UUID
    headline: str
    rows: tuple[Compared, ...]
    compares: bool
    until: str
    urgent: bool
    note: str
    about: str
    actions: tuple[Action, ...]
    times: tuple[OfferedTime, ...] = ()


def offer_cards(
    offers: Iterable[Offer], lines: Iterable[Line], *, reader: Reader
) -> tuple[OfferCard, ...]:
    """What waits for the reader first, then what the reader's side proposed; each by when it runs out."""
    by_id = {line.pk: line for line in lines}
    cards = [
        (not answers(offer, reader.viewer), offer.expires_at, offer.pk, offer) for offer in offers
    ]
    ordered = [offer for _mine, _until, _pk, offer in sorted(cards, key=lambda row: row[:3])]
    found = [
        _times(alike, by_id.get(alike[0].line_id or 0), reader)
        if len(alike) > 1
        else _card(alike[0], by_id.get(alike[0].line_id or 0), reader)
        for alike in _alike(ordered)
    ]
    lit = False
    for number, card in enumerate(found):
        if card.actions and card.actions[0].kind == "next":
            if lit:
                plain = replace(card.actions[0], kind="plain")
                found[number] = replace(card, actions=(plain, *card.actions[1:]))
            lit = True
    return tuple(found)


def _alike(offers: Iterable[Offer]) -> Iterable[list[Offer]]:
    """Times for the same line together, everything else by itself; in the order of the first of each."""
    found: dict[tuple[object, ...], list[Offer]] = {}
    for offer in offers:
        key = (offer.line_id, offer.lender_id, offer.units, offer.note)
        alone = offer.kind != OfferKind.TIME or offer.line_id is None
        found.setdefault((offer.pk,) if alone else key, []).append(offer)
    return found.values()


def _times(offers: list[Offer], line: Line | None, reader: Reader) -> OfferCard:
    """Several times of which one is taken: each with its answer, the earliest first; no time is the next action."""
    card = _card(offers[0], line, reader)
    times = tuple(
        OfferedTime(
            uid=offer.uid,
            when=reader.clock.span(
                Span(offer.use_starts_at, offer.use_ends_at), ZoneInfo(offer.zone)
            ),
            actions=tuple(
                replace(one, kind="plain" if one.kind == "next" else "quiet")
                for one in _answers(offer, reader)
            ),
        )
        for offer in sorted(offers, key=lambda one: one.use_starts_at)
    )
    rows = tuple(row for row in card.rows if row.term != _("When"))
    return replace(card, rows=rows, actions=(), times=times)


def _card(offer: Offer, line: Line | None, reader: Reader) -> OfferCard:
    zone = ZoneInfo(offer.zone)
    return OfferCard(
        uid=offer.uid,
        headline=_headline(offer, line, reader),
        rows=_rows(offer, line, reader),
        compares=line is not None and offer.kind != OfferKind.WAITING and not line.wanted_minutes,
        until=reader.clock.moment(offer.expires_at, zone),
        urgent=offer.expires_at - reader.viewer.now < SOON,
        note=offer.note,
        about=line_title(line, reader.language) if line is not None else "",
        actions=_answers(offer, reader),
    )


def _headline(offer: Offer, line: Line | None, reader: Reader) -> str:
    mine = answers(offer, reader.viewer)
    from_lender = offer.offered_for_id == offer.lender_id
    who = _other_side(offer, from_lender=from_lender, mine=mine)
    if offer.kind == OfferKind.WAITING:
        if mine:
            return _("It came free for you")
        return _("It came free and is offered to %(who)s") % {"who": who}
    if not mine:
        return _("You proposed this; it waits for %(who)s") % {"who": who}
    if not from_lender:
        if line is not None and line.state in IS_OUT:
            return _("%(who)s asks to keep it longer") % {"who": who}
        return _("%(who)s asks for a change") % {"who": who}
    if line is not None and line.state in OVER:
        return _("%(who)s proposes instead") % {"who": who}
    if offer.kind == OfferKind.TIME:
        return _("%(who)s has time then") % {"who": who}
    return _("%(who)s proposes something else") % {"who": who}


def _other_side(offer: Offer, *, from_lender: bool, mine: bool) -> str:
    booking = offer.booking
    assert booking is not None
    return str(offer.lender) if from_lender == mine else borrower_of(booking)


def _rows(offer: Offer, line: Line | None, reader: Reader) -> tuple[Compared, ...]:
    zone = ZoneInfo(offer.zone)
    title = title_of(offer.shown.get("titles", {}), reader.language)
    use = Span(offer.use_starts_at, offer.use_ends_at)
    old_title = old_when = old_units = ""
    if line is not None:
        old_title = line_title(line, reader.language)
        old_when = reader.clock.span(
            Span(line.use_starts_at, line.use_ends_at), ZoneInfo(line.zone)
        )
        old_units = pieces(line.units)
    rows = [
        Compared(_("What"), old_title, title),
        Compared(_("When"), old_when, reader.clock.span(use, zone)),
    ]
    if offer.units > 1 or (line is not None and line.units > 1):
        rows.append(Compared(_("How many"), old_units, pieces(offer.units)))
    if (fee := offered_fee(offer)) is not None:
        known = terms_fee(line) if line is not None else None
        rows.append(Compared(_("Fee"), fee_words(known) if known else "", fee_words(fee)))
    return tuple(rows)


def _answers(offer: Offer, reader: Reader) -> tuple[Action, ...]:
    labels = {
        "accept": _("Take it"),
        "decline": _("No, thank you"),
        "withdraw": _("Withdraw it"),
    }
    return tuple(
        Action(
            label=labels[action],
            url=reverse("frontend:offer-answer", args=[offer.uid, action]),
            method="post",
            kind="next" if action == "accept" else "quiet" if action == "withdraw" else "plain",
        )
        for action in answers_open_to(offer, reader.viewer)
    )


def offer_rows(offers: Iterable[Offer], *, reader: Reader) -> tuple[Waiting, ...]:
    """Proposals as rows of a list of what waits; they are answered on the booking's page, where they are compared."""
    found = []
    for offer in offers:
        booking = offer.booking
        if booking is None:
            continue
        zone = ZoneInfo(offer.zone)
        use = reader.clock.span(Span(offer.use_starts_at, offer.use_ends_at), zone)
        title = title_of(offer.shown.get("titles", {}), reader.language)
        url = f"{reverse('frontend:booking', args=[booking.uid])}#offer-{offer.uid}"
        found.append(
            Waiting(
                title=_headline(offer, offer.line, reader),
                url=url,
                detail=" · ".join(
                    one for one in (booking_title(booking, [], reader.language), title, use) if one
                ),
                due=_("Answer by %(moment)s")
                % {"moment": reader.clock.moment(offer.expires_at, zone)},
                urgent=offer.expires_at - reader.viewer.now < SOON,
                actions=(Action(label=_("See and answer"), url=url),),
            )
        )
    return tuple(found)


def place_words(line: Line, places: Mapping[int, int]) -> str:
    """The reader's place on the waiting list, in words; "" where the line waits for nothing."""
    if not line.waiting:
        return ""
    place = places.get(line.pk)
    if place is None:
        return _("On the waiting list")
    if place == 1:
        return _("You are next")
    return _("You are number %(place)s in the queue") % {"place": place}
