"""What the fictional houses list, through the services that list it, with photos and moderators' answers."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

from sharing.models import Resource
from sharing.presets import terms_of
from sharing.queries.catalogue import tree
from sharing.queries.listings import open_review
from sharing.services.create_resource import create_resource
from sharing.services.decide_review import decide_review
from sharing.services.photos import add_photo
from sharing.services.publish import publish
from sharing.services.set_texts import set_texts
from sharing.wishes import TermsWish, TextWish

from .founding import hours_of
from .posters import poster
from .things import THINGS, Thing
from .world import World


def list_all(world: World, *, photos: bool = True) -> None:
    """Everything of `THINGS`, most of it published, some waiting for moderators."""
    within = tree()
    chance = Random(46)  # noqa: S311 - a demo, nothing secret
    for thing in THINGS:
        at = world.founded + timedelta(days=1, minutes=chance.randrange(600))
        resource = _create(world, thing, at)
        world.things[thing.key] = resource
        if photos and thing.photo:
            root = within.root(within.by_code[thing.category]).code
            add_photo(
                by=world.viewer(thing.owner, "keeper", at),
                resource=resource.uid,
                data=poster(root, thing.key),
                alternative_text=f"{thing.pl[0]}: plakat z trzema podestami",
            )
        _publish(world, thing, resource, at)
    _change_that_waits(world)


def _create(world: World, thing: Thing, at: datetime) -> Resource:
    kind, amount, unit = thing.fee
    terms = terms_of(
        audience=thing.audience,
        answer=thing.answer,
        notice_minutes=thing.notice or None,
        horizon_days=thing.horizon,
        longest_minutes=thing.longest,
        shortest_minutes=thing.shortest,
        fee_kind=kind,
        fee_amount=Decimal(amount) if amount else None,
        fee_unit=unit,
        fee_ground="Zwrot kosztów energii i obsługi" if kind == "cost_recovery" else "",
    )
    for name, at_once in thing.extra:
        terms.append(
            TermsWish(
                _audience(world, thing.owner, name),
                may_ask=True,
                at_once=at_once,
                notice_minutes=1440,
                horizon_days=thing.horizon,
                longest_minutes=thing.longest,
                shortest_minutes=thing.shortest,
            )
        )
    return create_resource(
        by=world.viewer(thing.owner, "keeper", at),
        owner=world.houses[thing.owner].pk,
        category=thing.category,
        texts=[TextWish("pl", *thing.pl), TextWish("en", *thing.en)],
        kind=thing.kind,
        units=thing.units,
        attributes=thing.attributes,
        terms=terms,
        hours=hours_of(thing.hours) or None,
        external_source="demo",
        external_id=thing.key,
        answering=thing.answer if thing.answer != "at_once" else "keep_first",
        **thing.details,
    )


def _audience(world: World, owner: str, name: str) -> str:
    kind, _colon, key = name.partition(":")
    if kind == "network":
        return f"network:{world.networks[key].uid}"
    return f"partnership:{world.partnerships[frozenset({owner, key})].uid}"


def _publish(world: World, thing: Thing, resource: Resource, at: datetime) -> None:
    if thing.fate == "draft" or (thing.audience == "own" and not thing.extra):
        return
    asked = at if thing.fate in {"reviewed", "published"} else world.now - timedelta(days=2)
    publish(by=world.viewer(thing.owner, "keeper", asked), resource=resource.uid)
    review = open_review(resource)
    if review is None or thing.fate == "submitted":
        return
    accepted = thing.fate == "reviewed"
    decide_review(
        by=world.moderator(asked + timedelta(hours=5)),
        reviews=[review.uid],
        decision="accept" if accepted else "ask_changes",
        reason=""
        if accepted
        else "Prosimy napisać, co jest w skrzynce, i podać warunki w osobnym polu.",
    )


def _change_that_waits(world: World) -> None:
    """A published listing of a new owner gets another name: the old one stays until moderators have looked."""
    set_texts(
        by=world.viewer("m5", "keeper", world.now - timedelta(hours=20)),
        resource=world.things["ladder6"].uid,
        texts=[
            TextWish("pl", "Drabina 6 m z uprzężą", "Trzyczęściowa, do pracy na wysokości."),
            TextWish("en", "Ladder 6 m", "Three sections, for work at height."),
        ],
    )
