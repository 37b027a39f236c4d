"""What calls carry that write in, and that correct what a booking is about."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from bookings.models import CameBy
from bookings.services.write_in import WrittenFor
from bookings.wishes import LONGEST_TEXT
from cooperative.access.viewer import Viewer
from cooperative.api.acting import ACTING
from cooperative.api.fields import Body, Code, Text, Uid, Whole, YesNo
from cooperative.errors import Invalid, NotFound
from cooperative.institutions.queries import institutions

from .bodies import BookedBody, optional_text


class WriteInBody(BookedBody):
    """A booking of your own things that was agreed elsewhere, for `borrower` or for somebody outside by name."""

    borrower = Uid(
        required=False,
        help_text="The `id` of a member, your own house included; it sees the booking and may correct it.",
    )
    outside_name = optional_text(
        200, help_text="Somebody without an account, in place of `borrower`."
    )
    outside_phone = optional_text(40)
    outside_email = optional_text(254)
    came_by = Code(CameBy.values, required=False, default=CameBy.PHONE.value)

    class Meta:
        ref_name = "WriteIn"


class CorrectBody(Body):
    """What becomes different; what is left out stays. The last four only of somebody outside, by who wrote it in."""

    institution = Uid(required=False, help_text=ACTING)
    title = Text(max_length=200, allow_blank=True, required=False)
    purpose = Text(max_length=LONGEST_TEXT, allow_blank=True, required=False)
    event_kind = Text(max_length=40, allow_blank=True, required=False)
    expected_people = Whole(min_value=0, max_value=1_000_000, required=False, allow_null=True)
    open_to_public = YesNo(required=False, allow_null=True)
    free_entry = YesNo(required=False, allow_null=True)
    responsible_person = Text(max_length=200, allow_blank=True, required=False)
    responsible_phone = Text(max_length=40, allow_blank=True, required=False)
    access_needs = Text(max_length=LONGEST_TEXT, allow_blank=True, required=False)
    remarks = Text(max_length=LONGEST_TEXT, allow_blank=True, required=False)
    outside_name = Text(max_length=200, required=False)
    outside_phone = Text(max_length=40, allow_blank=True, required=False)
    outside_email = Text(max_length=254, allow_blank=True, required=False)
    came_by = Code(CameBy.values, required=False)

    class Meta:
        ref_name = "CorrectBooking"


def written_for(read: dict[str, Any], *, by: Viewer) -> WrittenFor:
    """For whom a `WriteInBody` is. Raises `NotFound` for a member that is not there, `Invalid`."""
    uid = read.get("borrower")
    if uid is None:
        return WrittenFor(
            name=read["outside_name"],
            phone=read["outside_phone"],
            email=read["outside_email"],
            came_by=read["came_by"],
        )
    outside = [name for name in ("outside_name", "outside_phone", "outside_email") if read[name]]
    if outside:
        raise Invalid({name: _("Either a member or somebody outside.") for name in outside})
    found = institutions(by).filter(uid=uid).values_list("pk", flat=True).first()
    if found is None:
        raise NotFound
    return WrittenFor(borrower=found, came_by=read["came_by"])
