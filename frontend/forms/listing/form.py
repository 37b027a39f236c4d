"""The form of a listing, and what its answers mean to the services."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from frontend.forms.fields import choose_from
from sharing.details import Details
from sharing.models import AttributeDefinition
from sharing.presets import Preset, terms_of
from sharing.wishes import TermsWish, TextWish

from .attributes import attribute_field
from .choices import AUDIENCES, COUNTED, DAY, HOUR, KINDS, SAME
from .questions import ListingQuestions


class ListingForm(ListingQuestions):
    """`attributes` are fields of their own, `a_<code>`, made for the category that is chosen.

    `usual` is the kind that its things mostly have, or that this one has.
    """

    def __init__(
        self,
        *args: Any,
        categories: Sequence[Any],
        definitions: Sequence[AttributeDefinition] = (),
        language: str = "pl",
        custom_terms: bool = False,
        new: bool = False,
        usual: str = "",
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        first = [("", _("choose"))] if new else []
        choose_from(self, "category", [*first, *categories])
        if custom_terms:
            choose_from(self, "audience", [SAME, *AUDIENCES])
        self.fields["units"].help_text = _("Pieces, places on a date, or hours a month.")
        if usual:
            self.fields["units"].help_text = COUNTED[usual]
            rows = [("", _("as is usual: %(kind)s") % {"kind": KINDS[usual]}), *KINDS.items()]
            choose_from(self, "kind", rows)
        self.usual = usual
        self.definitions = list(definitions)
        for definition in self.definitions:
            self.fields[f"a_{definition.code}"] = attribute_field(definition, language)

    @property
    def attribute_fields(self) -> list[forms.BoundField]:
        return [self[f"a_{definition.code}"] for definition in self.definitions]

    def attributes(self) -> dict[str, Any]:
        """By code, empty = unknown; checked by the service."""
        return {
            definition.code: self.cleaned_data.get(f"a_{definition.code}", "")
            for definition in self.definitions
        }

    def texts(self) -> list[TextWish]:
        data = self.cleaned_data
        first = TextWish(data["written_in"], data["title"], data["summary"], data["body"])
        second = TextWish(
            data["other_language"], data["other_title"], data["other_summary"], data["other_body"]
        )
        return [first, second] if second.title or second.summary or second.body else [first]

    def details(self) -> Details:
        """What is given; what is left "as usual" is left out."""
        data = self.cleaned_data
        given: Details = {
            "place": data["place"],
            "hours_source": data["hours_source"],
            "belongings": [row for row in data["belongings"].splitlines() if row.strip()],
            "rider": data["rider"],
            "needs_from_asker": data["needs_from_asker"],
            "funding_restriction": data["funding_restriction"],
            "inventory_number": data["inventory_number"],
            "arrival_note": data["arrival_note"],
            "day_contact_name": data["day_contact_name"],
            "day_contact_phone": data["day_contact_phone"],
        }
        if data["handover"]:
            given["handover"] = data["handover"]
        if data["answer"] in {"owner_chooses", "keep_first"}:
            given["answering"] = data["answer"]
        if data["turnover_minutes"] is not None:
            given["turnover_minutes"] = data["turnover_minutes"]
        return given

    def terms(self, preset: Preset, *, kept: dict[str, TermsWish]) -> list[TermsWish] | None:
        """The terms that these answers make; what the form does not ask is taken from `kept`, by audience.

        None = unchanged.
        """
        data = self.cleaned_data
        if data["audience"] == "custom":
            return None
        answer = data["answer"] or preset.answer
        made = terms_of(audience=data["audience"], answer=answer)
        new = not kept
        asked = {
            "fee_kind": data["fee_kind"],
            "fee_amount": data["fee_amount"] or None,
            "fee_unit": data["fee_unit"],
            "fee_ground": data["fee_ground"],
            "notice_minutes": _minutes(data["notice"], data["notice_unit"])
            if data["notice"] is not None or not new
            else preset.notice_minutes,
            "horizon_days": data["horizon_days"]
            if data["horizon_days"] is not None or not new
            else preset.horizon_days,
            "longest_minutes": _minutes(data["longest"], data["longest_unit"])
            if data["longest"] is not None or not new
            else preset.longest_minutes,
            "conditions": data["conditions"],
            "ask_anyway": data["ask_anyway"],
        }
        return [
            wish
            if wish.audience == "own"
            else replace(
                kept.get(wish.audience, wish),
                may_see=True,
                may_ask=wish.may_ask,
                at_once=wish.at_once,
                **asked,
            )
            for wish in made
        ]

    def named(self) -> dict[str, str]:
        """How the services call what the form asks: texts and terms by row, attributes by code."""
        named = {f"attributes.{one.code}": f"a_{one.code}" for one in self.definitions}
        for row, prefix in ((0, ""), (1, "other_")):
            for name in ("title", "summary", "body"):
                named[f"texts.{row}.{name}"] = f"{prefix}{name}"
        named["texts.1.language"] = "other_language"
        for row in range(3):
            named |= {
                f"terms.{row}.{theirs}": ours
                for theirs, ours in (
                    ("fee_amount", "fee_amount"),
                    ("fee_unit", "fee_unit"),
                    ("fee_ground", "fee_ground"),
                    ("fee_kind", "fee_kind"),
                    ("notice_minutes", "notice"),
                    ("horizon_days", "horizon_days"),
                    ("longest_minutes", "longest"),
                    ("conditions", "conditions"),
                )
            }
        return named


def _minutes(amount: int | None, unit: str) -> int | None:
    return None if amount is None else amount * (HOUR if unit == "hours" else DAY)
