"""Where an application stands, as its applicant reads it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from cooperative.institutions.models import Application, ApplicationState
from frontend.components import Choice, StateChip

from .moments import moment_label


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    name: str
    chip: StateChip
    sent: str
    answered: str
    reason: str
    open: bool
    admitted: bool
    steps: tuple[Choice, ...]


TONES = {"submitted": "submitted", "admitted": "active", "refused": "refused"}


def standing_of(rows: Sequence[Application]) -> tuple[Standing, ...]:
    return tuple(_standing(row) for row in rows)


def _standing(row: Application) -> Standing:
    zone = row.institution.time_zone
    waits = row.state == ApplicationState.SUBMITTED
    labels = (_("Sent"), _("The moderators look at it"), _("Answered"))
    return Standing(
        name=row.institution.name,
        chip=StateChip(state=TONES[row.state], label=str(ApplicationState(row.state).label)),
        sent=moment_label(row.submitted_at, zone),
        answered=moment_label(row.decided_at, zone) if row.decided_at else "",
        reason=row.reason,
        open=waits,
        admitted=row.state == ApplicationState.ADMITTED,
        steps=tuple(
            Choice(
                value="done" if not waits or index == 0 else "",
                label=label,
                current=waits and index == 1,
            )
            for index, label in enumerate(labels)
        ),
    )
