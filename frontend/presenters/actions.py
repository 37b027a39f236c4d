"""Buttons for what may be done with a line or a booking, made from the transition table."""

from __future__ import annotations

from datetime import timedelta

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bookings.models import Booking, Case, Line
from bookings.permissions import allowed_actions, may_propose, may_say_not_there
from bookings.states import IS_OUT, TRANSITIONS, LineState
from cooperative.access.viewer import Viewer
from cooperative.errors import Sentence
from frontend.components import Action, ActionKind
from frontend.presenters.fees import to_be_agreed

LABELS: dict[str, Sentence] = {
    "approve": _("Confirm"),
    "decline": _("Decline"),
    "reopen": _("Take the no back"),
    "withdraw": _("Take back"),
    "let_go": _("Let go"),
    "complete": _("Go ahead with what is agreed"),
    "cancel": pgettext_lazy("booking", "Cancel"),
    "take_back": _("Take the yes back"),
    "settle": _("Agree to it as it is"),
    "hand_over": _("Hand out"),
    "give_back": _("It is back"),
    "overdue": _("It is not back"),
    "lost": _("It is lost"),
    "not_used": _("It was not used"),
    "complain": _("Something was wrong"),
    "resolve": _("It is settled"),
}
EXPLAINED: dict[str, Sentence] = {
    "approve": _("The other side is told at once. A word to go with it is welcome, not needed."),
    "decline": _("Say why in a sentence: the other side reads it and may ask otherwise."),
    "reopen": _("The request waits for your answer again."),
    "withdraw": _("Your request is taken back, and what was reserved is free for others again."),
    "let_go": _("The time is no longer reserved. The request stays and can still be confirmed."),
    "complete": _("What is agreed is confirmed; what nobody answered is taken back."),
    "cancel": _("The booking is off and the time is free for others. The owner is told at once."),
    "take_back": _("The booking is off. Say why: the other side has planned with it."),
    "settle": _("It counts when both sides agree and it still fits."),
    "hand_over": _("What goes out, how many, and in what condition."),
    "give_back": _("What came back, how many, and in what condition."),
    "overdue": _("The other side is told. The thing stays taken until it is back."),
    "lost": _("Write down what happened. It no longer counts as out."),
    "not_used": _("Nobody came. The time is free for others from now on."),
    "complain": _("Say what was wrong. The other side reads it first and has 5 days to answer."),
    "resolve": _("It is closed when both sides say so."),
}
FIRST = ("approve", "hand_over", "give_back", "settle", "complete")
GRAVE = frozenset({"decline", "cancel", "take_back", "lost"})


def line_actions(
    line: Line,
    booking: Booking,
    viewer: Viewer,
    *,
    back: str,
    strongest: bool = False,
    quick: bool = False,
) -> tuple[Action, ...]:
    """Buttons in the order of weight; `back` is where one returns to.

    `strongest` marks the first as the next one. `quick` confirms by one click, without a page for a word.
    """
    found = [action for action in allowed_actions(line, booking, viewer) if action in LABELS]
    found.sort(key=lambda action: (action in GRAVE, action not in FIRST))
    moves = [
        _action(
            action, line, back, kind=_kind(action, first=strongest and number == 0), quick=quick
        )
        for number, action in enumerate(found)
    ]
    weighty = sum(action not in GRAVE for action in found)
    return (*moves[:weighty], *_proposing(line, viewer), *moves[weighty:])


def about_wrong(line: Line, viewer: Viewer, case: Case | None) -> tuple[Action, ...]:
    """The way to the case of a line; and to say at the door that it is not there."""
    if case is not None:
        url = reverse("frontend:case", args=[case.uid])
        kind: ActionKind = "next" if line.state == LineState.DISPUTED else "quiet"
        return (Action(label=str(_("What was wrong")), url=url, kind=kind),)
    if may_say_not_there(line, viewer):
        url = reverse("frontend:not-there", args=[line.uid])
        return (Action(label=str(_("It is not there")), url=url, kind="quiet"),)
    return ()


KEEP_LONGER = _("Keep it until another day")
LONGER = (30, 60)
"""Minutes that one tap asks for, of what is out already."""


def _proposing(line: Line, viewer: Viewer) -> tuple[Action, ...]:
    """To propose something else; who has it out already asks for longer with one tap."""
    if not may_propose(line, viewer):
        return ()
    ours = viewer.may("keeper", line.lender_id)
    url = reverse("frontend:propose", args=[line.uid])
    label = _("Propose something else") if ours else pgettext_lazy("booking", "Change")
    if line.state in IS_OUT:
        label = _("Back on another day") if ours else KEEP_LONGER
    change = Action(label=str(label), url=url, kind="quiet")
    if ours or line.state not in IS_OUT:
        return (change,)
    longer = tuple(
        Action(
            label=str(_("Longer, please: +%(minutes)s min") % {"minutes": minutes}),
            url=reverse("frontend:longer", args=[line.uid]),
            method="post",
            fields=(("minutes", str(minutes)),),
        )
        for minutes in LONGER
        if line.use_ends_at + timedelta(minutes=minutes) > viewer.now
    )
    return (*longer, change)


def _kind(action: str, *, first: bool) -> ActionKind:
    if first and action in FIRST:
        return "next"
    return "plain" if action in FIRST or action == "decline" else "quiet"


def _action(action: str, line: Line, back: str, *, kind: ActionKind, quick: bool) -> Action:
    if quick and action == "approve" and not to_be_agreed(line):
        return Action(
            label=str(LABELS[action]),
            url=reverse("frontend:line-action", args=[line.uid, action]),
            method="post",
            fields=(("next", back),),
            kind=kind,
        )
    return Action(
        label=str(LABELS[action]),
        url=f"{reverse('frontend:line-action', args=[line.uid, action])}?next={back}",
        kind=kind,
    )


def needs_reason(action: str) -> bool:
    return TRANSITIONS[action].needs_reason
