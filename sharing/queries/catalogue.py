"""Categories and definitions, read whole: there are some seventy and they hardly change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from cooperative.errors import Invalid
from sharing.models import AttributeDefinition, Category


@dataclass(frozen=True, slots=True)
class Tree:
    """All categories, by id and by code, in the order of the catalogue."""

    by_id: dict[int, Category]
    by_code: dict[str, Category]

    @property
    def roots(self) -> list[Category]:
        return [category for category in self.by_id.values() if category.parent_id is None]

    def below(self, category: Category) -> list[Category]:
        """Direct children that are in use."""
        return [
            child
            for child in self.by_id.values()
            if child.parent_id == category.pk and not child.retired
        ]

    def path(self, category: Category) -> list[Category]:
        """From the root down to `category`."""
        path = [category]
        while path[0].parent_id is not None:
            path.insert(0, self.by_id[path[0].parent_id])
        return path

    def root(self, category: Category) -> Category:
        return self.path(category)[0]

    def subtree(self, category: Category) -> list[int]:
        """Ids of `category` and of all below it."""
        return [other.pk for other in self.by_id.values() if category in self.path(other)]

    def named(self, code: str) -> Category:
        """The category in use with that code. Raises `Invalid`."""
        category = self.by_code.get(code)
        if category is None or category.retired:
            raise Invalid({"category": _("Please choose a category on the list.")})
        return category


def tree() -> Tree:
    """One statement."""
    categories = list(Category.objects.order_by("position", "id"))
    return Tree(
        {category.pk: category for category in categories},
        {category.code: category for category in categories},
    )


def definitions_for(category: Category, within: Tree) -> Sequence[AttributeDefinition]:
    """What may be said of things in `category`: its definitions and those above it. One statement."""
    path = [above.pk for above in within.path(category)]
    return list(AttributeDefinition.objects.filter(category__in=path).order_by("position", "id"))
