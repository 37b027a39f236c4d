"""What is entered in the week of a thing, and what gives its time free."""

from __future__ import annotations

from django.contrib import messages
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookings.services.blocks import add_block, remove_block
from bookings.services.series.blocks import remove_blocks
from bookings.services.write_in import write_in
from bookings.wishes import BookingWish, LineWish
from cooperative.access.middleware import ViewedRequest
from cooperative.errors import Invalid
from cooperative.institutions.models import Institution
from cooperative.institutions.queries import institutions
from frontend.forms.giving_way import chosen
from frontend.forms.repeating import RepeatForm
from frontend.forms.week import PHONE, EntryForm
from sharing.models import Resource

from .keepers import say_what_came_back
from .sent import uid_sent
from .week_series import enter_series


def removes(request: ViewedRequest) -> bool:
    """Whether time is given free, and nothing entered."""
    return request.POST.get("action") in {"remove", "remove_following"}


def remove(request: ViewedRequest) -> None:
    """Give the time of one block free, or of all that follow in its series."""
    block = uid_sent(request.POST.get("block"))
    if request.POST.get("action") == "remove":
        say_what_came_back(request, remove_block(by=request.viewer, block=block))
        return
    count = remove_blocks(by=request.viewer, block=block)
    words = ngettext("%(count)d date is free again.", "%(count)d dates are free again.", count)
    messages.success(request, words % {"count": count})


def enter(request: ViewedRequest, listing: Resource, form: EntryForm, repeat: RepeatForm) -> bool:
    """Whether it was; nothing is where the form does not say for whom, which it then says itself."""
    data = form.cleaned_data
    if form.starts_at is None or form.ends_at is None:
        raise Invalid({"start": _("Say from when until when.")})
    whom = None
    if data["kind"] == PHONE:
        whom = form.written_for(members_of(request), listing.owner_id)
        if whom is None:
            return False
    if repeat.active:
        enter_series(request, listing, form, repeat, hit=chosen(request.POST).hit, whom=whom)
        return True
    if whom is not None:
        line = LineWish(
            resource=listing.uid,
            starts_at=form.starts_at,
            ends_at=form.ends_at,
            units=data.get("units") or 1,
        )
        write_in(
            by=request.viewer,
            lender=listing.owner_id,
            wish=BookingWish(lines=(line,), **form.about()),
            whom=whom,
        )
        messages.success(request, _("Written in: the time is booked."))
        return True
    way = chosen(request.POST)
    add_block(
        by=request.viewer,
        resource=listing.uid,
        starts_at=form.starts_at,
        ends_at=form.ends_at,
        kind=data["kind"],
        title=data["title"],
        units=data.get("units"),
        hit=way.hit,
        shrink=way.shrink,
    )
    messages.success(request, _("Entered. Others see this time as taken."))
    return True


def members_of(request: ViewedRequest) -> list[Institution]:
    """Whom something may be written in for."""
    return list(institutions(request.viewer))
