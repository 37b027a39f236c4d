"""What calls about bookings and their lines carry."""

from __future__ import annotations

from dataclasses import fields
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from rest_framework.serializers import ListSerializer

from bookings.answers import FeeWish
from bookings.models import Line
from bookings.periods import EVERY_DAY, LONGEST_PERIOD, Wanted
from bookings.queries.places import places_of
from bookings.recurrence.wish import SeriesWish
from bookings.states import BookingState, OfferState
from bookings.wishes import (
    DESCRIPTION,
    LONGEST_TEXT,
    MOST_LINES,
    MOST_MINUTES_AROUND,
    MOST_UNITS,
    BookingWish,
    LineWish,
)
from cooperative.access.viewer import Viewer
from cooperative.api.acting import ACTING, InstitutionQuery
from cooperative.api.fields import (
    Body,
    Code,
    Instant,
    Text,
    Uid,
    Whole,
    YesNo,
)
from cooperative.api.problems import FieldError
from sharing.models.terms import FeeKind

from .amounts import Amount
from .fetching import fill_in_the_desk
from .series import SeriesBody, series_wish

MOST_WANTED = int(LONGEST_PERIOD.total_seconds() // 60)


class WantedBody(Body):
    """So long, somewhere in the time of the line, which is a period: its owner answers with times (`offers`)."""

    minutes = Whole(min_value=5, max_value=MOST_WANTED)
    weekdays = Whole(
        min_value=1,
        max_value=EVERY_DAY,
        required=False,
        allow_null=True,
        default=None,
        help_text="Bits of the days that suit, 1 = Monday to 64 = Sunday, added up; null = any.",
    )
    from_minute = Whole(
        min_value=0,
        max_value=1440,
        required=False,
        allow_null=True,
        default=None,
        help_text="Minutes from midnight on the owner's clock: not before.",
    )
    until_minute = Whole(min_value=0, max_value=1440, required=False, allow_null=True, default=None)

    class Meta:
        ref_name = "Wanted"


class LineBody(Body):
    """One resource at one time. Used from `starts_at` - `setup_minutes` to `ends_at` + `strike_minutes`."""

    resource = Uid(help_text="The `id` of the resource.")
    starts_at = Instant(
        required=False,
        help_text="May be left out, with `ends_at`, where the event is given: used when the event is; what is fetched "
        "in its keeper's last hours before and first hours after it.",
    )
    ends_at = Instant(required=False, help_text="Exclusive; 5 minutes to 366 days after the start.")
    event_starts_at = Instant(
        required=False, help_text="Where the event itself is shorter: inside the time of use."
    )
    event_ends_at = Instant(required=False)
    units = Whole(min_value=1, max_value=MOST_UNITS, required=False, default=1)
    setup_minutes = Whole(min_value=0, max_value=MOST_MINUTES_AROUND, required=False, default=0)
    strike_minutes = Whole(min_value=0, max_value=MOST_MINUTES_AROUND, required=False, default=0)
    second_in_line = YesNo(
        required=False,
        default=False,
        help_text="Ask although it is kept for somebody who asked first.",
    )
    waiting_list = YesNo(
        required=False,
        default=False,
        help_text="Where it is taken, wait for it: what comes free is offered in order, for some hours.",
    )
    least_units = Whole(
        min_value=1,
        max_value=MOST_UNITS,
        required=False,
        allow_null=True,
        default=None,
        help_text="On the waiting list: as few as will do. Null = all or none.",
    )
    wanted = WantedBody(
        required=False, help_text="A length in a period, instead of a time. At most 92 days."
    )
    series = SeriesBody(
        required=False, help_text="To have it again and again: each date is a line of the booking."
    )

    def read_members(self, sent: Any, at: str, errors: list[FieldError]) -> dict[str, Any]:
        """Either the times of use, or both of the event."""
        made = super().read_members(sent, at, errors)
        of_use, of_event = ("starts_at", "ends_at"), ("event_starts_at", "event_ends_at")
        by_event = isinstance(sent, dict) and all(name in sent for name in of_event)
        if isinstance(sent, dict) and not (by_event and not any(name in sent for name in of_use)):
            errors.extend(
                FieldError(f"{at}{name}", "required", _("Please fill this in."))
                for name in of_use
                if name not in sent
            )
        return made

    class Meta:
        ref_name = "NewLine"


def optional_text(longest: int, **kwargs: Any) -> Text:
    """A text that may be left out, which is the same as an empty one."""
    return Text(max_length=longest, allow_blank=True, required=False, default="", **kwargs)


class BookedBody(Body):
    """What is booked, and what for: `title` or `purpose` must say."""

    institution = Uid(required=False, help_text=ACTING)
    title = optional_text(200)
    purpose = optional_text(LONGEST_TEXT)
    event_kind = optional_text(40)
    expected_people = Whole(
        min_value=0, max_value=1_000_000, required=False, allow_null=True, default=None
    )
    open_to_public = YesNo(required=False, allow_null=True, default=None)
    free_entry = YesNo(required=False, allow_null=True, default=None)
    responsible_person = optional_text(200)
    responsible_phone = optional_text(40)
    access_needs = optional_text(LONGEST_TEXT)
    remarks = optional_text(LONGEST_TEXT)
    all_or_nothing = YesNo(
        required=False,
        help_text=(
            "true: everything or nothing. false: what is possible; the rest comes back in `refused`. Left out it is "
            "true, and false where a line has `series`."
        ),
    )
    lines: ListSerializer[Any] = ListSerializer(
        child=LineBody(), min_length=1, max_length=MOST_LINES
    )


class BookingBody(BookedBody):
    """A request for one or many things, of one or many owners. `title` or `purpose` must say what it is for."""

    ask_anyway = optional_text(
        2_000,
        help_text="A word why the owner should make an exception, where only waivable house rules stand in the way.",
    )

    class Meta:
        ref_name = "NewBooking"


def wish_of(read: dict[str, Any], *, by: Viewer) -> BookingWish:
    """The wish that a `BookingBody` means. Raises `UnknownResource` and `Invalid` of what repeats."""
    fill_in_the_desk([line for line in read["lines"] if "starts_at" not in line], by=by)
    lines, repeated = [], []
    for number, line in enumerate(read["lines"]):
        if line.get("series") is not None:
            repeated.append((number, line))
        else:
            wanted = line.pop("wanted", None)
            lines.append(LineWish(**line, wanted=Wanted(**wanted) if wanted else None))
    series: tuple[SeriesWish, ...] = ()
    if repeated:
        places = places_of({line["resource"] for _number, line in repeated}, by=by)
        series = tuple(
            series_wish(line, number, places[line["resource"]].zone) for number, line in repeated
        )
    return BookingWish(
        lines=tuple(lines),
        series=series,
        all_or_nothing=read.get("all_or_nothing", not series),
        ask_anyway=read.get("ask_anyway", ""),
        **{name: read[name] for name in DESCRIPTION},
    )


class BookingsQuery(InstitutionQuery):
    """Which bookings are listed."""

    role = Code(
        ["borrower", "lender"],
        required=False,
        help_text="What you asked for, or what is asked of you.",
    )
    state = Code(BookingState.values, required=False)
    starts_at = Instant(required=False, help_text="Only with a time of use after this.")
    ends_at = Instant(required=False, help_text="Only with a time of use before this.")


class ActionBody(Body):
    """What is said along with an action."""

    note = optional_text(5_000, help_text="The other side reads it.")
    reason = optional_text(5_000)
    units = Whole(
        min_value=0,
        max_value=MOST_UNITS,
        required=False,
        allow_null=True,
        default=None,
        help_text="How many went out or came back, with `hand_over`, `give_back` and `lost`; all where left out.",
    )
    condition = optional_text(5_000, help_text="In what condition it went out or came back.")
    happened_at = Instant(
        required=False,
        allow_null=True,
        default=None,
        help_text="When it went out or came back, where that was noted without a network; at most 3 days ago.",
    )
    alone = YesNo(
        required=False,
        allow_null=True,
        default=None,
        help_text=(
            "With `approve`, `decline` and `reopen` of a date of a series: true = this date alone, false = all dates "
            "that stand as it does. Left out: as the series says (`one_answer`)."
        ),
    )

    class Meta:
        ref_name = "Action"


class ReasonedActionBody(ActionBody):
    """What is said along with an action that needs a reason."""

    reason = Text(max_length=5_000, help_text="Why; the other side reads it.")

    class Meta:
        ref_name = "ReasonedAction"


class FeeBody(Body):
    """What it costs, said with the yes or with a proposal. What is left out stays as the terms have it."""

    amount = Amount(required=False, allow_null=True, default=None, help_text="0 = free.")
    kind = Code(
        [FeeKind.FREE.value, FeeKind.COST_RECOVERY.value, FeeKind.PRICE.value],
        required=False,
        allow_null=True,
        default=None,
    )
    ground = optional_text(200, help_text="On what ground, as papers say it.")

    class Meta:
        ref_name = "FeeWish"


class ProposedBody(Body):
    """Another time, number or thing for a line. What is left out stays as the line has it."""

    resource = Uid(
        required=False, help_text="Another thing of the same owner; only its owner proposes one."
    )
    starts_at = Instant()
    ends_at = Instant(help_text="Exclusive.")
    event_starts_at = Instant(required=False)
    event_ends_at = Instant(required=False)
    units = Whole(min_value=1, max_value=MOST_UNITS, required=False)
    setup_minutes = Whole(min_value=0, max_value=MOST_MINUTES_AROUND, required=False)
    strike_minutes = Whole(min_value=0, max_value=MOST_MINUTES_AROUND, required=False)
    fee = FeeBody(
        required=False,
        allow_null=True,
        default=None,
        help_text="Named by its owner; has to be given where the terms say `to_be_agreed`. Taking it agrees to it.",
    )

    class Meta:
        ref_name = "Proposed"


class OfferBody(ProposedBody):
    """A proposal for a line: by its owner, or by who asked for it."""

    line = Uid(help_text="The `id` of the line that it is about.")
    note = optional_text(5_000, help_text="The other side reads it.")
    expires_at = Instant(
        required=False,
        help_text="Until when it can be taken: 3 of the owner's working days unless given, never beyond the start.",
    )

    class Meta:
        ref_name = "NewOffer"


class OfferAnswerBody(Body):
    """What is said along with an answer to a proposal."""

    note = optional_text(5_000, help_text="The other side reads it.")

    class Meta:
        ref_name = "OfferAnswer"


class OffersQuery(InstitutionQuery):
    """Which proposals are listed."""

    role = Code(
        ["borrower", "lender"],
        required=False,
        help_text="About what you asked for, or what is asked of you.",
    )
    state = Code(OfferState.values, required=False)


def fee_of(read: dict[str, Any]) -> FeeWish:
    """What an answer or a proposal says of the fee."""
    fee = read.get("fee")
    return FeeWish(**fee) if fee is not None else FeeWish()


def proposed_wish(read: dict[str, Any], line: Line) -> LineWish:
    """The wish that a `ProposedBody` about `line` means."""
    found = {
        "resource": UUID(line.shown["uid"]),
        "units": line.units,
        "setup_minutes": line.setup_minutes,
        "strike_minutes": line.strike_minutes,
    }
    names = {field.name for field in fields(LineWish)}
    return LineWish(**{**found, **{name: read[name] for name in read.keys() & names}})


class BookingActionBody(Body):
    """What is said along with an action on all lines."""

    institution = Uid(required=False, help_text=ACTING)
    note = optional_text(5_000, help_text="The other side reads it.")
    reason = optional_text(5_000)

    class Meta:
        ref_name = "BookingAction"


class SendBody(Body):
    """How a draft is sent."""

    institution = Uid(required=False, help_text=ACTING)
    ask_anyway = optional_text(2_000, help_text="As in a new booking.")

    class Meta:
        ref_name = "SendBooking"
