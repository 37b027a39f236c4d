"""Photos and files that people add: to a message, at a hand-over, to a case."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bookings.querysets import AttachmentManager
from cooperative import clock
from cooperative.identifiers import new_uid

from .cases import Case
from .lines import Line
from .messages import BookingMessage


class Moment(models.TextChoices):
    OUT = "out", _("when it was handed out")
    BACK = "back", _("when it came back")


class Attachment(models.Model):
    """A photo (re-encoded by us, `file` = the stem of three WebP widths) or a file (`file` = its name in the store).

    Of exactly one message, line (at a `moment` of its hand-over) or case; seen by who sees that. `name` is what its
    sender called it, `size` in bytes of what is stored (the largest width of a photo).
    """

    id = models.BigAutoField(primary_key=True)
    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    message = models.ForeignKey(
        BookingMessage, null=True, blank=True, on_delete=models.CASCADE, related_name="attachments"
    )
    line = models.ForeignKey(
        Line, null=True, blank=True, on_delete=models.CASCADE, related_name="attachments"
    )
    case = models.ForeignKey(
        Case, null=True, blank=True, on_delete=models.CASCADE, related_name="attachments"
    )
    moment = models.CharField(max_length=10, choices=Moment.choices, blank=True)
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    file = models.CharField(max_length=200)
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)
    added_at = models.DateTimeField(default=clock.now)
    added_by = models.ForeignKey(
        "cooperative.Person", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    added_for = models.ForeignKey(
        "cooperative.Institution", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects: ClassVar[AttachmentManager[Attachment]] = AttachmentManager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(message__isnull=False, line__isnull=True, case__isnull=True, moment="")
                | (
                    Q(message__isnull=True, line__isnull=False, case__isnull=True)
                    & Q(moment__in=Moment.values)
                )
                | Q(message__isnull=True, line__isnull=True, case__isnull=False, moment=""),
                name="attachment_of_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(width__isnull=True, height__isnull=True)
                | Q(width__isnull=False, height__isnull=False),
                name="attachment_photo_has_measures",
            ),
        ]

    def __str__(self) -> str:
        return self.name
