"""Questions before any date, as rows and as a conversation."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from bookings.models import Enquiry
from bookings.queries.enquiries import Question
from frontend.components import StateChip, Waiting
from frontend.presenters.reader import Reader
from frontend.presenters.texts import title_of

LONGEST = 90


def question_title(enquiry: Enquiry, language: str) -> str:
    """The thing's, as it was when somebody first asked."""
    return title_of(enquiry.shown.get("titles", {}), language)


def question_rows(found: Iterable[Question], *, reader: Reader) -> tuple[Waiting, ...]:
    """Each with the other side and the beginning of what was written last."""
    return tuple(_row(one, reader) for one in found)


def _row(question: Question, reader: Reader) -> Waiting:
    enquiry = question.enquiry
    other = enquiry.asker if _keeps(enquiry, reader) else enquiry.lender
    said = _beginning(question.last.body)
    return Waiting(
        title=question_title(enquiry, reader.language),
        url=reverse("frontend:question", args=[enquiry.uid]),
        detail=" · ".join(part for part in (str(other), said) if part),
        due=reader.clock.moment(enquiry.last_at),
        chip=_chip(question, reader),
    )


def _keeps(enquiry: Enquiry, reader: Reader) -> bool:
    return enquiry.lender_id == reader.acting


def _chip(question: Question, reader: Reader) -> StateChip | None:
    if question.answered:
        return None
    ours = _keeps(question.enquiry, reader)
    words = _("Waiting for our answer") if ours else _("not answered yet")
    return StateChip(state="asked", label=words)


def _beginning(words: str) -> str:
    joined = " ".join(words.split())
    return joined if len(joined) <= LONGEST else f"{joined[: LONGEST - 1].rstrip()}…"
