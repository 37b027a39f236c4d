"""A room as the house rules see it: no database is asked."""

from __future__ import annotations

from uuid import UUID

from bookings.facts.demands import Share
from bookings.facts.resource import ResourceFacts

ROOM = ResourceFacts(
    id=1,
    uid=UUID(int=1),
    owner=1,
    owner_uid=UUID(int=2),
    owner_name="Dom",
    owner_state="active",
    kind="exclusive",
    units=1,
    state="published",
    answering="owner_chooses",
    handover="none",
    turnover_minutes=0,
    hours_source="own",
    zone_name="Europe/Warsaw",
    category="spaces",
    titles={"pl": "Sala"},
    original="pl",
    terms=(),
    weekly=(),
    days_off=(),
    standing=7,
    shares=(Share(7, 1, "exclusive", 1),),
)
"""Nobody's terms, no hours and nothing taken; `replace` says what a test is about."""
