"""What the ask panel answers while one types."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bookings.queries.listing import Listing
from bookings.services.request.checking import check_booking
from bookings.wishes import BookingWish
from cooperative.errors import Invalid
from frontend.forms.asking import AskForm
from frontend.forms.repeating import RepeatForm
from frontend.presenters.asking import (
    PanelAnswer,
    checked,
    checked_series,
    missing_words,
    unfinished,
    when_fetched,
)
from frontend.presenters.reader import Reader

from .resource_seen import Seen


def answer_to(seen: Seen, form: AskForm, reader: Reader, repeat: RepeatForm) -> PanelAnswer:
    """Whether what is typed can be had; puts what is wrong on `form`, or on `repeat`."""
    if reader.acting is None or not form.is_valid() or form.half:
        return unfinished(form)
    if repeat.active and seen.how == "times":
        return _series_answer(seen.listing, form, reader, repeat)
    uid = seen.listing.resource.uid
    lines = form.with_beside(form.line_wish(uid))
    wish = BookingWish(lines=lines, once=True, **_said(form))
    try:
        found = check_booking(by=reader.viewer, institution=reader.acting, wish=wish)
    except Invalid as error:
        form.take_refusal(error)
        return unfinished(form)
    answer = checked(found, form, reader=reader, title=seen.title)
    missing = missing_words(found, form)
    return replace(answer, fetching=when_fetched(form, reader=reader), missing=missing)


def _said(form: AskForm) -> dict[str, Any]:
    """What was typed of the booking itself; its title may come last."""
    said = form.description()
    return {**said, "title": said.get("title") or "?"}


def _series_answer(
    listing: Listing, form: AskForm, reader: Reader, repeat: RepeatForm
) -> PanelAnswer:
    assert reader.acting is not None
    if not repeat.is_valid():
        return unfinished(form, repeat)
    try:
        wish = form.series_wish(listing.resource.uid, repeat)
        if repeat.errors:
            return unfinished(form, repeat)
        whole = BookingWish(series=(wish,), all_or_nothing=False, **_said(form))
        found = check_booking(by=reader.viewer, institution=reader.acting, wish=whole)
    except Invalid as error:
        if not repeat.errors:
            form.take_refusal(error)
        return unfinished(form, repeat)
    typed = {name: str(value) for name, value in repeat.data.items()}
    answer = checked_series(found, wish, form, reader=reader, typed=typed)
    return replace(answer, missing=missing_words(found, form))
