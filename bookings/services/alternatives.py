"""What could be asked for instead, ready to be sent with one click. Nothing that the asker could not ask for, and
nothing of other borrowers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bookings.facts import ResourceFacts, Taken
from bookings.opening import open_spans
from bookings.queries.claims import live_claims
from bookings.queries.facts import facts_by_id
from bookings.queries.waiting import place_of_the_next
from bookings.reasons import Alternative, AlternativeKind
from bookings.rules import judge
from bookings.rules.room import free_units
from bookings.spans import Span, wall
from bookings.wishes import BookingWish, LineWish
from cooperative.access.viewer import Viewer
from sharing.models import Resource

from .judging import AROUND, Answer, as_taken, ask_for, can_wait, days_around

MOST_LINES = 5
"""Lines of one refusal that options are looked for."""
EACH_KIND = 3
DAYS_AROUND = 14
SAME_DAY_STEP = timedelta(minutes=30)
SAME_DAY_SHIFTS = 12
LIKE_LOOKED_AT = 60


def alternatives_for(
    answers: Sequence[Answer], *, by: Viewer, wish: BookingWish
) -> list[Alternative]:
    """Options for each refused line: second in line, fewer, other times of the same thing, like things at the time."""
    refused = [one for one in answers if not one.possible and one.ask.wanted is None]
    found: list[Alternative] = []
    for answer in refused[:MOST_LINES]:
        found.extend(_for_line(answer, _beside(answer, answers), by=by))
    return found


def _beside(answer: Answer, answers: Sequence[Answer]) -> list[Taken]:
    """What the other lines of the same request would claim: an option leaves room for them."""
    return [
        claim
        for other in answers
        if other.index != answer.index and other.claims
        for claim in as_taken(other.ask)
    ]


def _for_line(answer: Answer, beside: Sequence[Taken], *, by: Viewer) -> Iterator[Alternative]:
    codes = {reason.code for reason in answer.reasons}
    if codes == {"kept_for_another"}:
        yield _option(
            "second_in_line", answer, replace(answer.wish, second_in_line=True), answer.ask.resource
        )
    if codes & {"not_enough_units", "more_than_there_are", "kept_for_another"}:
        left = free_units(answer.ask, answer.ask.taken)
        fewer = replace(answer.ask, units=left)
        if 0 < left < answer.ask.units and not judge(fewer, "ask"):
            wish = replace(answer.wish, units=left)
            yield _option("fewer_units", answer, wish, answer.ask.resource)
    if answer.ask.resource.bookable:
        yield from _other_times(answer, beside, by=by)
    if codes != {"in_the_past"}:
        yield from _like_resources(answer, beside, by=by)
    if can_wait(answer.ask, answer.reasons) and not answer.wish.waiting_list:
        wish = replace(answer.wish, waiting_list=True)
        place = place_of_the_next(answer.ask.resource.id, answer.ask.use, now=by.now)
        option = _option("waiting_list", answer, wish, answer.ask.resource)
        yield replace(option, place=place)


def _option(
    kind: AlternativeKind, answer: Answer, wish: LineWish, resource: ResourceFacts
) -> Alternative:
    return Alternative(
        kind=kind,
        line=answer.place,
        on=answer.wish.series_on,
        resource=resource.uid,
        titles=dict(resource.titles),
        owner=resource.owner_name,
        starts_at=wish.starts_at,
        ends_at=wish.ends_at,
        event_starts_at=wish.event.start,
        event_ends_at=wish.event.end,
        units=wish.units,
        zone=resource.zone_name,
        setup_minutes=wish.setup_minutes,
        strike_minutes=wish.strike_minutes,
        second_in_line=wish.second_in_line,
        waiting_list=wish.waiting_list,
        least_units=wish.least_units,
    )


# --- the same thing at another time ----------------------------------------------------------------
def _other_times(answer: Answer, beside: Sequence[Taken], *, by: Viewer) -> Iterator[Alternative]:
    resource = answer.ask.resource
    candidates = list(_candidates(answer))
    if not candidates:
        return
    (since, until), read = (
        days_around([wish.use for wish in candidates]),
        days_around([answer.ask.use]),
    )
    if since < read[0] - AROUND or until >= read[1] + AROUND:
        # Farther than the days off were read for the request itself.
        resource = facts_by_id([resource.id], since=since, until=until)[resource.id]
    reach = Span(
        min(wish.use.start for wish in candidates),
        max(wish.use.end for wish in candidates) + resource.turnover + timedelta(minutes=1),
    )
    taken = _taken([resource], reach, beside, now=by.now)
    count = 0
    for wish in candidates:
        ask = ask_for(
            resource,
            wish,
            by=by,
            borrower=answer.ask.borrower,
            borrower_state=answer.ask.borrower_state,
        )
        if not judge(replace(ask, taken=taken, open_holds=answer.ask.open_holds), "ask"):
            yield _option("other_time", answer, wish, resource)
            count += 1
            if count == EACH_KIND:
                return


def _candidates(answer: Answer) -> Iterable[LineWish]:
    """Times near the one wished for, nearest first: fitted to the desk's hours, shifted on the day, on days around."""
    wish, resource = answer.wish, answer.ask.resource
    found: list[tuple[timedelta, LineWish]] = []
    fitted = fit_to_desk(resource, wish)
    if fitted is not None:
        found.append((timedelta(0), fitted))
    for step in range(1, SAME_DAY_SHIFTS + 1):
        for sign in (1, -1):
            shift = SAME_DAY_STEP * step * sign
            moved = _moved(wish, shift)
            same_day = (
                moved.starts_at.astimezone(resource.zone).date()
                == wish.starts_at.astimezone(resource.zone).date()
            )
            if same_day:
                found.append((abs(shift), moved))
    days = [n * sign for n in range(1, DAYS_AROUND + 1) for sign in (1, -1)]
    for reason in answer.reasons:
        earliest = (reason.relax or {}).get("starts_at")
        if earliest:
            first = datetime.fromisoformat(earliest).astimezone(resource.zone).date()
            gap = (first - wish.starts_at.astimezone(resource.zone).date()).days
            days.extend(gap + n for n in range(8) if gap + n > DAYS_AROUND)
    for number in days:
        moved_days = _moved_days(wish, number, resource.zone)
        if moved_days is not None:
            # A day away is farther than any time on the same day.
            found.append((timedelta(days=abs(number)), moved_days))
    found.sort(key=lambda pair: pair[0])
    return [wish for _distance, wish in found]


def _moved(wish: LineWish, by: timedelta) -> LineWish:
    return replace(
        wish,
        starts_at=wish.starts_at + by,
        ends_at=wish.ends_at + by,
        event_starts_at=wish.event_starts_at + by if wish.event_starts_at else None,
        event_ends_at=wish.event_ends_at + by if wish.event_ends_at else None,
    )


def _moved_days(wish: LineWish, days: int, zone: ZoneInfo) -> LineWish | None:
    """The same wall-clock times, `days` later; None where that cannot be."""

    def on_wall(instant: datetime) -> datetime:
        local = instant.astimezone(zone)
        return wall(local.date() + timedelta(days=days), local.hour * 60 + local.minute, zone)

    try:
        moved = replace(
            wish,
            starts_at=on_wall(wish.starts_at),
            ends_at=on_wall(wish.ends_at),
            event_starts_at=on_wall(wish.event_starts_at) if wish.event_starts_at else None,
            event_ends_at=on_wall(wish.event_ends_at) if wish.event_ends_at else None,
        )
        return moved if moved.use.contains(moved.event) else None
    except (ValueError, OverflowError):
        return None


def fit_to_desk(resource: ResourceFacts, wish: LineWish) -> LineWish | None:
    """For things that are fetched: the last hand-out before the event and the first take-back after it.

    None where nothing is handed over, or where the times fit already, or no desk is open within two weeks.
    """
    if resource.handover == "none":
        return None
    event = wish.event
    before = open_spans(
        resource, Span(event.start - timedelta(days=14), event.start + timedelta(minutes=1))
    )
    after = open_spans(
        resource, Span(event.end - timedelta(minutes=1), event.end + timedelta(days=14))
    )
    if not before or not after:
        return None
    starts = min(before[-1].end, event.start)
    if starts == before[-1].end and starts < event.start:
        # Handing out at the very minute of closing helps nobody: an hour before, or at opening.
        starts = max(before[-1].start, starts - timedelta(hours=1))
    back = next((span for span in after if span.end >= event.end), None)
    if back is None:
        return None
    ends = max(back.start, event.end)
    if ends > event.end and ends == back.start:
        ends = min(back.end, ends + timedelta(hours=1))
    if (starts, ends) == (wish.use.start, wish.use.end):
        return None
    return replace(
        wish,
        starts_at=starts,
        ends_at=ends,
        event_starts_at=event.start,
        event_ends_at=event.end,
        setup_minutes=0,
        strike_minutes=0,
    )


# --- another thing at the same time ------------------------------------------------------------------
def _like_resources(
    answer: Answer, beside: Sequence[Taken], *, by: Viewer
) -> Iterator[Alternative]:
    mine = answer.ask.resource
    ids = list(
        Resource.objects.visible_to(by)
        .filter(category__code=mine.category, kind=mine.kind, state="published")
        .exclude(pk=mine.id)
        .order_by("sort_key", "pk")
        .values_list("pk", flat=True)[:LIKE_LOOKED_AT]
    )
    if not ids:
        return
    since, until = days_around([answer.wish.use])
    facts = facts_by_id(ids, since=since, until=until)
    longest = max(resource.turnover for resource in facts.values())
    taken = _taken(facts.values(), answer.wish.use.widen(after=longest), beside, now=by.now)
    count = 0
    other_owners_first = sorted(
        facts.values(), key=lambda one: (one.owner == mine.owner, ids.index(one.id))
    )
    for resource in other_owners_first:
        ask = ask_for(
            resource,
            answer.wish,
            by=by,
            borrower=answer.ask.borrower,
            borrower_state=answer.ask.borrower_state,
        )
        ask = replace(ask, taken=_of(resource, taken), open_holds=answer.ask.open_holds)
        if not judge(ask, "ask"):
            yield _option(
                "like_resource", answer, replace(answer.wish, resource=resource.uid), resource
            )
            count += 1
            if count == EACH_KIND:
                return


def _taken(
    resources: Iterable[ResourceFacts], within: Span, beside: Sequence[Taken], *, now: datetime
) -> tuple[Taken, ...]:
    capacities = {number for resource in resources for number in resource.capacities}
    rows = live_claims(capacities, within, now=now)
    return (*beside, *(row.taken() for row in rows))


def _of(resource: ResourceFacts, taken: Iterable[Taken]) -> tuple[Taken, ...]:
    mine = set(resource.capacities)
    return tuple(claim for claim in taken if claim.capacity in mine)
