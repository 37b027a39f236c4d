"""What goes well with a thing, offered in its ask panel: a tick and a number each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _

from bookings.wishes import MOST_UNITS, LineWish


@dataclass(frozen=True, slots=True)
class Offered:
    """A thing to tick; `units` is the number that its owner suggests, `counted` = one may want another."""

    uid: UUID
    title: str
    url: str
    units: int
    counted: bool

    @property
    def tick(self) -> str:
        return f"with_{self.uid.hex}"

    @property
    def number(self) -> str:
        return f"{self.tick}_units"


@dataclass(frozen=True, slots=True)
class BesideField:
    """An offered thing with its fields, for the page; `units` None for what there is one of."""

    thing: Offered
    tick: forms.BoundField
    units: forms.BoundField | None


class BesideForm(forms.Form):
    """A form with the fields of some offered things; they are asked for at the same time as the thing itself."""

    offered: Sequence[Offered] = ()

    def offer(self, things: Sequence[Offered]) -> None:
        self.offered = things
        for one in things:
            self.fields[one.tick] = forms.BooleanField(label=one.title, required=False)
            if one.counted:
                self.fields[one.number] = forms.IntegerField(
                    label=_("How many: %(title)s") % {"title": one.title},
                    required=False,
                    min_value=1,
                    max_value=MOST_UNITS,
                    initial=one.units,
                )

    @property
    def beside(self) -> list[BesideField]:
        return [
            BesideField(one, self[one.tick], self[one.number] if one.counted else None)
            for one in self.offered
        ]

    @property
    def chosen(self) -> list[Offered]:
        """What was ticked, with the number that was typed; only of a valid form."""
        return [
            replace(one, units=self.cleaned_data.get(one.number) or one.units)
            for one in self.offered
            if self.cleaned_data.get(one.tick)
        ]

    def with_beside(self, wish: LineWish) -> tuple[LineWish, ...]:
        """The wish, and one for each thing that was ticked."""
        plain = replace(wish, second_in_line=False, waiting_list=False, least_units=None)
        return (wish, *(replace(plain, resource=one.uid, units=one.units) for one in self.chosen))

    def beside_typed(self) -> dict[str, str]:
        names = [name for one in self.offered for name in (one.tick, one.number)]
        return {name: str(self.data[name]) for name in names if self.data.get(name)}
