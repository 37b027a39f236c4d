"""What members list, with its texts and photos."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cooperative import clock
from cooperative.identifiers import new_uid
from sharing.querysets import ResourceManager, ResourcePhotoManager, ResourceTextManager

from .catalogue import Category


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


class ResourceGroup(models.Model):
    """Things of one owner that are looked after together: the sound store, the costumes."""

    id = models.BigAutoField(primary_key=True)
    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    owner = models.ForeignKey("cooperative.Institution", on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=120)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "name"], name="resource_group_name_once")
        ]

    def __str__(self) -> str:
        return self.name


class Resource(models.Model):
    """Something that an institution can share.

    `units` = how many there are (1 where one at a time). `attributes` by definition code, missing = unknown.
    `turnover_minutes` are kept free after each use. `time_zone` is the owner's IANA zone: its hours and rules live
    there. `search_document` and `sort_key` are kept by the service that writes. `arrival_note` (door, key, where to
    report) and the day's contact are for the two sides of a confirmed booking; empty = its house's.
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
    arrival_note = models.TextField(max_length=2_000, blank=True)
    day_contact_name = models.CharField(max_length=200, blank=True)
    day_contact_phone = models.CharField(max_length=40, blank=True)
    group = models.ForeignKey(
        ResourceGroup, null=True, blank=True, on_delete=models.SET_NULL, related_name="resources"
    )
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


class ResourceKeeper(models.Model):
    """A person who is told of requests for a thing, or for a group of things; none named = all keepers of the house.

    Any keeper may answer all the same: this says who hears of it.
    """

    id = models.BigAutoField(primary_key=True)
    person = models.ForeignKey("cooperative.Person", on_delete=models.CASCADE, related_name="+")
    resource = models.ForeignKey(
        Resource, null=True, blank=True, on_delete=models.CASCADE, related_name="keepers"
    )
    group = models.ForeignKey(
        ResourceGroup, null=True, blank=True, on_delete=models.CASCADE, related_name="keepers"
    )
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(resource__isnull=False, group__isnull=True)
                | Q(resource__isnull=True, group__isnull=False),
                name="resource_keeper_of_one",
            ),
            models.UniqueConstraint(
                fields=["person", "resource"],
                condition=Q(resource__isnull=False),
                name="resource_keeper_once",
            ),
            models.UniqueConstraint(
                fields=["person", "group"],
                condition=Q(group__isnull=False),
                name="resource_keeper_of_group_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} keeps {self.resource_id or self.group_id}"
