"""Marking what was read."""

from __future__ import annotations

from uuid import UUID

from cooperative.access.viewer import Viewer
from cooperative.errors import NotFound
from notifications.models import Channel, Delivery


def mark_read(*, by: Viewer, notification: UUID) -> None:
    """Mark one entry of the person's own inbox; again is harmless. Raises NotFound."""
    mine = Delivery.objects.filter(person=by.person, channel=Channel.IN_APP, uid=notification)
    if by.person is None or not mine.exists():
        raise NotFound()
    mine.filter(read_at__isnull=True).update(read_at=by.now)


def mark_all_read(*, by: Viewer, up_to: UUID | None = None) -> int:
    """Mark all of the person's inbox, or all up to the entry that stood on top when they looked. How many."""
    if by.person is None:
        return 0
    unread = Delivery.objects.filter(person=by.person, channel=Channel.IN_APP, read_at__isnull=True)
    if up_to is not None:
        newest = Delivery.objects.filter(person=by.person, uid=up_to).values_list("pk", flat=True)
        unread = unread.filter(pk__lte=newest.first() or 0)
    return unread.update(read_at=by.now)
