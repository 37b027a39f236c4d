"""What is not back when the others are: it stays out as a line of its own."""

from __future__ import annotations

from bookings.models import Line
from bookings.services.scene import Scene
from bookings.states import LineState

_NOT_ITS_OWN = frozenset(
    {
        "id",
        "uid",
        "units",
        "units_out",
        "units_back",
        "least_units",
        "short_units",
        "condition_back",
        "returned_at",
        "series_id",
        "series_on",
        "brought_by_id",
        "hit_by_id",
        "hit_session_id",
        "hit_from",
        "hit_units",
        "hit_at",
        "told_at",
        "told_by_id",
        "rest_of_id",
        "version",
        "state",
    }
)
"""What a rest does not have of the loan that it is of."""


def keep_rest(scene: Scene, line: Line, missing: int) -> Line:
    """`missing` of a loan that is coming back stay out with what they claim; late where the loan is due by now.

    Call it before the loan's own claims are ended.
    """
    fields = {
        field.attname: getattr(line, field.attname)
        for field in Line._meta.concrete_fields
        if field.attname not in _NOT_ITS_OWN
    }
    rest = Line(**fields, units=missing, units_out=missing, state=LineState.HANDED_OVER)
    rest.booking, rest.rest_of = line.booking, line
    scene.add_lines([rest])
    scene.part_claims(line, rest, missing)
    if line.state == LineState.OVERDUE or line.use_ends_at <= scene.now:
        scene.move(rest, "overdue", LineState.OVERDUE, rest_of=str(line.uid))
    return rest
