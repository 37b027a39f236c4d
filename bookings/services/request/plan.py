"""What a request does under its locks: judged, moved, claimed; also for dates that a series is given later."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext_lazy as _

from bookings.answers import freeze_fee, terms_fee
from bookings.errors import BookingRefused
from bookings.facts.ask import Ask
from bookings.models import Booking, Line, Series
from bookings.queries.parties import open_holds_locked
from bookings.reasons import Reason
from bookings.recurrence import Dates
from bookings.services.answer_times import answer_due, latest_answer
from bookings.services.judging.answers import Answer, answer_all
from bookings.services.judging.asks import capacities_of, hull
from bookings.services.judging.refusing import refuse_what_is_gone
from bookings.services.scene import Scene
from bookings.services.series.rows import name_dates
from bookings.spans import Span
from bookings.states import UNANSWERED, LineState
from bookings.wishes import DESCRIPTION, BookingWish
from cooperative.access.viewer import Viewer
from cooperative.errors import Conflict, NotFound

from .asks import holding
from .lines import fill_line


@dataclass
class RequestPlan:
    """Send `wish`. `draft` is an existing booking with its draft lines in the order of the wish, or None.

    `impossible` and `dates` are those of an `UnfoldedWish`.
    """

    wish: BookingWish
    asks: list[Ask]
    borrower: int
    by: Viewer
    draft: int | None = None
    impossible: tuple[Reason, ...] = ()
    dates: tuple[Dates, ...] = ()
    action: str = "send"
    answers: list[Answer] = field(default_factory=list)
    watched: set[int] = field(default_factory=set)
    """Indexes of lines that are not sent and watched instead."""

    @property
    def capacities(self) -> Collection[int]:
        return capacities_of(self.asks)

    @property
    def bookings(self) -> Collection[int]:
        return () if self.draft is None else (self.draft,)

    @property
    def window(self) -> Span:
        return hull(self.asks)

    def decide(self, scene: Scene) -> tuple[Booking, list[Line]]:
        if self.draft is not None:
            draft = scene.bookings.get(self.draft)
            if draft is None:
                raise NotFound
            if draft.sent_at is not None:  # a second click: the first one's answer
                return draft, scene.lines_of(draft)
            self._still_as_read(scene.lines_of(draft))
        self.asks = [replace(ask, resource=scene.as_locked(ask.resource)) for ask in self.asks]
        self.answers = answer_all(
            self.wish,
            self.asks,
            scene.taken(self.capacities),
            open_holds=open_holds_locked(self.borrower, now=scene.now) if holding(self.asks) else 0,
        )
        refused = refused_of(self.answers)
        reasons = [*(one for no in refused for one in no.reasons), *self.impossible]
        if reasons and (self.wish.all_or_nothing or len(refused) == self.wish.asked_for):
            raise BookingRefused(reasons)
        promised = {LineState.CONFIRMED, LineState.ACCEPTED}
        sure = [answer.ask.resource for answer in self.answers if answer.state in promised]
        if sure:
            refuse_what_is_gone(sure)
        booking, lines = self._rows(scene)
        kept = self.keep(scene, booking, lines)
        if self.draft is None:
            scene.create(booking, kept)
        else:
            scene.add_lines([line for line in kept if not line.pk])
        return booking, kept

    def keep(
        self,
        scene: Scene,
        booking: Booking,
        lines: Sequence[Line],
        rows: dict[int, Series] | None = None,
    ) -> list[Line]:
        """Write the answers on `lines`, one for each; those that are sent. `rows` are series that are there already."""
        self.watched = name_dates(
            scene,
            list(zip(self.answers, lines, strict=True)),
            wish=self.wish,
            dates=self.dates,
            booking=booking,
            rows={} if rows is None else rows,
        )
        return [
            line
            for answer, line in zip(self.answers, lines, strict=True)
            if self._store(scene, booking, answer, line, lines)
        ]

    def _store(
        self, scene: Scene, booking: Booking, answer: Answer, line: Line, lines: Sequence[Line]
    ) -> bool:
        """Move one line to where its answer has it; whether it is a part of what is sent."""
        if answer.state is None:
            if line.pk:
                scene.move(line, "withdraw", LineState.WITHDRAWN)
            return False
        if answer.wish.brought_by is not None:
            line.brought_by = lines[answer.wish.brought_by]
        self._fill(line, answer, scene)
        data: dict[str, Any] = {"waived": list(answer.waived)} if answer.waived else {}
        if answer.wish.second_in_line:
            data["second_in_line"] = True
        if answer.waiting:
            data["waiting"] = True
        scene.move(line, self.action, answer.state, **data)
        if answer.claims:
            scene.claim(line, answer.ask.demands, answer.expires_at)
        if answer.waived:
            word = self.wish.ask_anyway.strip()
            scene.say(line, booking, kind="waiver", body=word, action=self.action)
        return True

    def _still_as_read(self, lines: list[Line]) -> None:
        """What is judged is what lies in the draft now: somebody may have added or changed a line meanwhile."""
        there = [
            (line.resource_id, line.use_starts_at, line.use_ends_at, line.units)
            for line in lines
            if line.state == LineState.DRAFT
        ]
        read = [
            (ask.resource.id, ask.use.start, ask.use.end, ask.units)
            for ask in self.asks[: self.wish.asked_for]
        ]
        if there != read:
            raise Conflict(_("Your request was changed meanwhile. Please look at it again."))

    def _rows(self, scene: Scene) -> tuple[Booking, list[Line]]:
        if self.draft is not None:
            booking = scene.bookings[self.draft]
            booking.sent_at = scene.now
            drafts = [line for line in scene.lines_of(booking) if line.state == LineState.DRAFT]
            return booking, [*drafts, *self._lines(booking, len(drafts))]
        booking = Booking(
            borrower_id=self.borrower,
            person_id=self.by.person,
            all_or_nothing=self.wish.all_or_nothing,
            created_at=scene.now,
            sent_at=scene.now,
            **{name: getattr(self.wish, name) for name in DESCRIPTION},
        )
        return booking, self._lines(booking, 0)

    def _lines(self, booking: Booking, first: int) -> list[Line]:
        """Fresh lines from position `first` on: of a draft what its lines bring."""
        return [
            Line(booking=booking, position=position, resource_id=ask.resource.id)
            for position, ask in enumerate(self.asks)
            if position >= first
        ]

    @staticmethod
    def _fill(line: Line, answer: Answer, scene: Scene) -> None:
        fill_line(line, answer)
        line.sent_at = scene.now
        line.expires_at = answer.expires_at
        line.waived = list(answer.waived)
        if answer.state in UNANSWERED and not answer.waiting:
            line.answer_due_at = answer_due(
                answer.ask.resource, latest_answer(line), since=scene.now
            )
        if answer.state in {LineState.CONFIRMED, LineState.ACCEPTED}:
            line.decided_at = scene.now
            freeze_fee(line, terms_fee(line))


def refused_of(answers: Sequence[Answer]) -> list[Answer]:
    return [answer for answer in answers if not answer.possible and not answer.left_out]
