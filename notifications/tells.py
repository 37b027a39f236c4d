"""Who is told what: from an event's verb and the role of a party to a message and a group of people. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any


class Group(Enum):
    """Whom a message goes to, seen from the party of the event."""

    KEEPERS = "keepers and managers of the party"
    OFFICE = "keepers and managers of the party, and a copy to its office address"
    ASKER = "who asked, or when gone the staff of the party"
    MANAGERS = "managers of the party"
    PERSON = "the person who is the party"
    MODERATORS = "moderators and administrators of the cooperative"
    NAMED = "who is named in the event among the keepers and managers of the party, or its office address"
    INVITED = "the address that an invitation names"
    OUTSIDE = "the address of somebody without an account, for whom the booking was written in"


@dataclass(frozen=True, slots=True)
class Tell:
    """One rule: parties with `role` (empty = any) hear `message`. `other_side` leaves out the side that acted."""

    message: str
    group: Group
    role: str = ""
    other_side: bool = False


_ASKER, _KEEPERS = Group.ASKER, Group.KEEPERS


def _asker(message: str) -> Tell:
    return Tell(message, _ASKER, "borrower")


def _owner(message: str) -> Tell:
    return Tell(message, _KEEPERS, "lender")


def _both(message: str) -> tuple[Tell, ...]:
    return (
        Tell(message, _KEEPERS, "lender", other_side=True),
        Tell(message, _ASKER, "borrower", other_side=True),
    )


# What was taken of a proposal is told by `offer.accept`; the accept and extend of its line say no more. Lenders come
# first: who sits on both sides of one event hears it once, as the owner. What is not listed (finish, close, blocks,
# photos, edits, names of people who come, who keeps a thing or is away, who waits on or was told by phone) is told to
# nobody.
TELLS: Mapping[str, tuple[Tell, ...]] = {
    "booking.send": (Tell("request_new", Group.OFFICE, "lender"),),
    "booking.write_in": (Tell("written_in", _ASKER, "borrower", other_side=True),),
    "booking.approve": (_asker("confirmed"),),
    "booking.complete": (_owner("completed"), _asker("confirmed")),
    "booking.decline": (_asker("declined"),),
    "booking.reopen": (_asker("reopened"),),
    "booking.withdraw": (_owner("withdrawn"), _asker("called_off_by_us")),
    "booking.let_go": (_asker("let_go"),),
    "booking.run_out": (_owner("ran_out_owner"), _asker("ran_out")),
    "booking.expire": (_owner("expired_owner"), _asker("expired")),
    "booking.cancel": (_owner("cancelled"), _asker("called_off_by_us")),
    "booking.name_fee": (_asker("fee_named"),),
    "booking.lower_fee": (_asker("fee_lowered"),),
    "booking.take_back": (_asker("taken_back"),),
    "booking.hit": (_owner("hit_owner"), _asker("hit")),
    "booking.recompute": (_owner("clock_law"), _asker("clock_law")),
    "booking.shrink": (_asker("shrunk"),),
    "booking.settle": _both("settled"),
    "booking.hand_over": (_asker("handed_over"),),
    "booking.give_back": (_asker("given_back"),),
    "booking.overdue": (_owner("overdue_owner"), _asker("overdue")),
    "booking.at_risk": (_owner("at_risk_owner"), _asker("at_risk")),
    "booking.all_there": (_asker("all_there"),),
    "booking.lost": (_asker("lost"),),
    "booking.not_used": (_asker("not_used"),),
    "booking.outrun": (_asker("outrun"),),
    "booking.change": _both("changed"),
    "booking.restore": (_owner("restored_owner"), _asker("restored")),
    "booking.correct": _both("corrected"),
    "booking.complain": _both("complained"),
    "case.answer": _both("case_answered"),
    "case.agree": _both("case_half_settled"),
    "case.bring": (*_both("case_brought"), Tell("case_to_decide", Group.MODERATORS)),
    "case.object": (*_both("case_objected"), Tell("objection_to_answer", Group.MODERATORS)),
    "case.answer_objection": _both("objection_answered"),
    "booking.drop_seat": _both("seat_dropped"),
    "message.write": _both("message_new"),
    "enquiry.ask": (_owner("question_new"),),
    "enquiry.write": _both("question_answer"),
    "reminder.use": (_asker("use_soon"),),
    "reminder.take_back": (_owner("is_it_back"), _asker("bring_back")),
    "reminder.tomorrow": (Tell("tomorrow", Group.NAMED, "lender"),),
    "reminder.answer": (Tell("answers_due", Group.NAMED, "lender"),),
    "institution.apply": (Tell("application_new", Group.MODERATORS),),
    "institution.admit": (
        Tell("admitted", Group.MANAGERS),
        Tell("admitted", Group.PERSON),
    ),
    "institution.refuse": (
        Tell("not_admitted", Group.PERSON),
        Tell("not_admitted", Group.MANAGERS),
    ),
    "institution.suspend": (Tell("suspended", Group.MANAGERS),),
    "invitation.send": (Tell("invited", Group.INVITED),),
    "invitation.accept": (Tell("joined", Group.MANAGERS),),
    "membership.add": (Tell("member_added", Group.PERSON),),
    "membership.change": (Tell("member_changed", Group.PERSON),),
    "membership.end": (Tell("member_ended", Group.PERSON),),
    "resource.submit": (Tell("listing_new", Group.MODERATORS),),
    "resource.publish": (Tell("published", _KEEPERS, other_side=True),),
    "resource.accept": (Tell("change_accepted", _KEEPERS),),
    "resource.ask_changes": (Tell("changes_asked", _KEEPERS),),
    "resource.refuse": (Tell("listing_refused", _KEEPERS),),
    "resource.suspend": (Tell("listing_suspended", _KEEPERS),),
    "resource.restore": (Tell("listing_restored", _KEEPERS),),
    "partnership.propose": (Tell("partnership_proposed", Group.MANAGERS, "partner"),),
    "partnership.agree": (Tell("partnership_agreed", Group.MANAGERS, other_side=True),),
    "partnership.refuse": (Tell("partnership_refused", Group.MANAGERS, other_side=True),),
    "partnership.end": (Tell("partnership_ended", Group.MANAGERS, other_side=True),),
}


OF_OFFERS: Mapping[tuple[str, bool], tuple[Tell, ...]] = {
    # (verb, made by the lender): who hears of it
    ("offer.make", True): (_asker("proposed"),),
    ("offer.make", False): (_owner("change_asked"),),
    ("offer.accept", True): (_owner("proposal_taken"),),
    ("offer.accept", False): (_asker("change_agreed"),),
    ("offer.decline", True): (_owner("proposal_declined"),),
    ("offer.decline", False): (_asker("change_declined"),),
    ("offer.withdraw", True): (Tell("proposal_gone", _ASKER, "borrower", other_side=True),),
    ("offer.withdraw", False): (Tell("change_gone", _KEEPERS, "lender", other_side=True),),
    ("offer.expire", True): (_owner("proposal_unanswered"), _asker("proposal_missed")),
    ("offer.expire", False): (_owner("change_missed"), _asker("change_unanswered")),
}
OF_CASES: Mapping[tuple[str, str], tuple[Tell, ...]] = {
    # (verb, how it ended or who had opened it): who hears of it
    ("booking.resolve", "settled"): _both("resolved"),
    ("booking.resolve", "decided"): (_owner("case_decided"), _asker("case_decided")),
    ("booking.resolve", "lapsed"): (_owner("case_lapsed"), _asker("case_lapsed")),
    ("case.unanswered", "lender"): (_owner("case_unanswered"),),
    ("case.unanswered", "borrower"): (_asker("case_unanswered"),),
}
OUTSIDE: Mapping[str, str] = {
    "booking.write_in": "written_in",
    "booking.correct": "corrected",
    "booking.take_back": "taken_back",
    "booking.hit": "hit",
    "booking.shrink": "shrunk",
    "booking.settle": "settled",
    "booking.restore": "restored",
    "booking.at_risk": "at_risk",
    "booking.all_there": "all_there",
    "booking.change": "changed",
    "offer.accept": "changed",
    "message.write": "message_new",
}
"""By verb, the message to somebody written in who has an e-mail address and no account. What was lent to them is
asked back by phone."""
CAME_FREE: Mapping[str, tuple[Tell, ...]] = {
    "offer.make": (_asker("came_free"),),
    "offer.accept": (_owner("came_free_taken"),),
    "offer.withdraw": (_asker("came_free_gone"),),
    "offer.expire": (_asker("came_free_missed"),),
}


def tells(verb: str, data: Mapping[str, Any]) -> tuple[Tell, ...]:
    """The rules for an event: for people, and for who was written in."""
    return (*_to_people(verb, data), *_to_outside(verb, data))


def _to_outside(verb: str, data: Mapping[str, Any]) -> tuple[Tell, ...]:
    """An address that is new hears all of it, not only that it is new."""
    code = "written_in" if "outside_email" in data.get("fields", ()) else OUTSIDE.get(verb)
    return (Tell(code, Group.OUTSIDE),) if code is not None else ()


def _to_people(verb: str, data: Mapping[str, Any]) -> tuple[Tell, ...]:
    """What was sent and confirmed at once, or agreed only in part, has its own message; so has
    what is waited for, and a no that comes with a proposal."""
    if verb.startswith("offer."):
        return _of_an_offer(verb, data)
    lines = data.get("lines", ())
    if verb == "booking.resolve":
        return OF_CASES.get((verb, str(lines[0].get("how")) if lines else ""), ())
    if verb == "case.unanswered":
        opener = "lender" if data.get("opened_by_lender") else "borrower"
        return OF_CASES[verb, opener]
    reached = {str(line.get("to", "")) for line in lines}
    if lines and all(line.get("waiting") for line in lines):
        return _of_who_waits(verb, lines)
    if verb == "booking.send" and reached and reached <= {"confirmed"}:
        return (Tell("booked_at_once", Group.OFFICE, "lender"),)
    if verb == "resource.accept" and data.get("first"):
        return ()  # a first listing is told of when it is published
    if verb == "booking.approve" and reached and reached <= {"accepted"}:
        return (_asker("agreed_so_far"),)
    if verb in INSTEAD and any(line.get("offer") for line in lines):
        return (_asker(INSTEAD[verb]),)
    return TELLS.get(verb, ())


INSTEAD = {"booking.decline": "declined_but", "booking.take_back": "taken_back_but"}


def _of_an_offer(verb: str, data: Mapping[str, Any]) -> tuple[Tell, ...]:
    if data.get("kind") == "waiting":
        return CAME_FREE.get(verb, ())
    if verb == "offer.make" and data.get("along"):
        return ()  # the no that it came with tells of it
    return OF_OFFERS.get((verb, bool(data.get("by_lender"))), ())


def _of_who_waits(verb: str, lines: Sequence[Mapping[str, Any]]) -> tuple[Tell, ...]:
    """A place on the waiting list asks nothing of its owner, until what came free is kept for an answer."""
    if verb == "booking.send":
        return (_owner("waits"),)
    if verb == "booking.accept" and any(line.get("to") == "held" for line in lines):
        return (Tell("request_new", Group.OFFICE, "lender"),)
    if verb == "booking.expire":
        offered = any(line.get("offered") for line in lines)
        return () if offered else (_asker("not_free"),)
    return () if verb in {"booking.accept", "booking.withdraw"} else TELLS.get(verb, ())
