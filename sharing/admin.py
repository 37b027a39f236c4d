"""Technical administration. Reads and writes plainly, past audiences: for administrators of the installation only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from cooperative.access.querysets import SYSTEM

from .models import (
    AttributeDefinition,
    Category,
    ChangedHours,
    DayOff,
    Resource,
    ResourcePhoto,
    ResourceText,
    Review,
    SchoolHoliday,
    SharingTerms,
    WeeklyHours,
)

if TYPE_CHECKING:
    from django.db.models import QuerySet

    PlainAdmin = admin.ModelAdmin[Any]
else:
    PlainAdmin = admin.ModelAdmin


class ReadOnly(PlainAdmin):
    """Looked at, never changed here: verbs keep what hangs together, and the log."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class Gated(ReadOnly):
    """A gated model, read by the system."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = self.model._default_manager.visible_to(SYSTEM)
        return rows


@admin.register(Category)
class CategoryAdmin(ReadOnly):
    list_display = ("code", "parent", "default_kind", "retired")
    search_fields = ("code",)


@admin.register(AttributeDefinition)
class AttributeDefinitionAdmin(ReadOnly):
    list_display = ("code", "category", "kind", "unit", "searchable")
    search_fields = ("code",)


@admin.register(Resource)
class ResourceAdmin(Gated):
    list_display = ("uid", "sort_key", "owner", "category", "kind", "units", "state")
    list_filter = ("state", "kind")
    search_fields = ("uid", "search_words")


@admin.register(ResourceText, ResourcePhoto)
class HangsOnResourceAdmin(Gated):
    list_display = ("resource", "__str__")


@admin.register(SharingTerms)
class SharingTermsAdmin(ReadOnly):
    list_display = ("resource", "audience", "may_see", "may_ask", "at_once", "fee_kind")


@admin.register(Review)
class ReviewAdmin(ReadOnly):
    list_display = ("resource", "state", "submitted_at", "decided_at")
    list_filter = ("state",)


@admin.register(WeeklyHours, DayOff, ChangedHours)
class HoursAdmin(ReadOnly):
    list_display = ("institution", "resource", "__str__")


@admin.register(SchoolHoliday)
class SchoolHolidayAdmin(ReadOnly):
    list_display = ("country", "region", "from_on", "until_on")
    list_filter = ("country",)
