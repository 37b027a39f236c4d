"""Pages of a list: `{"next", "previous", "results"}`, whose addresses carry an opaque, signed cursor."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from django.core import signing
from django.db.models import F, Model, QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request
from rest_framework.utils.urls import remove_query_param, replace_query_param

from .problems import FieldError, Malformed

PARAMETERS = ("cursor", "limit")
PAGE, LARGEST_PAGE = 50, 200
FARTHEST_OFFSET = 1_000
_SALT = "api-cursor"
_LONGEST_CURSOR = 500
_LONGEST_TRAIL = 20

M = TypeVar("M", bound=Model)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which page a call asks for. `mark` is what its cursor holds: `{}` for the first page."""

    limit: int
    mark: dict[str, Any]

    @property
    def offset(self) -> int:
        """For ranked lists, whose cursor holds an offset."""
        return int(self.mark.get("offset", 0))


def wanted(request: Request) -> Wanted:
    """The page that `?cursor=` and `?limit=` ask for. Raises `Malformed`."""
    limit = request.query_params.get("limit", str(PAGE))
    if not (limit.isascii() and limit.isdigit() and 1 <= int(limit[:9]) <= LARGEST_PAGE):
        raise Malformed(
            [
                FieldError(
                    "limit",
                    "out_of_range",
                    _("This number is too small or too large."),
                    {"least": 1, "most": LARGEST_PAGE},
                )
            ]
        )
    cursor = request.query_params.get("cursor")
    return Wanted(int(limit), _opened(cursor) if cursor is not None else {})


def keyset(
    rows: QuerySet[M],
    request: Request,
    show: Callable[[Sequence[M]], list[dict[str, Any]]],
    *,
    newest_first: bool = True,
) -> dict[str, Any]:
    """One page of `rows` in the order of their making. The cursor names a row by its uid, never by its number.

    `show` is handed all rows of the page at once.
    """
    page = wanted(request)
    back = bool(page.mark.get("back"))
    falling = newest_first != back
    if "uid" in page.mark:
        manager = rows.model._base_manager
        edge = manager.filter(uid=UUID(page.mark["uid"])).values("id")[:1]
        rows = rows.filter(id__lt=edge) if falling else rows.filter(id__gt=edge)
    ordered = rows.order_by(F("id").desc() if falling else F("id").asc())
    found: list[Any] = list(ordered[: page.limit + 1])
    more = len(found) > page.limit
    found = found[: page.limit]
    if back:
        found.reverse()
    before, after = (more, True) if back else ("uid" in page.mark, more)
    return {
        "next": link(request, {"uid": str(found[-1].uid)}) if after and found else None,
        "previous": link(request, {"uid": str(found[0].uid), "back": 1})
        if before and found
        else None,
        "results": show(found),
    }


def ranked(
    results: list[dict[str, Any]], request: Request, *, page: Wanted, next_offset: int | None
) -> dict[str, Any]:
    """One page of a ranked list, whose cursor holds an offset and the last few before it; at most 1,000 results."""
    trail: list[int] = page.mark.get("trail", [])
    following = {"offset": next_offset, "trail": [*trail, page.offset][-_LONGEST_TRAIL:]}
    goes_on = next_offset is not None and next_offset < FARTHEST_OFFSET
    return {
        "next": link(request, following) if goes_on else None,
        "previous": link(request, {"offset": trail[-1], "trail": trail[:-1]}) if trail else None,
        "results": results,
    }


def link(request: Request, mark: dict[str, Any]) -> str:
    """The address of this list with a cursor that holds `mark`."""
    cursor = signing.dumps(mark, salt=_SALT)
    address = remove_query_param(request.build_absolute_uri(), "cursor")
    return str(replace_query_param(address, "cursor", cursor))


def _opened(cursor: str) -> dict[str, Any]:
    try:
        if len(cursor) > _LONGEST_CURSOR:
            raise signing.BadSignature
        mark: dict[str, Any] = signing.loads(cursor, salt=_SALT)
    except (signing.BadSignature, ValueError):
        raise Malformed(
            [FieldError("cursor", "cursor_unknown", _("This cursor was not given by this API."))]
        ) from None
    return mark
