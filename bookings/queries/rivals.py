"""What a keeper needs to choose among requests: by which of the published terms each of them asks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bookings.models import Line
from sharing.models import SharingTerms


@dataclass(frozen=True, slots=True)
class Standing:
    """`audience` is the kind (own, partnership, network, cooperative, public); `days_ahead` how much longer ahead it
    may ask than the widest audience may: its first look, 0 = none."""

    audience: str
    days_ahead: int


def standings(lines: Sequence[Line]) -> dict[int, Standing]:
    """By line id, as the terms of their things say now; nothing for what was written in. One statement."""
    if not lines:
        return {}
    rows: dict[int, list[SharingTerms]] = {}
    for terms in SharingTerms.objects.filter(
        resource__in={line.resource_id for line in lines}, may_ask=True
    ).select_related("audience"):
        rows.setdefault(terms.resource_id, []).append(terms)
    found: dict[int, Standing] = {}
    for line in lines:
        here = rows.get(line.resource_id, [])
        mine = next((one for one in here if str(one.uid) == line.terms.get("terms")), None)
        if mine is not None:
            found[line.pk] = Standing(mine.audience.kind, _ahead(mine, here))
    return found


_NARROW_FIRST = ("own", "partnership", "network", "cooperative", "public")


def _ahead(mine: SharingTerms, all_terms: Sequence[SharingTerms]) -> int:
    """Days by which the horizon of `mine` is longer than that of the widest audience that may ask; no horizon = 366."""
    widest = max(all_terms, key=lambda one: _NARROW_FIRST.index(one.audience.kind))
    if widest.audience.kind == mine.audience.kind or widest.horizon_days is None:
        return 0
    return max((mine.horizon_days or 366) - widest.horizon_days, 0)
