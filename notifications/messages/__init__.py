"""Every message there is, by its code."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from cooperative.errors import Sentence

from .answers import ANSWERS
from .cases import CASES
from .house import HOUSE
from .offers import OFFERS
from .reminders import REMINDERS
from .requests import REQUESTS
from .shape import Message, Page, Topic

__all__ = ["GONE", "MESSAGES", "Message", "Page", "Topic"]

MESSAGES: dict[str, Message] = {
    message.code: message for message in (*REQUESTS, *ANSWERS, *OFFERS, *REMINDERS, *CASES, *HOUSE)
}

GONE: Sentence = _("Something that is no longer there for you")
"""Stands in the inbox for what its reader may no longer see."""
