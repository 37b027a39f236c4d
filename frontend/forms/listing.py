"""The four questions of a listing: what and how many, where and when, who may ask, free or not; the rest is folded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from sharing.details import ASKED_OF_BORROWER, Details
from sharing.models import AttributeDefinition
from sharing.presets import Preset, terms_of
from sharing.queries.texts import shipped
from sharing.wishes import TermsWish, TextWish

from .fields import SeveralFilesInput, choose_from

HOUR, DAY = 60, 1440
UNITS_OF_TIME = [("days", _("days")), ("hours", _("hours"))]
LANGUAGES = [("pl", "polski"), ("en", "English"), ("de", "Deutsch"), ("uk", "українська")]
NEEDS = {
    "purpose": _("what it is for"),
    "event_kind": _("the kind of event"),
    "expected_people": _("how many people"),
    "open_to_public": _("whether it is open to the public"),
    "free_entry": _("whether entry is free"),
    "responsible_person": _("who is responsible on the day"),
    "responsible_phone": _("a phone number for the day"),
    "access_needs": _("access needs"),
}
FEES = [
    ("free", pgettext_lazy("fee", "free")),
    ("cost_recovery", _("what it costs us")),
    ("price", _("a price")),
    ("to_be_agreed", _("to be agreed")),
]
AUDIENCES = [
    ("own", _("only our own house")),
    ("cooperative", _("all members of the cooperative")),
    ("cooperative_public", _("members may ask, everybody may see")),
]
SAME = ("custom", _("as agreed one by one (unchanged)"))
KINDS = {
    "exclusive": _("one at a time"),
    "pooled": _("in pieces: several may have some at once"),
    "seated": _("places on dates of its own: a workshop, a visit"),
    "metered": _("hours a month: somebody's time"),
    "giveaway": _("it is given away and does not come back"),
    "open": _("to read or download, without dates"),
}
COUNTED = {
    "exclusive": _("There is one of it."),
    "pooled": _("How many pieces there are."),
    "seated": _("How many places a date has; a date may have others."),
    "metered": _("How many hours a month, for everybody together."),
    "giveaway": _("How many there are to give away."),
    "open": _("There is one of it."),
}
"""What the number of the first question means."""


class ListingForm(forms.Form):
    """`attributes` are fields of their own, `a_<code>`, made for the category that is chosen.

    `usual` is the kind that its things mostly have, or that this one has.
    """

    title = forms.CharField(label=_("What is it called"), max_length=120)
    category = forms.ChoiceField(label=_("What kind of thing"))
    units = forms.IntegerField(label=_("How many"), min_value=1, max_value=1_000_000, initial=1)
    kind = forms.ChoiceField(
        label=_("How it is used"),
        required=False,
        choices=[("", _("as is usual for such things")), *KINDS.items()],
    )

    place = forms.CharField(
        label=_("Where it is used or fetched"),
        max_length=200,
        required=False,
        help_text=_("Room, floor, entrance. Your house's address is shown anyway."),
    )
    hours_source = forms.ChoiceField(
        label=_("When it is open or fetched"),
        choices=[
            ("house", _("when our house is open")),
            ("own", _("it has hours of its own")),
            ("always", _("at any time")),
        ],
        widget=forms.RadioSelect,
        initial="house",
    )

    audience = forms.ChoiceField(
        label=_("Who may ask for it"),
        choices=AUDIENCES,
        widget=forms.RadioSelect,
        initial="cooperative",
    )
    fee_kind = forms.ChoiceField(
        label=_("Is it free"), choices=FEES, widget=forms.RadioSelect, initial="free"
    )
    fee_amount = forms.CharField(label=_("How much"), required=False, max_length=20)
    fee_unit = forms.CharField(
        label=_("for what"), required=False, max_length=20, help_text=_("hour, day, piece")
    )
    fee_ground = forms.CharField(
        label=_("Why it costs"),
        required=False,
        max_length=200,
        help_text=_("Heating, washing, the technician's hours."),
    )

    written_in = forms.ChoiceField(label=_("Written in"), choices=LANGUAGES)
    summary = forms.CharField(label=_("In one sentence"), max_length=300, required=False)
    body = forms.CharField(
        label=_("Description"),
        max_length=20_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    other_language = forms.ChoiceField(label=_("Second language"), choices=LANGUAGES)
    other_title = forms.CharField(
        label=_("Name in the second language"), max_length=120, required=False
    )
    other_summary = forms.CharField(
        label=_("In one sentence, in the second language"), max_length=300, required=False
    )
    other_body = forms.CharField(
        label=_("Description in the second language"),
        max_length=20_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    answer = forms.ChoiceField(
        label=_("How requests are answered"),
        required=False,
        choices=[
            ("", _("as is usual for such things")),
            ("owner_chooses", _("we choose among the requests")),
            ("keep_first", _("reserved for who asks first, until we answer")),
            ("at_once", _("at once, without asking")),
        ],
    )
    notice = forms.IntegerField(
        label=_("Ask at the latest"), required=False, min_value=0, max_value=9_999
    )
    notice_unit = forms.ChoiceField(label=_("before use"), choices=UNITS_OF_TIME, required=False)
    horizon_days = forms.IntegerField(
        label=_("Ask at the earliest, days ahead"), required=False, min_value=1, max_value=1_098
    )
    longest = forms.IntegerField(
        label=_("Longest use"), required=False, min_value=1, max_value=9_999
    )
    longest_unit = forms.ChoiceField(label=_("at most"), choices=UNITS_OF_TIME, required=False)
    ask_anyway = forms.BooleanField(
        label=_("Whoever asks too late or for too long may still ask, and says why"),
        required=False,
        initial=True,
    )
    conditions = forms.CharField(
        label=_("Conditions"),
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    turnover_minutes = forms.IntegerField(
        label=_("Time for cleaning and checking after each use, in minutes"),
        required=False,
        min_value=0,
        max_value=20_160,
    )
    handover = forms.ChoiceField(
        label=_("How it is handed over"),
        required=False,
        choices=[
            ("", _("as is usual for such things")),
            ("none", _("nothing to hand over")),
            ("simple", _("handed out and taken back")),
            ("signed", _("with a signature")),
        ],
    )
    belongings = forms.CharField(
        label=_("What belongs to it"),
        required=False,
        max_length=20_000,
        help_text=_("One thing in each row: cable, remote, bag."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    rider = forms.CharField(
        label=_("Technical details"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    arrival_note = forms.CharField(
        label=_("Door, key, where to report"),
        required=False,
        max_length=2_000,
        help_text=_("Told only to those whose booking is confirmed."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    day_contact_name = forms.CharField(
        label=_("Who is there on the day"),
        required=False,
        max_length=200,
        help_text=_("Left empty: as your house says."),
    )
    day_contact_phone = forms.CharField(
        label=_("Phone on the day"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"type": "tel"}),
    )
    needs_from_asker = forms.MultipleChoiceField(
        label=_("What you want to know of whoever asks"),
        required=False,
        choices=[(code, NEEDS[code]) for code in ASKED_OF_BORROWER],
        widget=forms.CheckboxSelectMultiple,
    )
    funding_restriction = forms.CharField(
        label=_("Limits set by funding"), required=False, max_length=20_000
    )
    inventory_number = forms.CharField(label=_("Inventory number"), required=False, max_length=80)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

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


def attribute_field(definition: AttributeDefinition, language: str) -> forms.Field:
    """The field for one thing that may be said of a listing; leaving it open means unknown."""
    label = shipped(definition.label, language)
    if definition.unit:
        label = f"{label} ({definition.unit})"
    if definition.kind == "choice":
        rows = [
            (choice["code"], shipped(choice["label"], language)) for choice in definition.choices
        ]
        return forms.ChoiceField(label=label, required=False, choices=[("", "–"), *rows])
    if definition.kind == "yes_no":
        return forms.ChoiceField(
            label=label,
            required=False,
            choices=[("", _("not known")), ("yes", _("yes")), ("no", _("no"))],
        )
    return forms.CharField(label=label, required=False, max_length=300)


class PhotosForm(forms.Form):
    """One or several files; they are judged one by one when they are taken."""

    photos = forms.FileField(
        label=_("Photos"),
        required=False,
        help_text=_("JPEG, PNG or WebP, up to 12 MB each. Where they were taken is not kept."),
        widget=SeveralFilesInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )
    alternative_text = forms.CharField(
        label=_("What is to be seen"),
        required=False,
        max_length=300,
        help_text=_("For those who do not see it."),
    )
