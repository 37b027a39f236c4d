"""`notifications/` (the inbox) and `events/` (the stream of what concerns one)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from cooperative.access.viewer import Viewer
from cooperative.api import pages
from cooperative.api.acting import InstitutionQuery
from cooperative.api.base import ApiView
from cooperative.api.fields import Body, Code, Uid
from cooperative.api.schema import page_of
from cooperative.api.serializers import InstitutionBrief, institution_brief
from cooperative.errors import NotFound
from cooperative.events.queries import Told, stream
from notifications.models import Delivery
from notifications.queries.inbox import Entry, entry, inbox
from notifications.services.inbox import mark_all_read, mark_read


class NotificationsQuery(InstitutionQuery):
    """Which notifications are listed."""

    unread = Code(["true"], required=False, help_text="Only those that were not read.")


class NotificationDoc(serializers.Serializer[Any]):
    """Something that you were told."""

    id = serializers.UUIDField()
    at = serializers.DateTimeField()
    message = serializers.CharField(help_text="The code of the message.")
    topic = serializers.CharField(allow_blank=True)
    text = serializers.CharField(help_text="A sentence in the reader's language.")
    note = serializers.CharField(allow_blank=True)
    read = serializers.BooleanField()
    event = serializers.UUIDField()
    subject_kind = serializers.CharField()
    subject = serializers.UUIDField(help_text="The `id` of the booking, resource ... it is about.")

    class Meta:
        ref_name = "Notification"


class ReadAllBody(Body):
    """Up to which notification all were read."""

    up_to = Uid(
        required=False,
        allow_null=True,
        default=None,
        help_text="The newest that you have shown; left out: all.",
    )

    class Meta:
        ref_name = "ReadAll"


class ReadAllDoc(serializers.Serializer[Any]):
    read = serializers.IntegerField(help_text="How many were unread before.")

    class Meta:
        ref_name = "ReadAllAnswer"


class EmptyBody(Body):
    """Nothing."""

    class Meta:
        ref_name = "Nothing"


READ_ALL, EMPTY = ReadAllBody(), EmptyBody()


class Notifications(ApiView):
    """The inbox of the person who calls."""

    query_class = NotificationsQuery
    pages_through = True

    @extend_schema(
        operation_id="notifications_list",
        summary="Your inbox, newest first",
        responses=page_of("NotificationPage", NotificationDoc),
    )
    def get(self, request: Request) -> Response:
        viewer = self.viewer()
        page = pages.wanted(request)
        limit = min(page.limit, 99)
        found = inbox(
            viewer=viewer,
            before=_position(viewer, page.mark),
            limit=limit + 1,
            unread=self.asked.get("unread") == "true",
        )
        more = len(found) > limit
        found = found[:limit]
        following = {"uid": str(found[-1].uid)} if more else None
        return Response(
            {
                "next": pages.link(request, following) if following else None,
                "previous": None,
                "results": [_notification(one) for one in found],
            }
        )


class ReadNotification(ApiView):
    """One notification was read."""

    @extend_schema(
        operation_id="notifications_read",
        summary="Mark one as read; again is harmless",
        request=EmptyBody,
        responses={200: NotificationDoc},
    )
    def post(self, request: Request, id: UUID) -> Response:
        EMPTY.read(request.data)
        viewer = self.viewer()
        mark_read(by=viewer, notification=id)
        found = entry(viewer=viewer, uid=id)
        if found is None:
            raise NotFound
        return Response(_notification(found))


class ReadNotifications(ApiView):
    """All notifications were read."""

    @extend_schema(
        operation_id="notifications_read_all",
        summary="Mark all as read",
        request=ReadAllBody,
        responses={200: ReadAllDoc},
    )
    def post(self, request: Request) -> Response:
        read = READ_ALL.read(request.data)
        return Response({"read": mark_all_read(by=self.viewer(), up_to=read["up_to"])})


class EventDoc(serializers.Serializer[Any]):
    """Something that happened and concerns you. `data` holds ids, codes and times, never names or free text."""

    id = serializers.UUIDField()
    at = serializers.DateTimeField()
    verb = serializers.CharField(help_text="`<subject>.<action>`, such as `booking.approve`.")
    subject_kind = serializers.CharField()
    subject = serializers.UUIDField()
    acting_for = InstitutionBrief(allow_null=True, help_text="For whom it was done.")
    your_roles = serializers.ListField(
        child=serializers.CharField(), help_text="How it concerns you: lender, borrower, asker ..."
    )
    data = serializers.DictField()  # type: ignore[assignment]  # a member, not DRF's data

    class Meta:
        ref_name = "Event"


class Events(ApiView):
    """The stream of what happened, in the order in which it was told."""

    query_class = InstitutionQuery
    pages_through = True

    @extend_schema(
        operation_id="events_list",
        summary="What happened and concerns you, oldest first",
        description=(
            "`next` is given at the end too, where anything was read: keep it and call it again later for what is "
            "new. Nothing is skipped and nothing comes twice."
        ),
        responses=page_of("EventPage", EventDoc),
    )
    def get(self, request: Request) -> Response:
        viewer = self.viewer()
        page = pages.wanted(request)
        after = int(page.mark.get("after", 0))
        found = stream(viewer=viewer, after=after, limit=page.limit)
        last = found[-1].position if found else after
        return Response(
            {
                "next": pages.link(request, {"after": last}) if last else None,
                "previous": None,
                "results": [_event(one, viewer) for one in found],
            }
        )


def _position(viewer: Viewer, mark: dict[str, Any]) -> int | None:
    if "uid" not in mark:
        return None
    mine = Delivery.objects.filter(person=viewer.person, uid=mark["uid"])
    return mine.values_list("pk", flat=True).first() or 0


def _notification(one: Entry) -> dict[str, Any]:
    return {
        "id": one.uid,
        "at": one.at,
        "message": one.message,
        "topic": one.topic,
        "text": one.text,
        "note": one.note,
        "read": one.read,
        "event": one.event,
        "subject_kind": one.subject_kind,
        "subject": one.subject,
    }


def _event(told: Told, viewer: Viewer) -> dict[str, Any]:
    event = told.event
    mine = {
        party.role
        for party in event.parties.all()
        if party.person_id == viewer.person
        or (party.institution_id is not None and party.institution_id in viewer.institutions)
    }
    return {
        "id": event.uid,
        "at": event.at,
        "verb": event.verb,
        "subject_kind": event.subject_kind,
        "subject": event.subject_uid,
        "acting_for": institution_brief(event.acting_for),
        "your_roles": sorted(mine),
        "data": event.data,
    }
