"""`categories/`: the words of the catalogue, and what may be said of things in each."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.utils.translation import get_language
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from cooperative.api.base import ApiView
from sharing.models import AttributeDefinition, AttributeKind
from sharing.queries.catalogue import tree
from sharing.queries.texts import shipped


class ChoiceDoc(serializers.Serializer[Any]):
    code = serializers.CharField()
    name = serializers.CharField()

    class Meta:
        ref_name = "AttributeChoice"


class AttributeDoc(serializers.Serializer[Any]):
    """Something that may be said of things in a category and below it."""

    code = serializers.CharField()
    name = serializers.CharField()
    kind = serializers.ChoiceField([(code, code) for code in AttributeKind.values])
    unit = serializers.CharField(allow_blank=True)
    minimum = serializers.FloatField(allow_null=True)
    maximum = serializers.FloatField(allow_null=True)
    choices = ChoiceDoc(many=True)

    class Meta:
        ref_name = "Attribute"


class CategoryDoc(serializers.Serializer[Any]):
    """A word of the catalogue."""

    code = serializers.CharField()
    name = serializers.CharField(help_text="In the reader's language.")
    parent = serializers.CharField(  # type: ignore[assignment]  # a member, not DRF's parent
        allow_null=True, help_text="`code` of the category above."
    )
    default_kind = serializers.CharField(allow_blank=True)
    attributes = AttributeDoc(many=True, help_text="Those declared here; those above hold too.")

    class Meta:
        ref_name = "Category"


class CategoriesDoc(serializers.Serializer[Any]):
    """All of them, in the order of the catalogue; there is one page."""

    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = CategoryDoc(many=True)

    class Meta:
        ref_name = "CategoryPage"


class Categories(ApiView):
    """The catalogue's words."""

    @extend_schema(
        operation_id="categories_list", summary="Categories in use", responses=CategoriesDoc
    )
    def get(self, request: Request) -> Response:
        self.asked  # noqa: B018 - reads the query strictly
        language = (get_language() or "pl")[:2]
        within = tree()
        declared: defaultdict[int, list[AttributeDefinition]] = defaultdict(list)
        for definition in AttributeDefinition.objects.order_by("position", "id"):
            declared[definition.category_id].append(definition)
        results = [
            {
                "code": category.code,
                "name": shipped(category.name, language),
                "parent": within.by_id[category.parent_id].code if category.parent_id else None,
                "default_kind": category.default_kind,
                "attributes": [_attribute(one, language) for one in declared[category.pk]],
            }
            for category in within.by_id.values()
            if not category.retired
        ]
        return Response({"next": None, "previous": None, "results": results})


def _attribute(definition: AttributeDefinition, language: str) -> dict[str, Any]:
    return {
        "code": definition.code,
        "name": shipped(definition.label, language),
        "kind": definition.kind,
        "unit": definition.unit,
        "minimum": definition.minimum,
        "maximum": definition.maximum,
        "choices": [
            {"code": choice["code"], "name": shipped(choice.get("label", {}), language)}
            for choice in definition.choices
        ],
    }
