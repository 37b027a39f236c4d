"""How soon an owner answers, and when it is closed, in a sentence for who asks; and who has not answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookings.models import Booking, Line
from bookings.permissions import not_answered
from bookings.queries.answers import Answers
from bookings.queries.parties import asks_after
from frontend.presenters.reader import Reader
from frontend.presenters.texts import line_title

from .moments import day_label


@dataclass(frozen=True, slots=True, kw_only=True)
class Late:
    """An owner who did not answer in time."""

    lender: str
    title: str
    things: str
    due: str
    phone: str


def expected_words(found: Answers | None, today: date) -> str:
    """`Usually answers within 2 days. Closed until 20 August.`"""
    if found is None:
        return ""
    if found.usual_days is not None:
        said = ngettext(
            "Usually answers within %(count)d day.",
            "Usually answers within %(count)d days.",
            found.usual_days,
        ) % {"count": found.usual_days}
    else:
        said = ngettext(
            "Answers within %(count)d working day.",
            "Answers within %(count)d working days.",
            found.working_days,
        ) % {"count": found.working_days}
    if found.closed_from is None or found.closed_until is None:
        return said
    last = found.closed_until - timedelta(days=1)
    days = {"first": day_label(found.closed_from), "last": day_label(last)}
    if found.closed_from <= today:
        closed = _("Closed until %(last)s.") % days
    else:
        closed = _("Closed from %(first)s to %(last)s.") % days
    return f"{said} {closed}"


def late_owners(booking: Booking, lines: Sequence[Line], reader: Reader) -> tuple[Late, ...]:
    """For who asked: each owner that has not answered in time."""
    if booking.borrower_id is None or not reader.viewer.may("staff", booking.borrower_id):
        return ()
    late = [line for line in lines if not_answered(line, reader.viewer.now)]
    found = []
    for lender in dict.fromkeys(line.lender_id for line in late):
        theirs = [line for line in late if line.lender_id == lender]
        house, phone = asks_after(theirs[0])
        due = min(line.answer_due_at for line in theirs if line.answer_due_at is not None)
        found.append(
            Late(
                lender=str(theirs[0].lender.uid),
                title=_("%(house)s has not answered yet") % {"house": house},
                things=", ".join(
                    dict.fromkeys(line_title(line, reader.language) for line in theirs)
                ),
                due=reader.clock.moment(due),
                phone=phone,
            )
        )
    return tuple(found)
