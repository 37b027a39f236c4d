"""What is refused before the rules are asked, or whatever they say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from bookings.errors import BookingRefused
from bookings.facts.ask import Ask
from bookings.facts.resource import ResourceFacts
from bookings.queries.facts import states_now
from bookings.rules.parties import resource_not_offered
from bookings.wishes import BookingWish, Errors


@dataclass(frozen=True, slots=True)
class StillToSay:
    """A field of a booking that is empty and has to be said when it is sent; `line` = for which thing asked for."""

    line: int | None
    name: str
    sentence: str
    code: str


def still_to_say(wish: BookingWish, asks: Sequence[Ask]) -> tuple[StillToSay, ...]:
    """What owners want to know before they answer, and is not said: of each thing once. `asks` are those of `wish`."""
    found: dict[tuple[str, int], StillToSay] = {}
    for index, (ask, line) in enumerate(zip(asks, wish.lines, strict=True)):
        for name in () if ask.brought else ask.resource.needs:
            value = getattr(wish, name)
            if value is None or (isinstance(value, str) and not value.strip()):
                words = {"owner": ask.resource.owner_name, "what": ask.resource.title}
                sentence = _("%(owner)s needs to know this for “%(what)s”.") % words
                place = index if line.place is None else line.place
                missing = StillToSay(place, name, sentence, "needed_by_owner")
                found.setdefault((name, ask.resource.id), missing)
    return tuple(found.values())


def refuse_what_is_not_said(wish: BookingWish, asks: Sequence[Ask]) -> None:
    """What owners want to know before they answer has to be said when it is sent. Raises `Invalid`, field by field."""
    errors = Errors()
    for one in still_to_say(wish, asks):
        errors.check(False, one.name, one.sentence, one.code)
    errors.refuse()


def refuse_what_is_gone(resources: Sequence[ResourceFacts]) -> None:
    """Read under the locks whether things are still offered as they were when the facts were read.

    Facts are read before the locks; a thing withdrawn meanwhile is promised to nobody. Raises `BookingRefused`.
    """
    now = states_now({resource.id for resource in resources})
    gone = [resource for resource in resources if now.get(resource.id) != resource.state]
    if gone:
        raise BookingRefused([resource_not_offered()])
