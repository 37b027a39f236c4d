"""The catalogue that we ship is loaded once, whole and in four languages."""

from __future__ import annotations

import pytest
from django.apps import apps

from sharing import catalogue
from sharing.models import AttributeDefinition, Category, ResourceKind
from sharing.queries.catalogue import definitions_for, tree

pytestmark = pytest.mark.django_db


def test_nine_roots_and_a_tree_below() -> None:
    found = tree()
    assert [root.code for root in found.roots] == [
        "spaces", "equipment", "products", "people", "places", "transport", "knowhow", "give", "other",
    ]  # fmt: skip
    assert [c.code for c in found.path(found.by_code["chairs"])] == [
        "equipment",
        "furniture",
        "chairs",
    ]
    furniture = found.by_code["furniture"]
    assert {found.by_id[pk].code for pk in found.subtree(furniture)} == {
        "furniture",
        "chairs",
        "tables",
    }


def test_every_name_is_there_in_every_language() -> None:
    rows = [c.name for c in Category.objects.all()]
    rows += [d.label for d in AttributeDefinition.objects.all()]
    rows += [c["label"] for d in AttributeDefinition.objects.all() for c in d.choices]
    for names in rows:
        assert set(names) == {"pl", "en", "de", "uk"}
        assert all(name.strip() == name and name for name in names.values())


def test_kinds_are_known() -> None:
    assert set(Category.objects.values_list("default_kind", flat=True)) <= set(ResourceKind.values)


def test_loading_again_changes_nothing() -> None:
    before = [
        list(model.objects.order_by("id").values()) for model in (Category, AttributeDefinition)
    ]
    catalogue.load(apps)
    after = [
        list(model.objects.order_by("id").values()) for model in (Category, AttributeDefinition)
    ]
    assert before == after


def test_a_word_that_goes_is_retired_not_deleted() -> None:
    Category.objects.create(code="gone", name={}, position=99)
    catalogue.load(apps)
    assert Category.objects.get(code="gone").retired is True


def test_definitions_come_from_above_too() -> None:
    found = tree()
    codes = {d.code for d in definitions_for(found.by_code["chairs"], found)}
    assert {"stackable", "weight"} <= codes
    assert "daylight" not in codes
