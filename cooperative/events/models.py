"""The one event log, its parties, the outbox that the relay empties, and the stream that readers page through.

Triggers (migration 0002) refuse UPDATE, DELETE and TRUNCATE; erasing a person may set `actor` to null, nothing else.
"""

from __future__ import annotations

from django.db import models

from cooperative.identifiers import new_uid


class Event(models.Model):
    """Something that happened. `data` holds uids, codes and times, never names or free text."""

    id = models.BigAutoField(primary_key=True)
    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    at = models.DateTimeField()
    actor = models.ForeignKey(
        "cooperative.Person", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    acting_for = models.ForeignKey(
        "cooperative.Institution", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    verb = models.CharField(max_length=60)
    subject_kind = models.CharField(max_length=40)
    subject_uid = models.UUIDField()
    data = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["subject_uid", "id"], name="event_by_subject")]

    def __str__(self) -> str:
        return f"{self.verb} {self.subject_kind} {self.subject_uid}"


class EventParty(models.Model):
    """Whom an event concerns, and in which role: it is told to them and they may read it."""

    id = models.BigAutoField(primary_key=True)
    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="parties")
    institution = models.ForeignKey(
        "cooperative.Institution", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    person = models.ForeignKey(
        "cooperative.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    role = models.CharField(max_length=20)

    class Meta:
        verbose_name_plural = "event parties"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(institution__isnull=False, person__isnull=True)
                | models.Q(institution__isnull=True, person__isnull=False),
                name="event_party_one",
            )
        ]
        indexes = [
            models.Index(
                fields=["institution", "event"],
                name="event_party_institution",
                condition=models.Q(institution__isnull=False),
            ),
            models.Index(
                fields=["person", "event"],
                name="event_party_person",
                condition=models.Q(person__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.role


class Outbox(models.Model):
    """An event that the relay has not yet told. Written in the transaction of the change."""

    event = models.OneToOneField(
        Event, primary_key=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name_plural = "outbox"

    def __str__(self) -> str:
        return str(self.event_id)


class Stream(models.Model):
    """The order in which committed events were told; readers page by `position`, never by event id or time."""

    position = models.BigAutoField(primary_key=True)
    event = models.OneToOneField(Event, on_delete=models.PROTECT, related_name="stream")

    class Meta:
        verbose_name_plural = "stream"

    def __str__(self) -> str:
        return str(self.position)
