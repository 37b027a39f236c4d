"""The events of a booking as a story."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from bookings.corrections import FIELDS
from bookings.models import Line
from cooperative.errors import Sentence
from cooperative.events.models import Event
from frontend.components import StoryItem
from frontend.components.pieces import STATE_TONES
from frontend.presenters.reader import Reader
from frontend.presenters.texts import line_title
from sharing.queries.terms import fee_in_words

HAPPENED: dict[str, Sentence] = {
    "send": _("The request was sent"),
    "write_in": _("Written in by the owner"),
    "approve": _("Confirmed"),
    "complete": _("Everything is agreed: confirmed"),
    "decline": _("Declined"),
    "reopen": _("The no was taken back"),
    "withdraw": _("Taken back by who asked"),
    "let_go": _("No longer reserved"),
    "run_out": _("The reservation ran out; the request stays"),
    "expire": _("The request expired without an answer"),
    "cancel": _("Cancelled by who asked"),
    "take_back": _("The owner took the yes back"),
    "hit": _("Something came in between: to be settled"),
    "shrink": _("Fewer than agreed; the rest stays booked"),
    "restore": _("It was a mistake: all is as before"),
    "settle": _("Settled by both sides"),
    "hand_over": _("Handed out"),
    "give_back": _("Given back"),
    "photographed": _("Photos or files were added"),
    "overdue": _("Not back in time"),
    "lost": _("Lost"),
    "finish": _("Took place"),
    "not_used": _("Not used"),
    "complain": _("Something was wrong"),
    "resolve": _("What was wrong is settled"),
    "close": _("Closed"),
    "outrun": _("The owner chose another request; this one stays next in the queue"),
    "change": _("Changed by who asked"),
    "correct": _("Corrected"),
    "recompute": _("A new time law: the hour stays, other clocks differ"),
    "extend": _("May be kept longer"),
    "keep_waiting": _("No answer came in time; who asked waits on"),
    "name_fee": _("What it costs was said"),
    "lower_fee": _("The fee was lowered"),
    "told": _("Told by phone"),
    "untold": _("Not told by phone after all"),
    "name_seats": _("Who comes was written down"),
    "drop_seat": _("One place was given back"),
    "erase_seats": _("Names of those who came were erased"),
}
OFFERED: dict[str, Sentence] = {
    "make": _("Something else was proposed"),
    "accept": _("The proposal was taken"),
    "decline": _("The proposal was declined"),
    "withdraw": _("The proposal was withdrawn"),
    "expire": _("The proposal ran out"),
}
CAME_FREE: dict[str, Sentence] = {
    "make": _("It came free: offered to who waited"),
    "accept": _("What came free was taken"),
    "decline": _("What came free was not taken"),
    "expire": _("What came free was not answered in time"),
}
OF_A_CASE: dict[str, Sentence] = {
    "answer": _("The other side answered"),
    "agree": _("One side says that it is settled"),
    "unanswered": _("No answer for five days"),
    "bring": _("Brought to the moderators"),
    "object": _("An objection to the decision"),
    "answer_objection": _("The objection was answered"),
}
RESOLVED: dict[str, Sentence] = {
    "settled": _("Settled between the two"),
    "decided": _("Decided by the moderators"),
    "lapsed": _("Nobody went on with what was wrong: closed"),
}
WAITS: Sentence = _("Put on the waiting list")
AT_ONCE: Sentence = _("The request was sent and confirmed at once")
KEPT: Sentence = _("The request was sent; the time is reserved for now")
AGREED: Sentence = _("Agreed; confirmed when the rest is agreed too")
WAIVED: Sentence = _("with an exception to house rules asked for")


def story_items(
    events: Iterable[Event], lines: Sequence[Line], *, reader: Reader
) -> tuple[StoryItem, ...]:
    """What happened, oldest first; acts of one moment on several things are one row."""
    titles = {str(line.uid): line_title(line, reader.language) for line in lines}
    found: list[StoryItem] = []
    seen: set[tuple[str, str]] = set()
    events = list(events)
    taken = {event.at for event in events if event.verb == "offer.accept"}
    for event in events:
        said = _said_of(event)
        if said is None:
            continue
        if event.verb == "offer.withdraw" and event.at in taken:
            continue  # the other times fall away with the one that was taken
        entries: list[Mapping[str, Any]] = event.data.get("lines", [])
        named = [titles[one["line"]] for one in entries if one.get("line") in titles]
        if entries and not named:
            continue  # another owner's part of the same request
        reached = entries[0].get("to", "") if entries else ""
        what = _named(named) if len(lines) > 1 else ""
        key = (event.verb, f"{event.at.isoformat()} {what}")
        if key in seen:
            continue
        seen.add(key)
        text = _more_of(event, str(said), lines)
        if any(one.get("waived") for one in entries):
            text = f"{text}, {WAIVED}"
        who = " · ".join(str(one) for one in (event.actor, event.acting_for) if one is not None)
        found.append(
            StoryItem(
                text=f"{text}: {what}" if what else text,
                note=who,
                at_iso=event.at.isoformat(),
                at_label=reader.clock.moment(event.at),
                tone=STATE_TONES.get(reached, "past"),
            )
        )
    return tuple(found)


def _more_of(event: Event, said: str, lines: Sequence[Line]) -> str:
    """How it came that was written in; which words were corrected, never what they say."""
    if event.verb == "booking.write_in" and lines and lines[0].booking.came_by:
        return f"{said}, {lines[0].booking.get_came_by_display()}"
    if event.verb in {"booking.name_fee", "booking.lower_fee"}:
        return f"{said}: {_fee(event.data['lines'][0])}"
    if event.verb == "booking.correct":
        words = [str(FIELDS[name]) for name in event.data.get("fields", ()) if name in FIELDS]
        return f"{said}: {', '.join(words)}" if words else said
    return said


def _fee(entry: Mapping[str, Any]) -> str:
    amount = Decimal(entry["amount"]) if entry["amount"] is not None else None
    return fee_in_words(entry["fee"], amount, entry["currency"], entry["unit"])


def _said_of(event: Event) -> Sentence | None:
    """The words for an event; None for what no story tells."""
    kind, _dot, action = event.verb.rpartition(".")
    entries: list[Mapping[str, Any]] = event.data.get("lines", [])
    if kind == "offer":
        return (CAME_FREE if event.data.get("kind") == "waiting" else OFFERED).get(action)
    if kind == "case":
        return OF_A_CASE.get(action)
    if event.verb == "booking.resolve" and entries and entries[0].get("how") in RESOLVED:
        return RESOLVED[entries[0]["how"]]
    if kind != "booking" or action not in HAPPENED:
        return None
    return _sentence(
        action,
        entries[0].get("to", "") if entries else "",
        waiting=bool(entries) and all(one.get("waiting") for one in entries),
    )


def _named(titles: Sequence[str]) -> str:
    """`Hall, chairs`; what repeats is named once: `Hall (16 dates)`."""
    said = []
    for title, count in Counter(titles).items():
        words = ngettext("%(title)s (%(count)d date)", "%(title)s (%(count)d dates)", count)
        said.append(words % {"title": title, "count": count} if count > 1 else title)
    return ", ".join(said)


def _sentence(action: str, reached: str, *, waiting: bool) -> Sentence:
    if action == "send" and waiting:
        return WAITS
    if action == "send" and reached == "confirmed":
        return AT_ONCE
    if action == "send" and reached == "held":
        return KEPT
    if action == "approve" and reached == "accepted":
        return AGREED
    return HAPPENED[action]


def lines_that_were(verb: str, events: Iterable[Event]) -> frozenset[str]:
    """The public ids of lines that `verb` (`booking.outrun`, `booking.take_back`) was logged of."""
    return frozenset(
        str(one.get("line"))
        for event in events
        if event.verb == verb
        for one in event.data.get("lines", ())
    )
