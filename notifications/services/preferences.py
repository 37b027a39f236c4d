"""What a person wants by e-mail, topic by topic."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from cooperative.access.viewer import Viewer
from cooperative.errors import Forbidden, Invalid, Sentence
from notifications.messages import MESSAGES, Topic
from notifications.models import Channel, Preference
from notifications.permissions import choices


@dataclass(frozen=True, slots=True)
class Choice:
    """One row of the settings page. A topic that has no mail is not offered."""

    topic: str
    label: Sentence
    by_email: bool


def preferences(*, by: Viewer) -> list[Choice]:
    """The person's choices, with what is usual where they made none. One statement."""
    chosen = choices(by.person)
    offered = {
        message.topic for message in MESSAGES.values() if message.mail and not message.essential
    }
    return [
        Choice(topic.value, topic.label, chosen.get((topic.value, Channel.EMAIL.value), True))
        for topic in Topic
        if topic in offered and (topic is not Topic.MODERATION or by.moderator)
    ]


def set_preference(*, by: Viewer, topic: str, wanted: bool) -> None:
    """Have a topic's mails sent, or not. Holds for mails that are waiting too. Raises Forbidden, Invalid."""
    if by.person is None:
        raise Forbidden()
    if topic not in Topic.values:
        raise Invalid({"topic": _("There is no such topic.")})
    Preference.objects.update_or_create(
        person_id=by.person,
        topic=topic,
        channel=Channel.EMAIL,
        defaults={"wanted": wanted},
    )
