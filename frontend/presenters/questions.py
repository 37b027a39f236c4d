"""Questions before any date, as rows and as a conversation."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from bookings.models import Enquiry
from frontend.components import StateChip, Waiting
from frontend.presenters.reader import Reader
from frontend.presenters.texts import title_of

LONGEST = 90


def question_title(enquiry: Enquiry, language: str) -> str:
    """The thing's, as it was when somebody first asked."""
    return title_of(enquiry.shown.get("titles", {}), language)


def question_rows(found: Iterable[Enquiry], *, reader: Reader) -> tuple[Waiting, ...]:
    """Each with the other side and the beginning of what was written last; those of `enquiries_of`."""
    return tuple(
        Waiting(
            title=question_title(one, reader.language),
            url=reverse("frontend:question", args=[one.uid]),
            detail=" · ".join(
                part
                for part in (
                    str(one.asker if _keeps(one, reader) else one.lender),
                    _beginning(one.last_words),  # type: ignore[attr-defined]
                )
                if part
            ),
            due=reader.clock.moment(one.last_at),
            chip=_chip(one, reader),
        )
        for one in found
    )


def _keeps(enquiry: Enquiry, reader: Reader) -> bool:
    return enquiry.lender_id == reader.acting


def _chip(enquiry: Enquiry, reader: Reader) -> StateChip | None:
    if enquiry.last_for != enquiry.asker_id:  # type: ignore[attr-defined]
        return None
    words = _("Waiting for our answer") if _keeps(enquiry, reader) else _("not answered yet")
    return StateChip(state="asked", label=words)


def _beginning(words: str) -> str:
    joined = " ".join(words.split())
    return joined if len(joined) <= LONGEST else f"{joined[: LONGEST - 1].rstrip()}…"
