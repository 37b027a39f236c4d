"""WHAT: the catalogue's words, what members list, when it is open and for whom."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cooperative import clock
from cooperative.identifiers import new_uid

from .querysets import ResourceManager, ResourcePhotoManager, ResourceTextManager


class Category(models.Model):
    """A word of the catalogue. `name` is shipped text by language: `{pl, en, de, uk}`; `shape` and `hue` its sign."""

    id = models.BigAutoField(primary_key=True)
    code = models.SlugField(max_length=60, unique=True)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    name = models.JSONField()
    position = models.PositiveSmallIntegerField(default=0)
    shape = models.CharField(max_length=20, blank=True)
    hue = models.CharField(max_length=20, blank=True)
    default_kind = models.CharField(max_length=20, blank=True)
    retired = models.BooleanField(default=False)

    class Meta:
        verbose_name_plural = "categories"

    def __str__(self) -> str:
        return self.code


class AttributeKind(models.TextChoices):
    NUMBER = "number", _("number")
    CHOICE = "choice", _("choice")
    YES_NO = "yes_no", _("yes, no or unknown")
    TEXT = "text", _("text")


class AttributeDefinition(models.Model):
    """What may be said of resources in a category and below it. `choices` = [{code, label by language}]."""

    id = models.BigAutoField(primary_key=True)
    category = models.ForeignKey(Category, on_delete=models.CASCADE, related_name="attributes")
    code = models.SlugField(max_length=60, unique=True)
    kind = models.CharField(max_length=20, choices=AttributeKind.choices)
    label = models.JSONField()
    unit = models.CharField(max_length=20, blank=True)
    minimum = models.FloatField(null=True, blank=True)
    maximum = models.FloatField(null=True, blank=True)
    choices = models.JSONField(default=list, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    searchable = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.code


class ResourceKind(models.TextChoices):
    EXCLUSIVE = "exclusive", _("one at a time")
    POOLED = "pooled", _("pieces")
    SEATED = "seated", _("places per date")
    METERED = "metered", _("hours a month")
    GIVEAWAY = "giveaway", _("to give away")
    OPEN = "open", _("to read or download")


class ResourceState(models.TextChoices):
    DRAFT = "draft", _("in our house only")
    PUBLISHED = "published", _("published")
    SUSPENDED = "suspended", _("suspended")
    WITHDRAWN = "withdrawn", _("withdrawn")


class Handover(models.TextChoices):
    NONE = "none", _("nothing to hand over")
    SIMPLE = "simple", _("out and back")
    SIGNED = "signed", _("with a signature")


class Answering(models.TextChoices):
    """How requests that are not confirmed at once are answered (see `SharingTerms.at_once`)."""

    KEEP_FIRST = "keep_first", _("kept for who asks first")
    OWNER_CHOOSES = "owner_chooses", _("the owner chooses among requests")


class HoursSource(models.TextChoices):
    HOUSE = "house", _("as the house")
    OWN = "own", _("its own hours")
    ALWAYS = "always", _("at any time")


class Resource(models.Model):
    """Something that an institution can share.

    `units` = how many there are (1 where one at a time). `attributes` by definition code, missing = unknown.
    `turnover_minutes` are kept free after each use. `time_zone` is the owner's IANA zone: its hours and rules live
    there. `search_document` and `sort_key` are kept by the service that writes.
    """

    id = models.BigAutoField(primary_key=True)
    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    owner = models.ForeignKey("cooperative.Institution", on_delete=models.PROTECT, related_name="+")
    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=ResourceKind.choices)
    units = models.PositiveIntegerField(default=1)
    state = models.CharField(
        max_length=20, choices=ResourceState.choices, default=ResourceState.DRAFT
    )
    attributes = models.JSONField(default=dict, blank=True)
    answering = models.CharField(max_length=20, choices=Answering.choices)
    handover = models.CharField(max_length=20, choices=Handover.choices, default=Handover.NONE)
    turnover_minutes = models.PositiveIntegerField(default=0)
    hours_source = models.CharField(
        max_length=20, choices=HoursSource.choices, default=HoursSource.HOUSE
    )
    time_zone = models.CharField(max_length=64, default="Europe/Warsaw")
    place = models.CharField(max_length=200, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    belongings = models.JSONField(default=list, blank=True)
    rider = models.TextField(blank=True)
    funding_restriction = models.TextField(blank=True)
    value_amount = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    value_currency = models.CharField(max_length=3, default="PLN")
    inventory_number = models.CharField(max_length=80, blank=True)
    needs_from_asker = models.JSONField(default=list, blank=True)
    external_source = models.CharField(max_length=60, blank=True)
    external_id = models.CharField(max_length=60, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    created_by = models.ForeignKey(
        "cooperative.Person", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    published_at = models.DateTimeField(null=True, blank=True)
    confirmed_at = models.DateTimeField(default=clock.now)
    version = models.PositiveIntegerField(default=1)
    search_document = SearchVectorField(null=True, editable=False)
    search_words = models.TextField(blank=True, editable=False, db_collation="C")
    sort_key = models.CharField(max_length=250, blank=True, editable=False, db_collation="C")

    objects: ClassVar[ResourceManager[Resource]] = ResourceManager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=ResourceKind.values), name="resource_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=ResourceState.values), name="resource_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(kind="exclusive") | Q(units__lte=1), name="resource_exclusive_is_one"
            ),
            models.CheckConstraint(
                condition=Q(units__lte=1_000_000), name="resource_units_plausible"
            ),
            models.CheckConstraint(
                condition=Q(turnover_minutes__lte=20_160), name="resource_turnover_plausible"
            ),
            models.UniqueConstraint(
                fields=["owner", "external_source", "external_id"],
                condition=~Q(external_source=""),
                name="resource_external_unique",
            ),
        ]
        indexes = [
            GinIndex(fields=["search_document"], name="resource_search"),
            GinIndex(
                fields=["search_words"], opclasses=["gin_trgm_ops"], name="resource_words_trgm"
            ),
            GinIndex(
                fields=["attributes"], opclasses=["jsonb_path_ops"], name="resource_attributes"
            ),
            models.Index(fields=["category", "sort_key"], name="resource_by_category"),
            models.Index(fields=["owner", "state"], name="resource_by_owner"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.uid}"


class ResourceText(models.Model):
    """What a member wrote of a resource, in one language. One row is the original."""

    id = models.BigAutoField(primary_key=True)
    resource = models.ForeignKey(Resource, on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(max_length=2)
    title = models.CharField(max_length=120)
    summary = models.CharField(max_length=300, blank=True)
    body = models.TextField(blank=True, max_length=20_000)
    is_original = models.BooleanField(default=False)

    objects: ClassVar[ResourceTextManager[ResourceText]] = ResourceTextManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["resource", "language"], name="resource_text_language_once"
            ),
            models.UniqueConstraint(
                fields=["resource"],
                condition=Q(is_original=True),
                name="resource_text_one_original",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class ResourcePhoto(models.Model):
    """A photo, re-encoded by us without its metadata. `file` is the stem under the media folder; three WebP widths."""

    id = models.BigAutoField(primary_key=True)
    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    resource = models.ForeignKey(Resource, on_delete=models.CASCADE, related_name="photos")
    position = models.PositiveSmallIntegerField(default=0)
    file = models.CharField(max_length=200)
    alternative_text = models.CharField(max_length=300, blank=True)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    created_at = models.DateTimeField(default=clock.now)

    objects: ClassVar[ResourcePhotoManager[ResourcePhoto]] = ResourcePhotoManager()

    def __str__(self) -> str:
        return self.file


class WeeklyHours(models.Model):
    """Open on a weekday (0 = Monday) from minute to minute of the owner's local day (1440 = midnight at its end).

    Of the house where `resource` is null, else of that resource. `valid_until` is exclusive.
    """

    id = models.BigAutoField(primary_key=True)
    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    institution = models.ForeignKey(
        "cooperative.Institution", on_delete=models.CASCADE, related_name="weekly_hours"
    )
    resource = models.ForeignKey(
        Resource, null=True, blank=True, on_delete=models.CASCADE, related_name="weekly_hours"
    )
    weekday = models.PositiveSmallIntegerField()
    opens_minute = models.PositiveSmallIntegerField()
    closes_minute = models.PositiveSmallIntegerField()
    valid_from = models.DateField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "weekly hours"
        constraints = [
            models.CheckConstraint(condition=Q(weekday__lte=6), name="weekly_hours_weekday"),
            models.CheckConstraint(
                condition=Q(closes_minute__gt=F("opens_minute"), closes_minute__lte=1440),
                name="weekly_hours_in_order",
            ),
            models.CheckConstraint(
                condition=Q(valid_from__isnull=True)
                | Q(valid_until__isnull=True)
                | Q(valid_until__gt=F("valid_from")),
                name="weekly_hours_validity_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.weekday} {self.opens_minute}-{self.closes_minute}"


class DayOffKind(models.TextChoices):
    PUBLIC_HOLIDAY = "public_holiday", _("public holiday")
    SCHOOL_HOLIDAY = "school_holiday", _("school holiday")
    HOUSE = "house", _("house closed")


class DayOff(models.Model):
    """Days on which a house, or one resource, is not open; `until_on` is exclusive. Read by rules, never claims."""

    id = models.BigAutoField(primary_key=True)
    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    institution = models.ForeignKey(
        "cooperative.Institution", on_delete=models.CASCADE, related_name="days_off"
    )
    resource = models.ForeignKey(
        Resource, null=True, blank=True, on_delete=models.CASCADE, related_name="days_off"
    )
    from_on = models.DateField()
    until_on = models.DateField()
    kind = models.CharField(max_length=20, choices=DayOffKind.choices, default=DayOffKind.HOUSE)
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name_plural = "days off"
        constraints = [
            models.CheckConstraint(condition=Q(until_on__gt=F("from_on")), name="day_off_in_order")
        ]

    def __str__(self) -> str:
        return f"{self.from_on} {self.reason}"


class FeeKind(models.TextChoices):
    FREE = "free", _("free")
    COST_RECOVERY = "cost_recovery", _("cost recovery")
    PRICE = "price", _("price")
    TO_BE_AGREED = "to_be_agreed", _("to be agreed")


class SharingTerms(models.Model):
    """For whom a resource is there, and on what terms.

    `notice_minutes` = latest time to ask before use; `horizon_days` = earliest; lengths and step in minutes, null =
    no rule. `at_once` confirms without asking. `ask_anyway` lets a request that only house rules stop be sent with a
    word why. Fees are information; `fees` holds exceptions by kind of borrower: {institution kind: {kind, amount}}.
    """

    id = models.BigAutoField(primary_key=True)
    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    resource = models.ForeignKey(Resource, on_delete=models.CASCADE, related_name="terms")
    audience = models.ForeignKey("cooperative.Audience", on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField(default=0)
    may_see = models.BooleanField(default=True)
    may_ask = models.BooleanField(default=False)
    at_once = models.BooleanField(default=False)
    ask_anyway = models.BooleanField(default=True)
    fee_kind = models.CharField(max_length=20, choices=FeeKind.choices, default=FeeKind.FREE)
    fee_amount = models.DecimalField(max_digits=10, decimal_places=2, null=True, blank=True)
    fee_currency = models.CharField(max_length=3, default="PLN")
    fee_unit = models.CharField(max_length=20, blank=True)
    fee_ground = models.CharField(max_length=200, blank=True)
    fees = models.JSONField(default=dict, blank=True)
    notice_minutes = models.PositiveIntegerField(null=True, blank=True)
    horizon_days = models.PositiveIntegerField(null=True, blank=True)
    shortest_minutes = models.PositiveIntegerField(null=True, blank=True)
    longest_minutes = models.PositiveIntegerField(null=True, blank=True)
    step_minutes = models.PositiveIntegerField(null=True, blank=True)
    quota = models.JSONField(null=True, blank=True)
    deposit_amount = models.DecimalField(max_digits=10, decimal_places=2, null=True, blank=True)
    deposit_currency = models.CharField(max_length=3, default="PLN")
    conditions = models.TextField(blank=True)
    conditions_version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name_plural = "sharing terms"
        constraints = [
            models.UniqueConstraint(fields=["resource", "audience"], name="sharing_terms_once"),
            models.CheckConstraint(
                condition=Q(may_ask=False) | Q(may_see=True), name="sharing_terms_ask_needs_see"
            ),
            models.CheckConstraint(
                condition=Q(shortest_minutes__isnull=True)
                | Q(longest_minutes__isnull=True)
                | Q(longest_minutes__gte=F("shortest_minutes")),
                name="sharing_terms_lengths_in_order",
            ),
        ]
        indexes = [
            models.Index(
                fields=["resource", "audience"],
                condition=Q(may_see=True),
                name="sharing_terms_seen",
            )
        ]

    def __str__(self) -> str:
        return f"{self.resource_id} for {self.audience_id}"


class ReviewState(models.TextChoices):
    SUBMITTED = "submitted", _("waiting for the moderators")
    CHANGES_ASKED = "changes_asked", _("changes asked for")
    ACCEPTED = "accepted", _("accepted")
    REFUSED = "refused", _("refused")


class Review(models.Model):
    """What moderators look at: a first listing (`change` null) or a change of a published one (field -> new value)."""

    id = models.BigAutoField(primary_key=True)
    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    resource = models.ForeignKey(Resource, on_delete=models.CASCADE, related_name="reviews")
    change = models.JSONField(null=True, blank=True)
    state = models.CharField(
        max_length=20, choices=ReviewState.choices, default=ReviewState.SUBMITTED
    )
    submitted_at = models.DateTimeField(default=clock.now)
    submitted_by = models.ForeignKey(
        "cooperative.Person", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        "cooperative.Person", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["resource"],
                condition=Q(state__in=["submitted", "changes_asked"]),
                name="review_one_open",
            ),
            models.CheckConstraint(
                condition=Q(state="submitted") | Q(decided_at__isnull=False),
                name="review_decided_when_decided",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.resource_id} {self.state}"
