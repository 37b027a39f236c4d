"""Something was wrong: the list of an institution, one case for both sides and for moderators, their desk."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.case_steps import GO_ON_WITHIN, UNDER_WAY
from bookings.models import (
    Case,
    CaseKind,
    CaseState,
    Moment,
    Objection,
    Outcome,
    Sanction,
    SanctionKind,
)
from bookings.permissions import case_actions, case_sides, other_than
from bookings.queries.cases import CaseFile
from bookings.spans import Span
from cooperative.errors import Sentence
from frontend.components import Fact, Message, Photo, SentFile, StateChip, StoryItem, Waiting

from .moments import day_label
from .reader import Reader
from .story import story_items
from .talk import sent_files, sent_photos, talk_items
from .texts import line_title

ENDED: dict[str, Sentence] = {
    CaseState.SETTLED: gettext_lazy("Settled between the two. Nothing more follows."),
    CaseState.LAPSED: gettext_lazy("Nobody went on with it. Nothing more follows."),
}
FOLLOWS: dict[str, Sentence] = {
    Outcome.NOTHING: gettext_lazy("The moderators decided: nothing follows."),
    Outcome.NOTE: gettext_lazy("The moderators decided: a note to %(who)s."),
    Outcome.WARNING: gettext_lazy("The moderators decided: a warning to %(who)s, until %(day)s."),
    Outcome.PAUSE: gettext_lazy(
        "The moderators decided: %(who)s asks for nothing of others until %(day)s."
    ),
}


@dataclass(frozen=True, slots=True)
class HandOver:
    """What was photographed, or written down, when a thing went out or came back."""

    title: str
    photos: tuple[Photo, ...]
    files: tuple[SentFile, ...]


@dataclass(frozen=True, slots=True)
class CasePage:
    """One case. `next` says what is next, by whom and until when; `actions` what its reader may do."""

    title: str
    lead: str
    chip: StateChip
    next: str
    facts: tuple[Fact, ...]
    said: tuple[Message, ...]
    actions: frozenset[str]
    booking_url: str
    read: tuple[str, ...]
    photos: tuple[Photo, ...]
    files: tuple[SentFile, ...]
    handed: tuple[HandOver, ...]
    """What a moderator sees of the hand-overs of its line."""
    may_show: bool
    """Whether its reader may add photos and files."""
    talk: tuple[Message, ...]
    story: tuple[StoryItem, ...]
    moderates: bool
    first: str
    """The one action that is next for its reader."""


def title_of_case(case: Case, language: str) -> str:
    """`Left dirty: Mirror hall`."""
    return f"{kind_words(case)}: {line_title(case.line, language)}"


def kind_words(case: Case) -> str:
    words = str(CaseKind(case.kind).label)
    return words[:1].upper() + words[1:]


def last_day(at: datetime, zone: ZoneInfo | str) -> str:
    """The last whole day before an instant: `Fri 12 March 2027`."""
    local = (at - timedelta(microseconds=1)).astimezone(ZoneInfo(str(zone)))
    return day_label(local.date(), year=True)


def case_page(whole: CaseFile, *, reader: Reader, moderates: bool) -> CasePage:
    """A case as one of its sides, or a moderator, reads it."""
    case, viewer = whole.case, reader.viewer
    ours = frozenset(viewer.institutions)
    actions = frozenset(
        case_actions(case, whole.objections, viewer, other_moderators=whole.other_moderators)
    )
    line = case.line
    sides = [str(side) for side in (case.borrower or None, case.lender) if side is not None]
    when = reader.clock.span(Span(line.use_starts_at, line.use_ends_at), ZoneInfo(line.zone))
    order = ("answer", "decide", "answer_objection", "bring", "settle")
    return CasePage(
        title=title_of_case(case, reader.language),
        lead=" · ".join([when, *(sides or [line.booking.outside_name])]),
        chip=StateChip(state=_tone(case), label=str(CaseState(case.state).label)),
        next=_next(whole, reader, actions),
        facts=_facts(whole, reader),
        said=_said(whole, reader, ours),
        actions=actions,
        booking_url="" if moderates else reverse("frontend:booking", args=[line.booking.uid]),
        photos=sent_photos(whole.files),
        files=sent_files(whole.files),
        handed=_handed(whole),
        may_show=bool(case_sides(case, viewer)) and case.state in UNDER_WAY,
        read=tuple(reader.clock.moment(at) for at in whole.readings),
        talk=talk_items(
            whole.messages, whole.sent, reader=reader, ours=frozenset({case.lender_id})
        ),
        story=story_items(whole.events, [line], reader=reader),
        moderates=moderates,
        first=next((one for one in order if one in actions), ""),
    )


_HANDED: dict[str, Sentence] = {
    Moment.OUT: gettext_lazy("Handed out"),
    Moment.BACK: gettext_lazy("Given back"),
}


def _handed(whole: CaseFile) -> tuple[HandOver, ...]:
    found = []
    for moment, title in _HANDED.items():
        shown = [one for one in whole.handed if one.moment == moment]
        if shown:
            found.append(HandOver(str(title), sent_photos(shown), sent_files(shown)))
    return tuple(found)


def _tone(case: Case) -> str:
    """The state of a line that has the same weight."""
    if case.state in {CaseState.OPEN, CaseState.ANSWERED, CaseState.BROUGHT}:
        return "disputed"
    return "closed"


def _next(whole: CaseFile, reader: Reader, actions: frozenset[str]) -> str:
    case, moment = whole.case, reader.clock.moment
    zone = ZoneInfo(case.line.zone)
    if case.state in ENDED:
        return str(ENDED[case.state])
    if case.state == CaseState.DECIDED:
        return _decided(whole, zone, reader)
    if case.state == CaseState.BROUGHT:
        return _("It is with the moderators. They read both words and answer with a reason.")
    alone = other_than(case, case.opened_for_id) is None
    if alone:
        return _(
            "This is your own record: there is nobody across from you here. Close it when it is settled."
        )
    if case.state == CaseState.ANSWERED:
        words = {"until": moment((case.answered_at or case.opened_at) + GO_ON_WITHIN, zone)}
        return (
            _(
                "Both have said their word. Say that it is settled, or bring it to a moderator, until %(until)s; "
                "after that it is closed."
            )
            % words
        )
    words = {"until": moment(case.answer_due_at, zone)}
    if "answer" in actions:
        return (
            _("Say how you see it until %(until)s. For now it stays between the two of you.")
            % words
        )
    if reader.viewer.now >= case.answer_due_at:
        return _("No answer came for five days. It can be brought to a moderator.")
    return (
        _("The other side answers until %(until)s. For now it stays between the two of you.")
        % words
    )


def _decided(whole: CaseFile, zone: ZoneInfo, reader: Reader) -> str:
    case = whole.case
    end = next((one.ends_at for one in whole.sanctions), None)
    words = {
        "who": str(case.outcome_for or ""),
        "day": last_day(end, zone) if end is not None else "",
    }
    said = [str(FOLLOWS[case.outcome]) % words]
    if any(one.upheld for one in whole.objections):
        said.append(_("The objection was right: it is lifted."))
    elif case.objection_until is not None and reader.viewer.now < case.objection_until:
        until = {"until": reader.clock.moment(case.objection_until, zone)}
        said.append(_("It can be objected to until %(until)s.") % until)
    return " ".join(said)


def _facts(whole: CaseFile, reader: Reader) -> tuple[Fact, ...]:
    case, moment = whole.case, reader.clock.moment
    zone = ZoneInfo(case.line.zone)
    rows: list[tuple[str, datetime | None]] = [
        (_("%(who)s says: settled") % {"who": case.lender}, case.settled_by_lender_at),
        (_("%(who)s says: settled") % {"who": case.borrower}, case.settled_by_borrower_at),
        (_("With the moderators since"), case.brought_at),
        (_("Decided"), case.decided_at),
    ]
    return tuple(Fact(term=term, detail=moment(at, zone)) for term, at in rows if at is not None)


def _said(whole: CaseFile, reader: Reader, ours: frozenset[int]) -> tuple[Message, ...]:
    """The words of both, of the moderators, and what was objected, in order."""
    case = whole.case
    other = case.lender if case.opened_for_id == case.borrower_id else case.borrower
    rows: list[tuple[datetime | None, str, str, str, int | None]] = [
        (case.opened_at, str(case.opened_for), kind_words(case), case.words, case.opened_for_id),
        (case.answered_at, str(other or ""), _("answer"), case.answer, other.pk if other else None),
        (case.decided_at, _("Moderators"), _("decision"), case.outcome_reason, None),
        *(row for one in whole.objections for row in _objected(one)),
    ]
    return tuple(
        Message(
            author=author,
            institution=what,
            body=body,
            at_iso=at.isoformat(),
            at_label=reader.clock.moment(at),
            side="ours" if house in ours else "theirs",
        )
        for at, author, what, body, house in rows
        if at is not None
    )


def _objected(one: Objection) -> Iterable[tuple[datetime | None, str, str, str, int | None]]:
    yield one.made_at, str(one.institution), _("objection"), one.words, one.institution_id
    yield one.answered_at, _("Moderators"), _("answer"), one.answer, None


# --- lists ----------------------------------------------------------------------------------------
def case_rows(cases: Sequence[Case], *, reader: Reader) -> tuple[Waiting, ...]:
    """An institution's cases, or what waits on the moderators' desk."""
    found = []
    for case in cases:
        waits = case.answered_at is None and case.state == CaseState.OPEN
        mine = case_sides(case, reader.viewer)
        due = ""
        if waits and other_than(case, case.opened_for_id) is not None:
            due = reader.clock.until(case.answer_due_at, ZoneInfo(case.line.zone))
        elif case.brought_at is not None and case.closed_at is None:
            due = _("since %(moment)s") % {"moment": reader.clock.moment(case.brought_at)}
        sides = [str(side) for side in (case.borrower, case.lender) if side is not None]
        found.append(
            Waiting(
                title=title_of_case(case, reader.language),
                url=reverse("frontend:case", args=[case.uid]),
                detail=" · ".join(sides),
                due=due,
                chip=StateChip(state=_tone(case), label=str(CaseState(case.state).label)),
                urgent=waits and case.opened_for_id not in mine,
            )
        )
    return tuple(found)


def in_force(sanctions: Iterable[Sanction], *, zone: ZoneInfo | str) -> tuple[str, ...]:
    """What an institution's own people read of its warnings and pauses."""
    words: dict[str, Sentence] = {
        SanctionKind.WARNING: gettext_lazy("Your institution has a warning until %(day)s."),
        SanctionKind.PAUSE: gettext_lazy(
            "Your institution asks for nothing of others until %(day)s. What is agreed stays."
        ),
    }
    return tuple(str(words[one.kind]) % {"day": last_day(one.ends_at, zone)} for one in sanctions)


def warned(until: datetime | None, *, zone: ZoneInfo | str) -> str:
    """All that owners are told of who asks; "" where there is nothing."""
    return _("has a warning until %(day)s") % {"day": last_day(until, zone)} if until else ""
