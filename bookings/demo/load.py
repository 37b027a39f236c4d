"""Makes the demo, all of it or nothing, in one transaction."""

from __future__ import annotations

from datetime import datetime
from random import Random
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Max

from bookings.models import Line
from cooperative.access.querysets import SYSTEM
from cooperative.events.models import Event, Outbox
from cooperative.events.services import NewEvent, record

from . import SUBJECT, VERB
from .founding import found
from .listing import list_all
from .season import Season
from .stories.telling import tell_all
from .together import put_together
from .world import World

SEED = 46


@transaction.atomic
def load(*, now: datetime, photos: bool = True) -> dict[str, int]:
    """Make the cooperative around `now`; what was made, by name. Nobody is told of it."""
    before = Event.objects.aggregate(last=Max("id"))["last"] or 0
    now = now.replace(second=0, microsecond=0)
    world = World(now, now.astimezone(ZoneInfo("Europe/Warsaw")).date())
    found(world)
    list_all(world, photos=photos)
    season = Season(world, Random(SEED))  # noqa: S311 - a demo, nothing secret
    tell_all(season)
    season.play()
    put_together(world)
    record([NewEvent(verb=VERB, subject_kind="demo", subject_uid=SUBJECT)], now=now, quiet=True)
    # Not every verb can be quiet. Nothing of this was committed: the relay has seen none of it.
    Outbox.objects.filter(event_id__gt=before).delete()
    states = Line.objects.visible_to(SYSTEM).values_list("state", flat=True)
    return {
        "houses": len(world.houses),
        "people": len(world.people),
        "things": len(world.things),
        **season.counted,
        **{f"lines {state}": list(states).count(state) for state in sorted(set(states))},
    }
