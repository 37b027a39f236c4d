"""Entering on a thing's week what repeats: own programme, closures, and what somebody asked by phone."""

from __future__ import annotations

from uuid import UUID

from bookings.recurrence.wish import SeriesWish
from bookings.services.series.blocks import BlockWish, add_blocks, look_at_blocks
from bookings.services.write_in import WrittenFor, check_write_in, write_in_series
from bookings.wishes import BookingWish
from cooperative.access.middleware import ViewedRequest
from cooperative.errors import Invalid
from frontend.forms.repeating import RepeatForm
from frontend.forms.week import PHONE, EntryForm
from frontend.presenters.reader import reader_of
from frontend.presenters.repeating import DatesPreview, blocks_preview, dates_preview
from sharing.models import Resource

from .keepers import say_what_was_entered


def enter_series(
    request: ViewedRequest,
    listing: Resource,
    form: EntryForm,
    repeat: RepeatForm,
    *,
    hit: tuple[UUID, ...] | None,
    whom: WrittenFor | None,
) -> None:
    """Enter every date, for `whom` where somebody asked. Raises `WouldHit`, `BookingRefused`, `Invalid`."""
    if whom is not None:
        written = write_in_series(
            by=request.viewer,
            lender=listing.owner_id,
            wish=_written(listing, form, repeat),
            whom=whom,
        )
        say_what_was_entered(request, len(written.lines), written.refused)
        return
    blocked = add_blocks(by=request.viewer, wish=_blocked(listing, form, repeat), hit=hit)
    say_what_was_entered(request, len(blocked.blocks), blocked.refused)


def preview_of(
    request: ViewedRequest, listing: Resource, form: EntryForm, repeat: RepeatForm
) -> DatesPreview | None:
    """Every date as it would be; None where the forms cannot be judged, which they then say."""
    if not (repeat.active and form.is_valid() and repeat.is_valid()):
        return None
    reader, zone = reader_of(request), form.zone
    typed = {name: str(value) for name, value in repeat.data.items()}
    try:
        if form.cleaned_data["kind"] == PHONE:
            wish = _written(listing, form, repeat)
            check = check_write_in(by=request.viewer, lender=listing.owner_id, wish=wish)
            whole = wish.series[0].repetition
            return dates_preview(check, whole, reader=reader, zone=zone, typed=typed)
        wanted = _blocked(listing, form, repeat)
        looked = look_at_blocks(by=request.viewer, wish=wanted)
        return blocks_preview(looked, wanted.repetition, reader=reader, zone=zone, typed=typed)
    except Invalid as error:
        if not repeat.errors:
            repeat.add_error(None, [str(one) for said in error.errors.values() for one in said])
        return None


def _blocked(listing: Resource, form: EntryForm, repeat: RepeatForm) -> BlockWish:
    data = form.cleaned_data
    assert form.starts_at is not None
    assert form.ends_at is not None
    whole = repeat.between(form.starts_at, form.ends_at)
    return BlockWish(
        resource=listing.uid,
        repetition=whole,
        kind=data["kind"],
        title=data["title"],
        units=data.get("units"),
        moved=tuple(repeat.moved(whole).items()),
    )


def _written(listing: Resource, form: EntryForm, repeat: RepeatForm) -> BookingWish:
    data = form.cleaned_data
    assert form.starts_at is not None
    assert form.ends_at is not None
    whole = repeat.between(form.starts_at, form.ends_at)
    series = SeriesWish(
        resource=listing.uid,
        repetition=whole,
        units=data.get("units") or 1,
        moved=repeat.moved(whole),
    )
    return BookingWish(series=(series,), all_or_nothing=False, **form.about())
