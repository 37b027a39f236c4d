"""What is asked of a listing, field by field."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from sharing.details import ASKED_OF_BORROWER

from .choices import AUDIENCES, FEES, KINDS, LANGUAGES, NEEDS, UNITS_OF_TIME


class ListingQuestions(forms.Form):
    """The fields that every listing has, in the order of the page."""

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
