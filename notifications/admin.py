"""For operators: what could not be sent, and trying it again. Nothing else is changed here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from cooperative import clock
from notifications.models import Delivery
from notifications.services.send.marking import try_again

if TYPE_CHECKING:
    DeliveryAdminBase = admin.ModelAdmin[Delivery]
else:
    DeliveryAdminBase = admin.ModelAdmin


@admin.register(Delivery)
class DeliveryAdmin(DeliveryAdminBase):
    """Deliveries without their content; parked ones can be sent again."""

    list_display = ("created_at", "message", "channel", "state", "attempts", "due_at", "error")
    list_filter = ("state", "channel", "message")
    ordering = ("-id",)
    actions = ("send_again",)
    fields = list_display
    readonly_fields = list_display

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Delivery | None = None) -> bool:
        return False

    @admin.action(description=_("Send what is parked again"))
    def send_again(self, request: HttpRequest, queryset: QuerySet[Delivery]) -> None:
        count = try_again(list(queryset.values_list("pk", flat=True)), now=clock.now())
        self.message_user(request, _("To be sent again: %(count)s") % {"count": count})
