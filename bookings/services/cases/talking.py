"""Between the two: the other side's word, "settled between us", and bringing it to the moderators."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from bookings.case_steps import state_after
from bookings.models import Case, Line
from bookings.permissions import case_sides
from bookings.services.case_book import agree, case_event, store
from bookings.services.scene import Scene
from bookings.wishes import check_texts
from cooperative.access.viewer import Viewer
from cooperative.errors import Invalid

from .plan import take

LONGEST = 5_000


def answer_case(*, by: Viewer, case: UUID, words: str, quiet: bool = False) -> Case:
    """The other side's word, once. Raises `NotFound`, `Forbidden`, `Invalid`, `Conflict`."""
    text = said(words)

    def step(scene: Scene, found: Case, line: Line) -> None:
        found.state = state_after("answer", found.state)
        found.answer, found.answered_at, found.answered_by_id = text, scene.now, by.person
        store(found)
        scene.say(line, line.booking, kind="note", body=text, action="answer")
        scene.log(case_event("case.answer", found, line, by=by))

    return take(
        "answer", by=by, case=case, step=step, done=lambda found: found.answer == text, quiet=quiet
    )


def settle_case(*, by: Viewer, case: UUID) -> Case:
    """Say "settled between us" for one side; the second yes closes it. Raises `NotFound`, `Forbidden`, `Conflict`."""

    def step(scene: Scene, found: Case, line: Line) -> None:
        agree(scene, line, found, by=by)

    def done(found: Case) -> bool:
        mine = case_sides(found, by)
        ours = {
            found.lender_id: found.settled_by_lender_at,
            found.borrower_id: found.settled_by_borrower_at,
        }
        return all(ours[side] is not None for side in mine)

    return take("settle", by=by, case=case, step=step, done=done)


def bring_case(*, by: Viewer, case: UUID, quiet: bool = False) -> Case:
    """Bring it to the moderators, who from now on may read it, its story and its conversation.

    The side that opened it waits for the answer, or five days for it. Raises `NotFound`, `Forbidden`, `Conflict`.
    """

    def step(scene: Scene, found: Case, line: Line) -> None:
        sides = case_sides(found, by)
        waits = found.answered_at is None and scene.now < found.answer_due_at
        if waits:  # it is the other side's five days that are given up
            sides = tuple(side for side in sides if side != found.opened_for_id)
        found.state = state_after("bring", found.state)
        found.brought_at, found.brought_by_id, found.brought_for_id = scene.now, by.person, sides[0]
        store(found)
        scene.log(case_event("case.bring", found, line, by=by))

    return take(
        "bring",
        by=by,
        case=case,
        step=step,
        done=lambda found: found.brought_at is not None,
        quiet=quiet,
    )


def said(words: str, name: str = "words") -> str:
    """A text that is needed. Raises `Invalid` where it is none or cannot be kept."""
    text = words.strip()
    if not text:
        raise Invalid({name: _("Write something first.")})
    check_texts(LONGEST, **{name: text})
    return text
