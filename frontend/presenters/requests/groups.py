"""Requests for the same time of one thing: brought together, and told apart where somebody has to choose."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from bookings.models import Line
from bookings.queries.keeping import Asked, due_at
from bookings.queries.rivals import Standing
from bookings.services.offers.suggesting import Suggestion
from bookings.spans import Load, Span, peak
from frontend.components import Fact, Strip
from frontend.forms.answers import AnswerForm
from frontend.presenters.lines import thing_title
from frontend.presenters.moments import moment_label
from frontend.presenters.settling import suggestion_words

from .cards import RequestCard, card_of
from .strip import strip_of

MOST_COMPARED = 12
"""Rivals for whom something else is looked for: each costs a look at what it may see."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestGroup:
    """Requests for the same time of one thing; alone most of the time."""

    caption: str
    note: str
    week_url: str
    strip: Strip | None
    cards: tuple[RequestCard, ...]

    @property
    def several(self) -> bool:
        return len(self.cards) > 1


MOST_TICKED = 50
"""As many as are confirmed with one tap."""


def ticked_together(groups: Sequence[RequestGroup]) -> frozenset[str]:
    """The requests that a yes needs no more words for, where there are several: they can be ticked."""
    found = [
        card.uid for group in groups for card in group.cards if card.fits and not card.fee_open
    ]
    return frozenset(found[:MOST_TICKED]) if len(found) > 1 else frozenset()


def groups_of(
    asked: Sequence[Asked],
    *,
    now: datetime,
    sent: dict[str, AnswerForm],
    error: str = "",
    standings: Mapping[int, Standing] | None = None,
    elsewhere: Callable[[list[Line]], Mapping[int, Suggestion]] | None = None,
) -> list[RequestGroup]:
    """Groups in order of urgency; `sent` holds a form that came back with something wrong, by line uid.

    `elsewhere` finds what rivals could take instead; it is called once, and only where there are rivals.
    """
    found: list[list[Asked]] = []
    for one in asked:
        meeting = [group for group in found if any(_meet(one, other) for other in group)]
        merged = [other for group in meeting for other in group]
        found = [group for group in found if group not in meeting]
        found.append([*merged, one])
    # Where there is enough for all of them nobody competes.
    found = [
        part
        for group in found
        for part in ([group] if _too_much(group) else [[one] for one in group])
    ]
    # What repeats has a card of its own; where others want one of its dates it stands here as well.
    found = [group for group in found if len(group) > 1 or group[0].line.series_id is None]
    found.sort(key=lambda group: min(_order(one) for one in group))
    first = found[0][0].line.pk if found else 0
    groups = [_group(group, now, sent, error, first) for group in found]
    by_uid = {str(one.line.uid): one.line for one in asked}
    rivals = [by_uid[card.uid] for group in groups if group.several for card in group.cards]
    looked_at = rivals[:MOST_COMPARED] if elsewhere is not None else []
    found_for = elsewhere(looked_at) if elsewhere is not None and looked_at else {}
    instead = {line.pk: found_for.get(line.pk) for line in looked_at}
    return [_compared(group, by_uid, standings or {}, instead) for group in groups]


AUDIENCES = {
    "own": gettext_lazy("our own house"),
    "partnership": gettext_lazy("partner"),
    "network": gettext_lazy("our network"),
    "cooperative": gettext_lazy("member of the cooperative"),
}


def _compared(
    group: RequestGroup,
    lines: Mapping[str, Line],
    standings: Mapping[int, Standing],
    instead: Mapping[int, Suggestion | None],
) -> RequestGroup:
    """Where several ask, what is needed to choose is said of each: in which order, since when, by which rule, and what
    of ours it could take instead."""
    if not group.several:
        return group
    cards = []
    for number, card in enumerate(group.cards, start=1):
        line = lines[card.uid]
        sent = moment_label(line.sent_at, line.zone) if line.sent_at is not None else ""
        facts = [
            Fact(
                term=_("Asked"),
                detail=_("as number %(number)s, %(moment)s") % {"number": number, "moment": sent},
                icon="clock",
            )
        ]
        standing = standings.get(line.pk)
        if standing is not None and standing.audience in AUDIENCES:
            said = str(AUDIENCES[standing.audience])
            if standing.days_ahead:
                ahead = ngettext(
                    "may ask %(days)s day earlier than others by your published terms",
                    "may ask %(days)s days earlier than others by your published terms",
                    standing.days_ahead,
                ) % {"days": standing.days_ahead}
                said = f"{said}: {ahead}"
            facts.append(Fact(term=_("Asks as"), detail=said))
        facts += card.facts
        if line.pk in instead:
            other = instead[line.pk]
            said = suggestion_words(line, other) if other else _("nothing else of ours")
            facts.append(Fact(term=_("Could also have"), detail=said, icon="arrow-path"))
        cards.append(replace(card, facts=tuple(facts)))
    return replace(group, cards=tuple(cards))


def _order(one: Asked) -> tuple[float, int]:
    return due_at(one.line).timestamp(), one.line.pk


def _meet(left: Asked, right: Asked) -> bool:
    """The same thing at the same time."""
    same = left.line.resource_id == right.line.resource_id
    if left.line.wanted_minutes or right.line.wanted_minutes:
        return False
    return same and left.claimed.overlaps(right.claimed)


def _too_much(group: Sequence[Asked]) -> bool:
    """All of them together, beside what is firm, are more than there is."""
    loads = [Load(one.claimed, one.line.units) for one in group]
    ways = {(way.span, way.units) for one in group for way in one.in_way if way.until is None}
    loads += [Load(span, units) for span, units in ways]
    whole = Span(min(one.claimed.start for one in group), max(one.claimed.end for one in group))
    return peak(loads, whole) > group[0].size


def _group(
    group: list[Asked], now: datetime, sent: dict[str, AnswerForm], error: str, first: int
) -> RequestGroup:
    group.sort(key=lambda one: (one.line.sent_at or one.line.use_starts_at, one.line.pk))
    line = group[0].line
    title = thing_title(line)
    return RequestGroup(
        caption=title,
        note=_("Not all of these can be served: choose.") if len(group) > 1 else "",
        week_url=f"{reverse('frontend:week', args=[line.shown.get('uid')])}?day={line.local_date}",
        strip=strip_of(group) if len(group) > 1 or group[0].in_way else None,
        cards=tuple(card_of(one, now, sent, error, first) for one in group),
    )
