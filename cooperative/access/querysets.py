"""The gate: rows that belong to an audience cannot be read before somebody said who is looking."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self, TypeVar

from django.db import models
from django.db.models import Model, Q
from django.db.models.expressions import Exists
from django.db.models.sql import Query

from .viewer import Viewer

if TYPE_CHECKING:
    from django.db.models.query import QuerySet
else:
    QuerySet = models.QuerySet

M = TypeVar("M", bound=Model, covariant=True)

_EPOCH = datetime.fromisoformat("2000-01-01T00:00:00+00:00")
SYSTEM = Viewer(now=_EPOCH, system=True)
"""Named by jobs and by the engine's own reads, which are not for anybody's eyes."""


class NoViewer(RuntimeError):
    """A gated query was evaluated without `visible_to(...)`: a mistake of ours, never of a user."""


def _unnamed(model: type[Model] | None) -> NoViewer:
    return NoViewer(f"{model.__name__ if model else 'Rows'} read without visible_to(viewer)")


class GatedQuery(Query):
    """SQL that cannot be compiled before a viewer was named: what takes a queryset's query past its methods
    (Subquery, Exists, union, explain) meets the gate here."""

    viewer_named: bool = False

    def get_compiler(self, *args: Any, **kwargs: Any) -> Any:
        if not self.viewer_named:
            raise _unnamed(self.model)
        return super().get_compiler(*args, **kwargs)

    def combine(self, rhs: Query, connector: str) -> None:
        if not getattr(rhs, "viewer_named", False):
            self.viewer_named = False
        super().combine(rhs, connector)

    def split_exclude(self, *args: Any, **kwargs: Any) -> Any:
        """Django turns `exclude` over rows of another table into a subquery of this class: a join, not a read."""
        condition, needed = super().split_exclude(*args, **kwargs)
        for child in condition.children:
            inner = getattr(child, "lhs", child)
            if isinstance(inner, Exists) and isinstance(inner.query, GatedQuery):
                inner.query.viewer_named = True
        return condition, needed


class GatedQuerySet(QuerySet[M]):
    """Raises `NoViewer` when evaluated, counted, changed or nested before `visible_to(viewer)` was called.

    Subclasses say in `_seen_by(viewer)` what that viewer may read. Creating and saving work ungated; forward keys
    and joins read through the plain base manager.
    """

    def __init__(self, model: Any = None, query: Any = None, **kwargs: Any) -> None:
        if query is None and model is not None:
            query = GatedQuery(model)
        super().__init__(model, query, **kwargs)

    @property
    def _viewer_named(self) -> bool:
        return bool(getattr(self.query, "viewer_named", False))

    @_viewer_named.setter
    def _viewer_named(self, named: bool) -> None:
        self.query.viewer_named = named  # type: ignore[attr-defined]  # of GatedQuery

    def visible_to(self, viewer: Viewer) -> Self:
        """Only what `viewer` may read; `SYSTEM` reads all."""
        narrowed = self.all() if viewer.system else self.filter(self._seen_by(viewer))
        narrowed._viewer_named = True
        return narrowed

    def _seen_by(self, viewer: Viewer) -> Q:
        raise NotImplementedError

    def _named(self) -> None:
        if not self._viewer_named:
            raise _unnamed(self.model)

    def _fetch_all(self) -> None:
        if self._result_cache is None:
            self._named()
        super()._fetch_all()

    def resolve_expression(self, *args: Any, **kwargs: Any) -> Any:
        self._named()
        return super().resolve_expression(*args, **kwargs)

    def iterator(self, *args: Any, **kwargs: Any) -> Iterator[Any]:
        self._named()
        return super().iterator(*args, **kwargs)

    def count(self) -> int:
        if self._result_cache is None:
            self._named()
        return super().count()

    def exists(self) -> bool:
        if self._result_cache is None:
            self._named()
        return super().exists()

    def aggregate(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        self._named()
        return super().aggregate(*args, **kwargs)

    def update(self, **kwargs: Any) -> int:
        self._named()
        return super().update(**kwargs)

    def delete(self) -> tuple[int, dict[str, int]]:
        self._named()
        return super().delete()

    update.alters_data = True  # type: ignore[attr-defined]  # templates must not call these
    delete.alters_data = True  # type: ignore[attr-defined]
    delete.queryset_only = True  # type: ignore[attr-defined]
