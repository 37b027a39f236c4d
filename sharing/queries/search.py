"""Searching by words and facts. Time is added in bookings; everything here narrows what the viewer may see."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection
from django.db.models import (
    BooleanField,
    Exists,
    F,
    FloatField,
    Func,
    OuterRef,
    Q,
    TextField,
    Value,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import ACos, Coalesce, Cos, Greatest, Least, Radians, Sin

from cooperative.access.viewer import Viewer
from cooperative.errors import Invalid
from sharing.attributes import validated
from sharing.models import AttributeDefinition, SharingTerms
from sharing.querysets import ResourceQuerySet
from sharing.words import Wanted, quoted, wanted

from .catalogue import Tree

LIKENESS = 0.4
"""How much of their letters (in threes) two words share to be taken for one with a typing error."""
MOST_LIKE = 12
EARTH_KM = 6371.0


def matching(resources: ResourceQuerySet, words: str) -> ResourceQuerySet:
    """Those of `resources` (already `visible_to` somebody) that `words` find, best first, each with its `rank`.

    Every word must be found: as it is, as the beginning of a word, in another form of it; where that finds nothing,
    in letters much alike. Without words: all, in Polish order. At most two statements of its own.
    """
    looked_for = wanted(words)
    if not looked_for:
        # Signs alone ("???") are words that nothing contains.
        found = resources.none() if words.strip() else resources
        return found.annotate(rank=Value(0.0, FloatField())).order_by("sort_key", "id")
    exact = resources.filter(_found(" & ".join(word.query for word in looked_for)))
    if exact.exists():
        return exact.annotate(rank=_rank(looked_for)).order_by("-rank", "sort_key", "id")
    alike = _alike(looked_for)
    if not alike:
        return exact.annotate(rank=Value(0.0, FloatField())).order_by("sort_key", "id")
    widened = [Wanted(word.plain, _either(word, alike.get(word.plain, ()))) for word in looked_for]
    found = resources.filter(_found(" & ".join(word.query for word in widened)))
    return found.annotate(rank=_rank(widened)).order_by("-rank", "sort_key", "id")


def in_category(resources: ResourceQuerySet, code: str, within: Tree) -> ResourceQuerySet:
    """Those in the category and below it. Raises `Invalid` for one that is not on the list."""
    return resources.filter(category__in=within.subtree(within.named(code)))


def with_attributes(
    resources: ResourceQuerySet,
    wanted_values: Mapping[str, Any],
    definitions: Sequence[AttributeDefinition],
) -> ResourceQuerySet:
    """Numbers: at least so much. Choices and yes/no: exactly; several choices in a list: any of them.

    What is unknown of a resource is never taken for a yes. Raises `Invalid`.
    """
    kinds = {definition.code: definition.kind for definition in definitions}
    for code, raw in wanted_values.items():
        values = raw if isinstance(raw, list | tuple) else [raw]
        any_of = Q(pk__in=[])
        for value in values:
            clean, errors = validated({code: value}, definitions)
            if errors:
                raise Invalid(errors)
            if code not in clean:
                any_of = Q()
                break
            if kinds[code] == "number":
                any_of |= Q(**{f"attributes__{code}__gte": clean[code]})
            else:
                any_of |= Q(attributes__contains={code: clean[code]})
        resources = resources.filter(any_of)
    return resources


def free_of_charge(resources: ResourceQuerySet, viewer: Viewer) -> ResourceQuerySet:
    """Those that cost nothing to whom `viewer` acts for."""
    free = SharingTerms.objects.filter(
        resource=OuterRef("pk"), fee_kind="free", may_see=True, audience__in=list(viewer.asking)
    )
    return resources.filter(Exists(free))


def may_be_asked(resources: ResourceQuerySet, viewer: Viewer) -> ResourceQuerySet:
    """Those that may be asked for by whom `viewer` acts for, now or on a later day."""
    asking = SharingTerms.objects.filter(
        resource=OuterRef("pk"), may_ask=True, audience__in=list(viewer.asking)
    )
    return resources.filter(Exists(asking))


def with_distance(
    resources: ResourceQuerySet,
    *,
    latitude: float,
    longitude: float,
    within_km: float | None = None,
) -> ResourceQuerySet:
    """Adds `distance_km` (great circle, from the place of the resource or else of its owner); null where unknown.

    `within_km` leaves out what is farther or unknown.
    """
    place_latitude = Coalesce("latitude", "owner__latitude")
    place_longitude = Coalesce("longitude", "owner__longitude")
    here = Radians(Value(latitude, FloatField()))
    there = Radians(place_latitude)
    cosine = Sin(here) * Sin(there) + Cos(here) * Cos(there) * Cos(
        Radians(place_longitude) - Radians(Value(longitude, FloatField()))
    )
    distance = ACos(Least(Greatest(cosine, Value(-1.0)), Value(1.0))) * Value(EARTH_KM)
    # LEAST and GREATEST leave out nulls, so an unknown place is told apart by hand.
    measured = resources.annotate(
        distance_km=Func(
            Func(
                place_latitude, template="%(expressions)s IS NOT NULL", output_field=BooleanField()
            ),
            distance,
            template="CASE WHEN %(expressions)s END",
            arg_joiner=" THEN ",
            output_field=FloatField(),
        )
    )
    return measured if within_km is None else measured.filter(distance_km__lte=within_km)


_ALIKE = """
SELECT typed.word, alike.word
FROM unnest(%s::text[]) AS typed(word), LATERAL (
    SELECT word FROM sharing_word WHERE word %% typed.word AND similarity(word, typed.word) >= %s
    ORDER BY similarity(word, typed.word) DESC, word LIMIT %s) AS alike
"""


def _alike(looked_for: Sequence[Wanted]) -> dict[str, list[str]]:
    """Known words much like those looked for, by word; short words are like everything and have none."""
    typed = [word.plain for word in looked_for if len(word.plain) >= 4]
    found: dict[str, list[str]] = {}
    if typed:
        with connection.cursor() as cursor:
            cursor.execute(_ALIKE, [typed, LIKENESS, MOST_LIKE])
            for word, alike in cursor.fetchall():
                found.setdefault(word, []).append(alike)
    return found


def _either(word: Wanted, alike: Sequence[str]) -> str:
    """The query of a word or of those like it."""
    return "(" + " | ".join([word.query, *(quoted(other) for other in alike)]) + ")"


def _tsquery(text: str) -> Func:
    return Func(Value(text), template="(%(expressions)s)::tsquery", output_field=TextField())


def _found(query: str) -> Combinable:
    return Func(
        F("search_document"), _tsquery(query), template="(%(expressions)s)", arg_joiner=" @@ ",
        output_field=BooleanField(),
    )  # fmt: skip


def _rank(looked_for: Sequence[Wanted]) -> Combinable:
    weights = Func(
        Value("{0.05, 0.2, 0.4, 1.0}"), template="(%(expressions)s)::float4[]",
        output_field=TextField(),
    )  # fmt: skip
    either = " | ".join(word.query for word in looked_for)
    return Func(
        weights,
        F("search_document"),
        _tsquery(either),
        function="ts_rank",
        output_field=FloatField(),
    )
