"""Where both engines play: the same owners, borrowers and things, in the database and in the slow world."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bookings.models import Capacity
from sharing.models import Resource
from tests.bookings.stage import Side, make_side, make_thing
from tests.properties.slow_world import DAY


@dataclass
class Stage:
    """Two owners, two borrowers, six things; made once, every run is rolled back to it."""

    owners: list[Side]
    borrowers: list[Side]
    things: dict[str, Resource]
    slow: dict[str, dict[str, Any]]
    capacities: dict[str, int]

    @classmethod
    def made(cls) -> Stage:
        owners, borrowers = [make_side(), make_side()], [make_side(), make_side()]
        kinds: dict[str, tuple[int, dict[str, Any], dict[str, Any]]] = {
            "hall": (0, {"terms": {"at_once": True}}, {"policy": "at_once"}),
            "studio": (
                1,
                {"turnover_minutes": 60, "terms": {"notice_minutes": 24 * 60}},
                {"turnover": 2, "notice": DAY},
            ),
            "mixer": (
                0,
                {"handover": "simple", "answering": "keep_first"},
                {"handover": True, "policy": "keep_first"},
            ),
            "chairs": (
                0,
                {
                    "kind": "pooled",
                    "units": 4,
                    "handover": "simple",
                    "terms": {"at_once": True},
                    "turnover_minutes": 30,
                },
                {"size": 4, "handover": True, "policy": "at_once", "turnover": 1},
            ),
            "mats": (
                1,
                {"kind": "pooled", "units": 3, "answering": "keep_first", "turnover_minutes": 30},
                {"size": 3, "policy": "keep_first", "turnover": 1},
            ),
            "boards": (
                1,
                {"kind": "giveaway", "units": 9, "answering": "keep_first", "handover": "simple"},
                {"size": 9, "policy": "keep_first", "total": True, "handover": True},
            ),
        }
        things = {
            name: make_thing(owners[who], name, **fields)
            for name, (who, fields, _slow) in kinds.items()
        }
        return cls(
            owners,
            borrowers,
            things,
            {name: fields for name, (_who, _fields, fields) in kinds.items()},
            {name: Capacity.objects.get(resource=thing).pk for name, thing in things.items()},
        )

    def owner(self, name: str) -> Side:
        mine = self.things[name].owner_id
        return next(side for side in self.owners if side.house.pk == mine)
