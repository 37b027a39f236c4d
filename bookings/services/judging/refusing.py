"""What is refused before the rules are asked, or whatever they say."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext_lazy as _

from bookings.errors import BookingRefused
from bookings.facts.ask import Ask
from bookings.facts.resource import ResourceFacts
from bookings.queries.facts import states_now
from bookings.rules.parties import resource_not_offered
from bookings.wishes import BookingWish, Errors


def refuse_what_is_not_said(wish: BookingWish, asks: Iterable[Ask]) -> None:
    """What owners want to know before they answer has to be said when it is sent. Raises `Invalid`, field by field."""
    errors = Errors()
    for ask in asks:
        for name in () if ask.brought else ask.resource.needs:
            value = getattr(wish, name)
            said = value is not None if not isinstance(value, str) else bool(value.strip())
            words = {"owner": ask.resource.owner_name, "what": ask.resource.title}
            sentence = _("%(owner)s needs to know this for “%(what)s”.") % words
            errors.check(said, name, sentence, "needed_by_owner")
    errors.refuse()


def refuse_what_is_gone(resources: Sequence[ResourceFacts]) -> None:
    """Read under the locks whether things are still offered as they were when the facts were read.

    Facts are read before the locks; a thing withdrawn meanwhile is promised to nobody. Raises `BookingRefused`.
    """
    now = states_now({resource.id for resource in resources})
    gone = [resource for resource in resources if now.get(resource.id) != resource.state]
    if gone:
        raise BookingRefused([resource_not_offered()])
