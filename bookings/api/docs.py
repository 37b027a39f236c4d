"""Shapes of answers about resources and bookings, for the OpenAPI document."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from bookings.models import CameBy, OfferKind
from bookings.states import BookingState, LineState, OfferState, WatchState
from cooperative.api.serializers import InstitutionBrief
from sharing.models import Handover
from sharing.models.terms import FeeKind

from .answers import CallDoc
from .docs_refusals import AlternativeDoc, ReasonDoc, codes


class OfferDoc(serializers.Serializer[Any]):
    """Another time, number or thing proposed for a line, or what came free for who waited; kept until answered."""

    id = serializers.UUIDField()
    kind = codes(OfferKind.values)
    state = codes(OfferState.values)
    booking = serializers.UUIDField()
    line = serializers.UUIDField(
        allow_null=True, help_text="Null: a skipped date that came free; taken, it becomes a line."
    )
    made_by = codes(["lender", "borrower"])
    resource = serializers.UUIDField()
    title = serializers.CharField()
    owner = InstitutionBrief()
    units = serializers.IntegerField()
    use_starts_at = serializers.DateTimeField()
    use_ends_at = serializers.DateTimeField(help_text="Exclusive.")
    event_starts_at = serializers.DateTimeField()
    event_ends_at = serializers.DateTimeField()
    setup_minutes = serializers.IntegerField()
    strike_minutes = serializers.IntegerField()
    zone = serializers.CharField(help_text="The owner's IANA zone.")
    note = serializers.CharField(allow_blank=True)
    created_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField(help_text="Until when it can be taken.")
    decided_at = serializers.DateTimeField(allow_null=True)
    actions = serializers.ListField(
        child=serializers.CharField(),
        help_text="What you may do now: `POST /api/v1/offers/{id}/{action}/`.",
    )

    class Meta:
        ref_name = "Offer"


class WantedDoc(serializers.Serializer[Any]):
    """A length in a period."""

    minutes = serializers.IntegerField()
    weekdays = serializers.IntegerField(allow_null=True)
    from_minute = serializers.IntegerField(allow_null=True)
    until_minute = serializers.IntegerField(allow_null=True)

    class Meta:
        ref_name = "WantedShown"


class FeeDoc(serializers.Serializer[Any]):
    """What was agreed with the answer, whatever the terms became since."""

    kind = codes(FeeKind.values)
    amount = serializers.DecimalField(max_digits=10, decimal_places=2, allow_null=True)
    currency = serializers.CharField()
    unit = serializers.CharField(allow_blank=True, help_text="For each of these; empty = in all.")
    ground = serializers.CharField(allow_blank=True)

    class Meta:
        ref_name = "AgreedFee"


class DayContactDoc(serializers.Serializer[Any]):
    """Who is there on the day, where, and what to know at the door."""

    name = serializers.CharField(allow_blank=True)
    phone = serializers.CharField(allow_blank=True)
    place = serializers.CharField(allow_blank=True)
    note = serializers.CharField(allow_blank=True)

    class Meta:
        ref_name = "DayContact"


class LineDoc(serializers.Serializer[Any]):
    """One resource at one time, with its answer."""

    id = serializers.UUIDField()
    booking = serializers.UUIDField()
    state = codes(LineState.values)
    resource = serializers.UUIDField()
    title = serializers.CharField(help_text="As it was when asked for.")
    owner = InstitutionBrief()
    units = serializers.IntegerField()
    use_starts_at = serializers.DateTimeField(help_text="With set-up.")
    use_ends_at = serializers.DateTimeField(help_text="With strike; exclusive.")
    event_starts_at = serializers.DateTimeField()
    event_ends_at = serializers.DateTimeField()
    setup_minutes = serializers.IntegerField()
    strike_minutes = serializers.IntegerField()
    zone = serializers.CharField(help_text="The owner's IANA zone.")
    series = serializers.UUIDField(allow_null=True, help_text="The series that it is a date of.")
    series_on = serializers.DateField(
        allow_null=True, help_text="Which date of it, also where it was moved."
    )
    second_in_line = serializers.BooleanField()
    waiting = serializers.BooleanField(help_text="On the waiting list.")
    least_units = serializers.IntegerField(
        allow_null=True, help_text="On the waiting list: as few as will do."
    )
    place = serializers.IntegerField(
        allow_null=True, help_text="On the waiting list: which in the queue; 1 = next."
    )
    wanted = WantedDoc(
        allow_null=True, help_text="So long is wished for somewhere in its time; null = just then."
    )
    offers = OfferDoc(many=True, help_text="Open proposals about it.")
    waived = serializers.ListField(
        child=serializers.CharField(),
        help_text="Codes of house rules that the owner is asked to waive.",
    )
    expires_at = serializers.DateTimeField(
        allow_null=True, help_text="Until when it is kept without an answer."
    )
    decided_at = serializers.DateTimeField(allow_null=True)
    answer_due_at = serializers.DateTimeField(
        allow_null=True, help_text="Three of the owner's working days after it was sent."
    )
    not_answered_yet = serializers.BooleanField(help_text="An answer was due and did not come.")
    keeps_waiting_at = serializers.DateTimeField(
        allow_null=True, help_text="When whoever asked said that they wait on."
    )
    call = CallDoc(allow_null=True, help_text="For who asked, where no answer came: whom to call.")
    told_at = serializers.DateTimeField(
        allow_null=True,
        help_text="For its owner: when the other side was told by phone of what came in the way.",
    )
    fee = FeeDoc(allow_null=True, help_text="Null before the answer.")
    decline_code = serializers.CharField(
        allow_blank=True,
        help_text="The reason of a no in the field's words; empty = in own words alone.",
    )
    day_contact = DayContactDoc(
        allow_null=True,
        help_text="For the borrower of a confirmed line, until two weeks after it.",
    )
    inner_note = serializers.CharField(
        required=False, help_text="A note with the answer, for the owner's people alone."
    )
    handover = codes(Handover.values)
    units_out = serializers.IntegerField(allow_null=True)
    units_back = serializers.IntegerField(allow_null=True)
    rest_of = serializers.UUIDField(
        allow_null=True, help_text="The loan of which these units were not brought back."
    )
    short_units = serializers.IntegerField(
        allow_null=True,
        help_text="How many of its units are not back yet from somebody else, shortly before it begins.",
    )
    handed_over_at = serializers.DateTimeField(allow_null=True)
    returned_at = serializers.DateTimeField(allow_null=True)
    actions = serializers.ListField(
        child=serializers.CharField(),
        help_text="What you may do now: `POST /api/v1/booking-lines/{id}/{action}/`.",
    )

    class Meta:
        ref_name = "Line"


class LeftOutDoc(serializers.Serializer[Any]):
    """A date of a series that is no line, and why."""

    date = serializers.DateField()
    reason = codes(
        [
            "exception",
            "public_holiday",
            "school_holiday",
            "time_does_not_exist",
            "time_twice",
            "not_possible",
        ]
    )
    message = serializers.CharField()

    class Meta:
        ref_name = "LeftOutDate"


class WatchDoc(serializers.Serializer[Any]):
    """A date that was taken and is watched: it is offered when it comes free."""

    id = serializers.UUIDField()
    date = serializers.DateField()
    state = codes(WatchState.values)
    units = serializers.IntegerField()
    use_starts_at = serializers.DateTimeField()
    use_ends_at = serializers.DateTimeField()
    waiting_since = serializers.DateTimeField()

    class Meta:
        ref_name = "Watch"


class SeriesDoc(serializers.Serializer[Any]):
    """A line that repeats: its dates are the lines that name it, the watches, and what was left out."""

    id = serializers.UUIDField()
    resource = serializers.UUIDField()
    sentence = serializers.CharField(help_text="All of it in the reader's language.")
    rule = serializers.CharField()
    exceptions = serializers.ListField(child=serializers.DateField())
    additions = serializers.ListField(child=serializers.DateField())
    skip_public_holidays = serializers.BooleanField()
    skip_school_holidays = serializers.BooleanField()
    first_on = serializers.DateField()
    until_on = serializers.DateField(allow_null=True, help_text="Its last date.")
    starts_minute = serializers.IntegerField(help_text="From midnight on the owner's wall clock.")
    length_minutes = serializers.IntegerField()
    zone = serializers.CharField()
    units = serializers.IntegerField()
    one_answer = serializers.BooleanField()
    follows = serializers.UUIDField(allow_null=True, help_text="The series it took over from.")
    left_out = LeftOutDoc(many=True)
    watches = WatchDoc(many=True)

    class Meta:
        ref_name = "Series"


class BookingDoc(serializers.Serializer[Any]):
    """A request with its lines; a lender sees its own lines."""

    id = serializers.UUIDField()
    state = codes(BookingState.values)
    title = serializers.CharField(allow_blank=True)
    purpose = serializers.CharField(allow_blank=True)
    event_kind = serializers.CharField(allow_blank=True)
    expected_people = serializers.IntegerField(allow_null=True)
    open_to_public = serializers.BooleanField(allow_null=True)
    free_entry = serializers.BooleanField(allow_null=True)
    responsible_person = serializers.CharField(allow_blank=True)
    responsible_phone = serializers.CharField(allow_blank=True)
    access_needs = serializers.CharField(allow_blank=True)
    remarks = serializers.CharField(allow_blank=True)
    all_or_nothing = serializers.BooleanField()
    borrower = InstitutionBrief(allow_null=True, help_text="Null for an outside party.")
    outside_name = serializers.CharField(allow_blank=True)
    outside_phone = serializers.CharField(allow_blank=True)
    outside_email = serializers.CharField(allow_blank=True)
    entered_by = serializers.CharField(
        allow_blank=True, help_text="Who wrote it in for the owner; empty where it was asked for."
    )
    came_by = codes(["", *CameBy.values])
    asked_by = serializers.CharField(allow_blank=True)
    created_at = serializers.DateTimeField()
    sent_at = serializers.DateTimeField(allow_null=True)
    lines = LineDoc(many=True)
    series = SeriesDoc(many=True)

    class Meta:
        ref_name = "Booking"


class ProposedOfferDoc(serializers.Serializer[Any]):
    """What became of a proposal: `applied` to the line at once, or an `offer` that waits for the other side."""

    applied = serializers.BooleanField()
    line = LineDoc()
    offer = OfferDoc(allow_null=True)

    class Meta:
        ref_name = "ProposedOffer"


class RefusedLineDoc(serializers.Serializer[Any]):
    """A line, or one date of a line that repeats, that was left out."""

    index = serializers.IntegerField()
    date = serializers.DateField(allow_null=True)
    watched = serializers.BooleanField(help_text="It is offered when it comes free.")
    reasons = ReasonDoc(many=True)
    alternatives = AlternativeDoc(many=True)

    class Meta:
        ref_name = "RefusedLine"


class RequestedDoc(BookingDoc):
    """What was stored."""

    refused = RefusedLineDoc(
        many=True, required=False, help_text="With `all_or_nothing` false: what was left out."
    )

    class Meta:
        ref_name = "RequestedBooking"


class ProposedDoc(serializers.Serializer[Any]):
    """What a line would become; of a line that repeats what each of its dates would. `state` or `reasons`."""

    index = serializers.IntegerField()
    resource = serializers.UUIDField()
    date = serializers.DateField(allow_null=True, help_text="Of a line that repeats.")
    use_starts_at = serializers.DateTimeField(
        allow_null=True,
        help_text="Null where the clock does not show this time, or shows it twice.",
    )
    use_ends_at = serializers.DateTimeField(allow_null=True)
    event_starts_at = serializers.DateTimeField(allow_null=True)
    event_ends_at = serializers.DateTimeField(allow_null=True)
    state = codes(LineState.values, allow_null=True)
    expires_at = serializers.DateTimeField(allow_null=True)
    reasons = ReasonDoc(many=True)

    class Meta:
        ref_name = "ProposedLine"


class LeftOutOfLineDoc(LeftOutDoc):
    """A date of a line that repeats which is not asked for."""

    index = serializers.IntegerField()

    class Meta:
        ref_name = "LeftOutOfLine"


class StillToSayDoc(serializers.Serializer[Any]):
    """A field of the booking that is empty and has to be there when it is sent."""

    line = serializers.IntegerField(
        allow_null=True,
        help_text="For which line its owner needs it; null = of the booking itself.",
    )
    field = serializers.CharField()
    code = codes(["needed_by_owner", "required"])
    message = serializers.CharField(help_text="A sentence in the reader's language.")

    class Meta:
        ref_name = "StillToSay"


class CheckDoc(serializers.Serializer[Any]):
    """What would become of a request; nothing is stored."""

    possible = serializers.BooleanField()
    waivable = serializers.BooleanField(
        help_text="Not possible, but it can be sent with `ask_anyway`: only house rules stand in the way."
    )
    reasons = ReasonDoc(many=True)
    alternatives = AlternativeDoc(many=True)
    proposed = ProposedDoc(many=True)
    left_out = LeftOutOfLineDoc(many=True)
    still_to_say = StillToSayDoc(
        many=True, help_text="What has to be said when it is sent; no reason against the time."
    )

    class Meta:
        ref_name = "Check"


class AskedChangeDoc(serializers.Serializer[Any]):
    """A date that keeps its time until its owner says yes to the new one."""

    line = serializers.UUIDField()
    offer = serializers.UUIDField()

    class Meta:
        ref_name = "AskedChange"


class KeptDateDoc(serializers.Serializer[Any]):
    """A date that keeps its old time, and why."""

    line = serializers.UUIDField()
    date = serializers.DateField()
    reasons = ReasonDoc(many=True)

    class Meta:
        ref_name = "KeptDate"


class ChangedSeriesDoc(serializers.Serializer[Any]):
    """What became of this and following. Nobody loses a date by it."""

    ended = serializers.UUIDField(help_text="The series that ends before.")
    begun = serializers.UUIDField(help_text="The one that begins.")
    moved = serializers.ListField(child=serializers.UUIDField(), help_text="Lines that have it.")
    asked = AskedChangeDoc(many=True)
    kept = KeptDateDoc(many=True)
    added = serializers.ListField(child=serializers.UUIDField(), help_text="Lines of new dates.")
    refused = RefusedLineDoc(many=True)
    booking = BookingDoc()

    class Meta:
        ref_name = "ChangedSeries"
