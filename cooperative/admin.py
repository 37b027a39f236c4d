"""Technical administration: looking things up, shutting an account. Everything else has verbs on the product's pages.

Nothing here may go round a service: rows are read-only, but for whether a person may sign in and see these pages.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from cooperative.access.models import Audience
from cooperative.events.models import Event
from cooperative.institutions.models import Application, Institution
from cooperative.membership.models import ApiToken, CooperativeRole, Invitation, Membership
from cooperative.networks.models import Network, NetworkMembership, Partnership
from cooperative.people.models import Person

if TYPE_CHECKING:
    AnyAdmin = admin.ModelAdmin[Any]
else:
    AnyAdmin = admin.ModelAdmin

# Signing in here is signing in to the product: the same rate limits, the same second factor.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign, no-untyped-call]


class ReadOnlyAdmin(AnyAdmin):
    """Rows to look at."""

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(Person)
class PersonAdmin(AnyAdmin):
    """An account is shut, not deleted: what it did stays told."""

    list_display = ("email", "name", "is_active", "is_staff", "joined_at")
    list_filter = ("is_active", "is_staff")
    search_fields = ("email", "name")
    fields = ("email", "name", "language", "joined_at", "is_active", "is_staff")
    readonly_fields = ("email", "name", "language", "joined_at")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(Institution)
class InstitutionAdmin(ReadOnlyAdmin):
    """Institutions in any state."""

    list_display = ("name", "short_name", "kind", "state", "city")
    list_filter = ("state", "kind")
    search_fields = ("name", "short_name", "external_id")
    list_select_related = ("umbrella",)


@admin.register(Membership)
class MembershipAdmin(ReadOnlyAdmin):
    """Who acts for whom."""

    list_display = ("person", "institution", "role", "started_at", "ended_at")
    list_select_related = ("person", "institution")
    search_fields = ("person__email", "institution__name")


@admin.register(Invitation)
class InvitationAdmin(ReadOnlyAdmin):
    """Invitations, without their tokens."""

    list_display = ("email", "institution", "role", "expires_at", "accepted_at", "revoked_at")
    list_select_related = ("institution",)
    exclude = ("token_hash",)


@admin.register(ApiToken)
class ApiTokenAdmin(ReadOnlyAdmin):
    """Tokens, without their secrets."""

    list_display = ("prefix", "person", "institution", "last_used_on", "revoked_at")
    list_select_related = ("person", "institution")
    exclude = ("token_hash",)


@admin.register(Event)
class EventAdmin(ReadOnlyAdmin):
    """The log."""

    list_display = ("at", "verb", "subject_kind", "subject_uid", "actor", "acting_for")
    list_select_related = ("actor", "acting_for")
    search_fields = ("subject_uid", "verb")
    show_full_result_count = False


admin.site.register(
    [Application, Audience, CooperativeRole, Network, NetworkMembership, Partnership],
    ReadOnlyAdmin,
)
