"""The gate: no way of reading goes round `visible_to`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Count, Exists, F, OuterRef, Prefetch, Subquery

from cooperative.access.queries import viewer_for
from cooperative.access.querysets import SYSTEM, GatedQuerySet, NoViewer
from cooperative.institutions.models import Institution
from sharing.models import Category, Resource, ResourceText, SharingTerms
from tests.cooperative.factories import make_institution, make_member

NOW = datetime(2027, 5, 10, 9, 0, tzinfo=UTC)
GATED = [
    "sharing.Resource",
    "sharing.ResourceText",
    "sharing.ResourcePhoto",
    "bookings.Booking",
    "bookings.Line",
    "bookings.Offer",
    "bookings.BookingMessage",
]
PATHS: dict[str, Callable[[Any], object]] = {
    "iteration": list,
    "length": len,
    "truth": bool,
    "index": lambda rows: rows[0],
    "slice": lambda rows: list(rows[:5]),
    "count": lambda rows: rows.count(),
    "exists": lambda rows: rows.exists(),
    "contains": lambda rows: rows.contains(rows.model(pk=1)),
    "aggregate": lambda rows: rows.aggregate(n=Count("pk")),
    "annotated": lambda rows: list(rows.annotate(n=Count("pk"))),
    "update": lambda rows: rows.update(pk=F("pk")),
    "bulk_update": lambda rows: rows.bulk_update(
        [rows.model(pk=1)], [rows.model._meta.fields[2].name]
    ),
    "delete": lambda rows: rows.delete(),
    "in_bulk": lambda rows: rows.in_bulk([1]),
    "values": lambda rows: list(rows.values("pk")),
    "values_list": lambda rows: list(rows.values_list("pk", flat=True)),
    "iterator": lambda rows: list(rows.iterator()),
    "get": lambda rows: rows.get(pk=1),
    "first": lambda rows: rows.first(),
    "last": lambda rows: rows.last(),
    "earliest": lambda rows: rows.earliest("pk"),
    "get_or_create": lambda rows: rows.get_or_create(pk=1),
    "update_or_create": lambda rows: rows.update_or_create(pk=1),
    "explain": lambda rows: rows.explain(),
    "none_or": lambda rows: list(rows.filter(pk=1) | rows.filter(pk=2)),
    "union": lambda rows: list(rows.union(rows.all())),
    "named_union": lambda rows: list(rows.visible_to(SYSTEM).union(rows.all())),
    "named_or": lambda rows: list(rows.visible_to(SYSTEM) | rows.all()),
    "named_and": lambda rows: list(rows.visible_to(SYSTEM) & rows.all()),
    "nested": lambda rows: list(Institution.objects.filter(pk__in=rows.values("pk"))),
    "subquery": lambda rows: list(
        Institution.objects.annotate(x=Subquery(rows.values("pk")[:1])).values("x")
    ),
    "exists_expression": lambda rows: list(
        Institution.objects.filter(Exists(rows.filter(pk=OuterRef("pk"))))
    ),
    "in_own_subquery": lambda rows: list(
        rows.visible_to(SYSTEM).filter(pk__in=rows.model.objects.all())
    ),
    "select_for_update": lambda rows: list(rows.select_for_update()),
    "only": lambda rows: list(rows.only("pk")),
    "distinct": lambda rows: list(rows.distinct()),
    "reverse": lambda rows: list(rows.order_by("pk").reverse()),
}

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("label", GATED)
def test_every_way_of_reading_needs_a_viewer(label: str, path: str) -> None:
    model = apps.get_model(label)
    with pytest.raises(NoViewer, match=model.__name__):
        PATHS[path](model._default_manager.all())


@pytest.mark.parametrize(
    "path", ["iteration", "count", "exists", "subquery", "exists_expression", "nested"]
)
@pytest.mark.parametrize("label", GATED)
def test_the_same_ways_work_once_somebody_looks(label: str, path: str) -> None:
    rows: Any = apps.get_model(label)._default_manager
    PATHS[path](rows.visible_to(SYSTEM))


def test_every_model_with_a_gate_is_in_this_list() -> None:
    gated = {
        model._meta.label
        for model in apps.get_models()
        if isinstance(model._default_manager.all(), GatedQuerySet)
    }
    assert gated >= set(GATED)
    assert {label.split(".")[0] for label in gated} <= {"sharing", "bookings"}


def make_resource(owner: Institution) -> Resource:
    category, _ = Category.objects.get_or_create(code="spaces-for-gate", defaults={"name": {}})
    resource = Resource.objects.create(
        owner=owner,
        category=category,
        kind="exclusive",
        answering="owner_chooses",
        created_at=NOW,
        confirmed_at=NOW,
    )
    ResourceText.objects.create(resource=resource, language="pl", title="Sala", is_original=True)
    return resource


def test_related_sets_and_prefetches_name_their_queryset() -> None:
    resource = make_resource(make_institution())
    with pytest.raises(NoViewer):
        list(resource.texts.all())
    with pytest.raises(NoViewer):
        list(Resource.objects.visible_to(SYSTEM).prefetch_related("texts"))
    named = Prefetch("texts", ResourceText.objects.visible_to(SYSTEM))
    (found,) = Resource.objects.visible_to(SYSTEM).prefetch_related(named)
    assert [text.title for text in found.texts.all()] == ["Sala"]
    assert [text.title for text in resource.texts.visible_to(SYSTEM)] == ["Sala"]


def test_saving_refreshing_and_forward_keys_are_plain() -> None:
    resource = make_resource(make_institution())
    resource.units = 1
    resource.save()
    resource.refresh_from_db()
    text = ResourceText.objects.visible_to(SYSTEM).get()
    assert text.resource == resource


def test_exclude_over_another_table_works_for_who_was_named_only() -> None:
    resource = make_resource(make_institution())
    SharingTerms.objects.create(
        resource=resource, audience=resource.owner.audience, may_see=True, may_ask=True
    )
    assert list(Resource.objects.visible_to(SYSTEM).exclude(terms__may_ask=True)) == []
    assert list(Resource.objects.visible_to(SYSTEM).exclude(terms__may_ask=False)) == [resource]
    with pytest.raises(NoViewer):
        list(Resource.objects.exclude(terms__may_ask=True))


def test_a_clone_keeps_the_viewer_and_the_manager_does_not_learn_it() -> None:
    owner = make_institution()
    resource = make_resource(owner)
    viewer = viewer_for(person=make_member(owner), acting_for=owner.pk, now=NOW)
    stranger = viewer_for(person=make_member(make_institution()), acting_for=None, now=NOW)
    mine = Resource.objects.visible_to(viewer)
    assert mine.filter(units=1).order_by("pk").get() == resource
    with pytest.raises(ObjectDoesNotExist):
        Resource.objects.visible_to(stranger).get(pk=resource.pk)
    with pytest.raises(NoViewer):
        Resource.objects.get(pk=resource.pk)


def test_two_viewers_narrow_each_other() -> None:
    owner = make_institution()
    make_resource(owner)
    stranger = viewer_for(person=make_member(make_institution()), acting_for=None, now=NOW)
    assert list(Resource.objects.visible_to(SYSTEM).visible_to(stranger)) == []
    assert list(Resource.objects.visible_to(stranger).visible_to(SYSTEM)) == []


async def _read_all(rows: Any) -> list[Any]:
    return [row async for row in rows]


def test_reading_without_waiting_meets_the_gate_too() -> None:
    from asgiref.sync import async_to_sync

    with pytest.raises(NoViewer):
        async_to_sync(_read_all)(Resource.objects.all())
    with pytest.raises(NoViewer):
        async_to_sync(_read_all)(Resource.objects.all().aiterator())
