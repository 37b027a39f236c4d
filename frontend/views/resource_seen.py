"""A listing as somebody sees it, with what belongs to it and its panel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from bookings.queries.composition import Belonging, belongings_of
from bookings.queries.listing import Listing, listing_for
from frontend.forms.fields import day_or_none
from frontend.forms.repeating import RepeatForm
from frontend.presenters.panel import Panel, panel_of
from frontend.presenters.reader import Reader
from frontend.presenters.resource import HOWS, How
from sharing.queries.texts import text_for


@dataclass(frozen=True, slots=True)
class Seen:
    """A listing with what belongs to it, and its panel."""

    listing: Listing
    belongings: Sequence[Belonging]
    panel: Panel
    title: str

    @property
    def how(self) -> How:
        return HOWS.get(self.listing.resource.kind, "times")

    def repeat(self, data: Mapping[str, Any] | None) -> RepeatForm:
        """The fold of what repeats, with what was typed."""
        alone = not any(one.kind == "only_with" for one in self.belongings)
        return RepeatForm(data, zone=self.listing.zone, watches=alone)


def seen_by(reader: Reader, uid: UUID, data: Mapping[str, Any]) -> Seen:
    """The listing around the day that `data` names. Raises `NotFound`."""
    day = day_or_none(data.get("date"))
    listing = listing_for(viewer=reader.viewer, uid=uid, day=day)
    belongings = belongings_of(listing.resource, viewer=reader.viewer)
    panel = panel_of(listing, belongings, reader, data, day)
    title = text_for(listing.resource.texts.all(), reader.language).title
    return Seen(listing, belongings, panel, title)
