"""This date and all that follow: called off with one reason, in one commit."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from bookings.models import Line, Series, Watch
from bookings.queries.series import dates_of, repetition_of, series_for
from bookings.recurrence import split
from bookings.services.actions.plan import LinePlan
from bookings.services.claim_changes import claimed
from bookings.services.commit import commit
from bookings.services.scene import Scene
from bookings.spans import Span, enclosing
from bookings.states import TRANSITIONS, LineState, WatchState
from bookings.wishes import check_texts
from cooperative.access.querysets import SYSTEM
from cooperative.access.viewer import Viewer
from cooperative.errors import Conflict, Forbidden, Invalid

from .rows import write_repetition

LONGEST_WORDS = 5_000
BY_BORROWER = ("withdraw", "cancel")
BY_OWNER = ("decline", "take_back")


def end_series(*, by: Viewer, series: UUID, since: date | None = None, reason: str = "") -> Series:
    """Call off all dates of `series` from `since` on (a local day of the owner; today where left out).

    The borrower withdraws and cancels; the owner declines and takes back, with a `reason`. What has been handed out or
    has taken place stays; what was watched is so no longer. Raises `NotFound`, `Forbidden`, `Invalid`, `Conflict`.
    """
    found = series_for(viewer=by, uid=series)
    assert found.booking is not None
    if by.may("staff", found.booking.borrower_id):
        actions = BY_BORROWER
    elif by.may("keeper", found.resource.owner_id):
        actions = BY_OWNER
    else:
        raise Forbidden
    word = reason.strip()
    if actions is BY_OWNER and not word:
        raise Invalid({"reason": _("Say why, in a sentence: the other side reads it.")})
    check_texts(LONGEST_WORDS, reason=word)
    first = since or by.now.astimezone(ZoneInfo(found.zone)).date()
    lines = tuple(
        one
        for one in Line.objects.visible_to(SYSTEM).filter(series=found).select_related("booking")
        if _to_come(one, first, by)
    )
    return commit(EndPlan(found, first, lines, actions, by, word), now=by.now, by=by)


def _to_come(line: Line, since: date, by: Viewer) -> bool:
    return (line.series_on or line.local_date) >= since and line.use_ends_at > by.now


@dataclass
class EndPlan:
    """Take on each of `lines` that one of `actions` which its state allows."""

    series: Series
    since: date
    lines: tuple[Line, ...]
    actions: tuple[str, ...]
    actor: Viewer
    reason: str

    @property
    def capacities(self) -> Collection[int]:
        return ()

    @property
    def bookings(self) -> Collection[int]:
        return (self.series.booking_id or 0,)

    @property
    def window(self) -> Span:
        spans = [claimed(line) for line in self.lines]
        if not spans:
            return Span(self.actor.now, self.actor.now + timedelta(days=1))
        return enclosing(spans)

    def decide(self, scene: Scene) -> Series:
        ended: dict[str, Line] = {}
        for read in self.lines:
            line = scene.lines[read.pk]
            action = next((one for one in self.actions if _allows(one, line)), None)
            if action is not None:
                LinePlan(line, action, self.actor, {}).decide(scene)
                ended.setdefault(action, line)
        watches = Watch.objects.visible_to(SYSTEM).filter(
            series=self.series, local_date__gte=self.since, state=WatchState.WAITING
        )
        left = list(watches.order_by("pk"))
        scene.series.end_watches(left, WatchState.LEFT, now=scene.now)
        if not ended and not left:
            if any(TRANSITIONS[one].targets[0] in self._states(scene) for one in self.actions):
                return self.series  # a second click
            raise Conflict(_("There is no date left that could be called off."))
        self._shorten(scene)
        if ended:
            action, line = max(ended.items(), key=lambda pair: self.actions.index(pair[0]))
            scene.say(line, line.booking, kind="reason", body=self.reason, action=action)
        return self.series

    def _states(self, scene: Scene) -> set[LineState]:
        return {LineState(scene.lines[one.pk].state) for one in self.lines}

    def _shorten(self, scene: Scene) -> None:
        """The rule ends before; where nothing was before, it stays as it was, with nothing left of it."""
        stored = Series.objects.select_related("resource__owner").get(pk=self.series.pk)
        before, _after = split(repetition_of(stored), self.since)
        if before is not None:
            write_repetition(self.series, before, dates_of(stored, before))
            scene.series.changed.append(self.series)


def _allows(action: str, line: Line) -> bool:
    return line.state in TRANSITIONS[action].sources
