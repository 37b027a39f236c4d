"""Handing out and taking back where one stands with a phone in the hand: how many, a word, a photo."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.core.files.base import File
from django.db import transaction

from bookings.models import Line, Moment
from cooperative.access.viewer import Viewer

from .actions import act
from .attachments import add_to_hand_over

MOMENTS = {"hand_over": Moment.OUT, "give_back": Moment.BACK, "lost": Moment.BACK}
"""What a photo shows that is taken with an action; of others none is kept."""


def hand(
    *, by: Viewer, line: UUID, action: str, files: Sequence[File[Any]] = (), **said: Any
) -> Line:
    """Take an action on a line (`said` as of `act`) with photos of what it looks like: all of it, or nothing.

    Raises as `act`, and `Invalid` of a file.
    """
    if not files or action not in MOMENTS:
        return act(by=by, line=line, action=action, **said)
    with transaction.atomic():
        done = act(by=by, line=line, action=action, **said)
        add_to_hand_over(by=by, line=line, moment=MOMENTS[action], files=files)
    return done
