"""What a message is: its code, its sentences in English (translated by gettext), and when it is still true.

Sentences may name `%(what)s` (the things), `%(who)s` (the other side), `%(when)s` (day and hours on the owner's
clock), `%(title)s` (of the booking) and `%(fee)s` (agreed for the first thing meant). All are read when somebody
reads, through what that reader may see.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from bookings.states import LineState
from cooperative.errors import Sentence


class Topic(TextChoices):
    """What a person may turn off by e-mail. The inbox always keeps everything."""

    REQUESTS = "requests", _("requests for our things")
    ANSWERS = "answers", _("answers to my requests")
    REMINDERS = "reminders", _("reminders")
    CONVERSATION = "conversation", _("messages from people")
    HOUSE = "house", _("our institution and its listings")
    MODERATION = "moderation", _("moderation")


class Page(TextChoices):
    """Where a message leads. `OFFER` is the booking's page, at the proposal."""

    BOOKING = "booking"
    OFFER = "offer"
    ENQUIRY = "enquiry"
    REQUESTS = "requests"
    RESOURCE = "resource"
    MODERATION = "moderation"
    INVITATION = "invitation"
    CASE = "case"
    HOME = "home"
    TODAY = "today"


@dataclass(frozen=True, slots=True)
class Message:
    """`sentence` stands in the inbox and opens the mail, `subject` heads it, `action` names its link.

    Those about proposals may name `%(offer)s` (thing and time proposed) and `%(until)s` besides.

    `still`: a mail about lines is sent only while one of them is in one of these states (None = whatever they are).
    `essential` mails go out whatever a person's preferences are.
    """

    code: str
    topic: Topic
    sentence: Sentence
    subject: Sentence
    action: Sentence
    page: Page = Page.BOOKING
    mail: bool = False
    still: frozenset[LineState] | None = None
    template: str = "booking"
    essential: bool = False
    gathers: str = ""
    """What is said of one booking to one reader within a short while under the same code is one mail."""
    breaks: bool = False
    """Of something agreed that cannot be as agreed, or can again: it says whom to call, and for a use of the next 24
    hours it passes quiet hours."""
    while_open: bool = False
    """A mail about a proposal is sent only while that can still be answered."""
