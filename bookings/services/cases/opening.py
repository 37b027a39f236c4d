"""Saying that something was wrong."""

from __future__ import annotations

from uuid import UUID

from bookings.case_steps import UNDER_WAY
from bookings.models import Case
from bookings.services.actions import act
from cooperative.access.viewer import Viewer


def open_case(*, by: Viewer, line: UUID, kind: str, words: str, quiet: bool = False) -> Case:
    """Say of a line that something was wrong with it; the other side has five days to answer.

    Until 14 days after; that it was not there (`not_there`) from the beginning of the use on. Where the line has a case
    already, that is returned. Raises `NotFound`, `Forbidden`, `Invalid` (kind, reason), `Conflict` (too early or late).
    """
    done = act(by=by, line=line, action="complain", kind=kind, reason=words, quiet=quiet)
    return Case.objects.visible_to(by).get(line=done, state__in=UNDER_WAY)
