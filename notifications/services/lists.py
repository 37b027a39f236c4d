"""What the people of a house hear as one list each: what goes out and comes back next, and what waits for an answer.

Each is an event for one person (or for the house's office), written in the transaction that notes that it was told.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from bookings.facts.resource import ResourceFacts
from bookings.models import Line
from bookings.opening import after_working_days, is_off, working_day
from bookings.services.answer_times import working_facts
from bookings.states import UNANSWERED, LineState
from cooperative.access.querysets import SYSTEM
from cooperative.events.services import NewEvent, Party, record
from cooperative.institutions.models import Institution
from cooperative.membership.hearing import Colleague, deputies, hearers, managers
from cooperative.membership.queries import colleagues_in
from notifications.models import Reminder
from sharing.queries.keepers import named_for

TOLD_FROM = time(15)
"""On the house's clock, the working day before."""
LOOKED_AHEAD = timedelta(days=10)
MOST_AT_ONCE = 500
STAGES: tuple[tuple[str, Callable[[Sequence[Colleague], Collection[int]], list[int]]], ...] = (
    ("answer", hearers),
    ("answer_deputy", deputies),
    ("answer_manager", lambda people, _named: managers(people)),
)
"""Kinds of reminders of what is not answered, each a working day after the one before, and who hears."""


@dataclass
class House:
    """What is told to whom of one house: by person (database id) the entries of an event; 0 = the office address."""

    house: Institution
    people: Sequence[Colleague]
    told: defaultdict[int, list[dict[str, str]]] = field(default_factory=lambda: defaultdict(list))

    def tell(self, people: Iterable[int], entry: dict[str, str]) -> None:
        for person in people:
            if entry not in self.told[person]:
                self.told[person].append(entry)

    def events(self, verb: str) -> list[NewEvent]:
        found = []
        for person, entries in self.told.items():
            keeper = (Party("keeper", person=person),) if person else ()
            data: dict[str, Any] = {"lines": entries}
            parties = (Party("lender", institution=self.house.pk), *keeper)
            found.append(NewEvent(verb, "institution", self.house.uid, parties, data))
        return found


def tell_tomorrow(*, now: datetime) -> int:
    """At three in the afternoon of a working day, each keeper of a house hears of what goes out and comes back until
    the next one is over. Once a day for each house; how many lists."""
    done = Reminder.objects.filter(kind="tomorrow", due_at__gt=now - timedelta(hours=15))
    until = now + LOOKED_AHEAD
    out = Q(state=LineState.CONFIRMED, use_starts_at__gt=now, use_starts_at__lte=until)
    back = Q(state=LineState.HANDED_OVER, use_ends_at__gt=now, use_ends_at__lte=until)
    rows = (
        Line.objects.visible_to(SYSTEM)
        .filter(out | back)
        .exclude(lender__uid__in=done.values("subject_uid"))
        .select_related("lender")
        .order_by("use_starts_at", "pk")
    )
    lines = [line for line in rows if _local(line, now).time() >= TOLD_FROM]
    told = 0
    facts = working_facts(lines, now=now) if lines else {}
    by_house: defaultdict[int, list[Line]] = defaultdict(list)
    for line in lines:
        by_house[line.lender_id].append(line)
    for theirs in by_house.values():
        told += _tell_tomorrow_of(theirs, facts, now=now)
    return told


def _tell_tomorrow_of(
    lines: Sequence[Line], facts: dict[int, ResourceFacts], *, now: datetime
) -> int:
    house = lines[0].lender
    local = now.astimezone(ZoneInfo(house.time_zone))
    due_at = datetime.combine(local.date(), TOLD_FROM, local.tzinfo)
    with transaction.atomic():
        _row, mine = Reminder.objects.get_or_create(
            subject_kind="institution",
            subject_uid=house.uid,
            kind="tomorrow",
            due_at=due_at,
            defaults={"done_at": now},
        )
        if not mine:
            return 0
        ends = sorted(
            (at, line.pk, end, line)
            for line in lines
            for end, at in _ends(line)
            if _told_on(facts[line.resource_id], at.astimezone(ZoneInfo(line.zone)).date())
            == local.date()
        )
        named = named_for({line.resource_id for _at, _pk, _end, line in ends})
        people = colleagues_in([house.pk], now=now).get(house.pk, [])
        told = House(house, people)
        for _at, _pk, end, line in ends:
            entry = {"line": str(line.uid), "end": end}
            told.tell(hearers(people, named.get(line.resource_id, ())), entry)
        events = told.events("reminder.tomorrow")
        record(events, now=now)
    return len(events)


def _local(line: Line, now: datetime) -> datetime:
    return now.astimezone(ZoneInfo(line.lender.time_zone))


def _ends(line: Line) -> list[tuple[str, datetime]]:
    """The moments of a line at which somebody of the house has something to do."""
    if line.handover == "none":
        return [("", line.use_starts_at)]
    if line.state == LineState.HANDED_OVER:
        return [("back", line.use_ends_at)]
    return [("out", line.use_starts_at), ("back", line.use_ends_at)]


def _told_on(facts: ResourceFacts, day: date) -> date | None:
    """The last working day before `day`."""
    for back in range(1, LOOKED_AHEAD.days + 1):
        before = day - timedelta(days=back)
        if working_day(facts, before):
            return before
    return None


def tell_unanswered(*, now: datetime) -> int:
    """When an answer is due its keepers are reminded and the office gets a copy; a working day later the deputies,
    after another the managers. Each once, as one list for each person; how many lists."""
    with transaction.atomic():
        rows = Line.objects.visible_to(SYSTEM).filter(
            state__in=UNANSWERED, waiting=False, answer_due_at__lte=now
        )
        # Whoever asked may wait on: then it is due anew, and all of them hear again.
        told = Reminder.objects.filter(
            kind=STAGES[-1][0], line=OuterRef("pk"), due_at__gte=OuterRef("answer_due_at")
        )
        rows = rows.exclude(Exists(told))
        lines = list(
            rows.select_related("lender")
            .select_for_update(of=("self",), skip_locked=True, no_key=True)
            .order_by("answer_due_at", "pk")[:MOST_AT_ONCE]
        )
        due = _due(lines, now=now)
        if not due:
            return 0
        Reminder.objects.bulk_create(
            [
                Reminder(line=line, kind=STAGES[stage][0], due_at=at, done_at=now)
                for line, stage, at in due
            ]
        )
        named = named_for({line.resource_id for line, _stage, _at in due})
        people = colleagues_in({line.lender_id for line, _stage, _at in due}, now=now)
        houses: dict[int, House] = {}
        for line, stage, _at in due:
            theirs = people.get(line.lender_id, [])
            house = houses.setdefault(line.lender_id, House(line.lender, theirs))
            hear = STAGES[stage][1](theirs, named.get(line.resource_id, ()))
            copied = [0] if stage == 0 and line.lender.office_email else []
            house.tell([*hear, *copied], {"line": str(line.uid)})
        events = [event for house in houses.values() for event in house.events("reminder.answer")]
        record(events, now=now)
    return len(events)


def _due(lines: Sequence[Line], *, now: datetime) -> list[tuple[Line, int, datetime]]:
    """The reminders that are due and were not told: (line, stage, when it was due)."""
    if not lines:
        return []
    facts = working_facts(lines, now=now)
    told = set(
        Reminder.objects.filter(
            line__in=lines, kind__in=[kind for kind, _who in STAGES]
        ).values_list("line_id", "kind", "due_at")
    )
    found = []
    for line in lines:
        assert line.answer_due_at is not None
        if is_off(facts[line.resource_id], now):
            continue  # nobody is there to be reminded: when they are back
        for stage, (kind, _who) in enumerate(STAGES):
            at = (
                after_working_days(facts[line.resource_id], line.answer_due_at, stage)
                if stage
                else line.answer_due_at
            )
            if at <= now and (line.pk, kind, at) not in told:
                found.append((line, stage, at))
    return found
