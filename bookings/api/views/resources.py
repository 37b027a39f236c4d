"""`resources/`: find, look up, see when it is free, list and offer."""

from __future__ import annotations

from functools import partial
from typing import Any, ClassVar
from uuid import UUID

from django.db import transaction
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from bookings.api import examples
from bookings.api.answers import answers_shown
from bookings.api.composition import companions_shown, parts_shown
from bookings.api.dates import months_shown, session_brief
from bookings.api.docs_refusals import WouldHitDoc
from bookings.api.docs_resources import AvailabilityDoc, ResourceBrief, ResourceDoc
from bookings.api.listed import availability_shown, resource_brief, resource_shown
from bookings.api.listing_bodies import (
    EditResourceBody,
    ResourceBody,
    ResourcesQuery,
    SpanQuery,
    attributes_of,
    listing_of,
    near_of,
    window_of,
)
from bookings.queries.availability import free
from bookings.queries.composition import belongings_of
from bookings.queries.dates import dates_of, months_of
from bookings.queries.search import Wanted, search
from bookings.services.answer_times import expected_answers
from bookings.services.hours import JUDGED_BY, change_hours
from cooperative.access.viewer import Viewer
from cooperative.api import etags, pages
from cooperative.api.acting import InstitutionQuery, must_act
from cooperative.api.base import ApiView
from cooperative.api.fields import Body
from cooperative.api.schema import page_of
from cooperative.errors import NotFound
from sharing.models import Resource
from sharing.queries.listings import of_house, resource_for
from sharing.queries.terms import terms_by_resource
from sharing.services.create_resource import create_resource
from sharing.services.edit_resource import edit_resource
from sharing.services.publish import publish, unpublish
from sharing.services.set_terms import set_terms
from sharing.services.set_texts import set_texts


class OnlyInstitution(Body):
    """No more than for whom you act."""

    class Meta:
        ref_name = "Acting"


NEW, EDIT, NOTHING = ResourceBody(), EditResourceBody(), OnlyInstitution()


class Resources(ApiView):
    """What is shared, as far as you may see it."""

    query_class = ResourcesQuery
    pages_through = True

    @extend_schema(
        operation_id="resources_list",
        summary="Find what is shared, and free",
        description=(
            "Best first; at most 1,000 results. With a window of use (at most 92 days) only what is free during all "
            "of it, with `free_units`."
        ),
        responses=page_of("ResourcePage", ResourceBrief),
    )
    def get(self, request: Request) -> Response:
        viewer = self.viewer()
        asked = dict(self.asked)
        page = pages.wanted(request)
        window = window_of(asked)
        if "mine" in asked:
            end = page.offset + page.limit
            rows = list(of_house(viewer, must_act(viewer))[page.offset : end + 1])
            shown = [resource_brief(row) for row in rows[: page.limit]]
            return Response(
                pages.ranked(
                    shown, request, page=page, next_offset=end if len(rows) > page.limit else None
                )
            )
        wanted = Wanted(
            words=asked.get("q", ""),
            category=asked.get("category", ""),
            window=window,
            units=asked["units"],
            owner=asked.get("owner"),
            network=asked.get("network"),
            near=near_of(asked["near"]) if "near" in asked else None,
            attributes=attributes_of(asked.get("attributes", [])),
        )
        found = search(viewer=viewer, wanted=wanted, offset=page.offset, limit=page.limit)
        results = [resource_brief(hit.resource, free_units=hit.free_units) for hit in found.results]
        return Response(pages.ranked(results, request, page=page, next_offset=found.next_offset))

    @extend_schema(
        operation_id="resources_create",
        summary="List something of your institution",
        description="A draft that its own house can use at once. `publish` offers it to others.",
        request=ResourceBody,
        responses={201: ResourceDoc},
        examples=[examples.NEW_RESOURCE],
    )
    def post(self, request: Request) -> Response:
        read = NEW.read(request.data)
        viewer = self.viewer(read.get("institution"))
        made = create_resource(by=viewer, owner=must_act(viewer), **listing_of(read))
        return resource_answer(viewer, made.uid, status=201)


class ResourceDetail(ApiView):
    """One resource."""

    query_class = InstitutionQuery
    matches = ("PATCH",)
    also_answers = ()
    problem_docs: ClassVar[dict[int, type[serializers.Serializer[Any]]]] = {409: WouldHitDoc}

    @extend_schema(operation_id="resources_retrieve", summary="One resource", responses=ResourceDoc)
    def get(self, request: Request, id: UUID) -> Response:
        return resource_answer(self.viewer(), id)

    @extend_schema(
        operation_id="resources_edit",
        summary="Change a listing",
        description=(
            "What is left out stays. Of a new owner's published listing, title, category and a wider audience wait "
            "for the moderators; the rest holds at once. 409 `would_hit` with the bookings that would lie outside its "
            "hours then, unless `confirmed`: nothing is stored."
        ),
        request=EditResourceBody,
        responses={200: ResourceDoc},
    )
    def patch(self, request: Request, id: UUID) -> Response:
        read = EDIT.read(request.data)
        viewer = self.viewer(read.get("institution"))
        edit = partial(_edited, viewer, id, listing_of(read), etags.version_matched(request))
        if JUDGED_BY & read.keys():
            owner = resource_for(viewer, id).owner_id
            known = read["confirmed"]
            change_hours(edit, by=viewer, institution=owner, resource=id, confirmed=known)
        else:
            edit()
        return resource_answer(viewer, id)


@transaction.atomic
def _edited(viewer: Viewer, uid: UUID, change: dict[str, Any], version: int | None) -> None:
    """The first verb locks the listing and judges the version; the others work under its lock."""
    texts, terms = change.pop("texts", None), change.pop("terms", None)
    original = change.pop("original", "")
    listing = edit_resource(by=viewer, resource=uid, version=version, **change)
    if texts is not None:
        set_texts(by=viewer, resource=listing.uid, texts=texts, original=original)
    if terms is not None:
        set_terms(by=viewer, resource=listing.uid, terms=terms)


class PublishResource(ApiView):
    """Offered to others."""

    @extend_schema(
        operation_id="resources_publish",
        summary="Offer a listing to others, or put it before the moderators",
        request=OnlyInstitution,
        responses={200: ResourceDoc},
    )
    def post(self, request: Request, id: UUID) -> Response:
        NOTHING.read(request.data)
        viewer = self.viewer()
        publish(by=viewer, resource=id)
        return resource_answer(viewer, id)


class UnpublishResource(ApiView):
    """Back in its own house."""

    @extend_schema(
        operation_id="resources_unpublish",
        summary="Take a listing back into its own house; bookings stay",
        request=OnlyInstitution,
        responses={200: ResourceDoc},
    )
    def post(self, request: Request, id: UUID) -> Response:
        NOTHING.read(request.data)
        viewer = self.viewer()
        unpublish(by=viewer, resource=id)
        return resource_answer(viewer, id)


class ResourceAvailability(ApiView):
    """When it is open and when how many are free."""

    query_class = SpanQuery

    @extend_schema(
        operation_id="resources_availability",
        summary="When it is open and free",
        responses=AvailabilityDoc,
    )
    def get(self, request: Request, id: UUID) -> Response:
        window = window_of(dict(self.asked))
        assert window is not None
        viewer = self.viewer()
        found = (
            Resource.objects.visible_to(viewer)
            .filter(uid=id)
            .values_list("pk", "time_zone", "kind")
            .first()
        )
        if found is None:
            raise unknown_resource()
        number, zone, kind = found
        shown = availability_shown(free([number], window, now=self.now)[number], zone)
        if kind == "seated":
            dates = dates_of(number, window, now=self.now)
            inside = [one for one in dates if window.contains(one.span)]
            shown["sessions"] = [session_brief(one) for one in inside]
        elif kind == "metered":
            shown["months"] = months_shown(months_of(number, window, now=self.now))
        return Response(shown)


def unknown_resource() -> NotFound:
    return NotFound(code="unknown_resource")


def resource_answer(viewer: Viewer, uid: UUID, *, status: int = 200) -> Response:
    """The resource as it is now. Raises `NotFound` (`unknown_resource`)."""
    resource = resource_for(viewer, uid)
    terms: Any = terms_by_resource([resource])[resource.pk]
    belongings = belongings_of(resource, viewer=viewer)
    answers = expected_answers([resource.pk], now=viewer.now)
    return Response(
        resource_shown(resource, terms, viewer)
        | parts_shown(belongings)
        | companions_shown(belongings)
        | {"answers": answers_shown(answers.get(resource.pk))},
        status,
        headers={"ETag": etags.etag(resource.version)},
    )
