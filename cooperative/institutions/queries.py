"""Reading institutions: who is there, who waits for an answer, who is like whom."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db.models import Q, QuerySet

from cooperative.access.viewer import Viewer
from cooperative.errors import NotFound

from .models import Application, ApplicationState, Institution, InstitutionState


def institutions(viewer: Viewer) -> QuerySet[Institution]:
    """Active institutions, and the viewer's own in any state; moderators all. By name."""
    rows = Institution.objects.order_by("name", "id")
    if viewer.moderator or viewer.system:
        return rows
    return rows.filter(Q(state=InstitutionState.ACTIVE) | Q(pk__in=list(viewer.institutions)))


def institution(viewer: Viewer, uid: UUID) -> Institution:
    """One of `institutions`; raises `NotFound`."""
    found = institutions(viewer).filter(uid=uid).select_related("umbrella").first()
    if found is None:
        raise NotFound
    return found


def applications_waiting(viewer: Viewer) -> QuerySet[Application]:
    """What moderators have to answer, the oldest first; nothing for anybody else."""
    rows = Application.objects.select_related("institution", "applicant")
    if not (viewer.moderator or viewer.system):
        return rows.none()
    return rows.filter(state=ApplicationState.SUBMITTED).order_by("submitted_at", "id")


def applications_of(viewer: Viewer) -> QuerySet[Application]:
    """What the viewer applied for, with the answers, newest first."""
    rows = Application.objects.select_related("institution")
    return (
        rows.filter(applicant=viewer.person).order_by("-submitted_at", "-id")
        if viewer.person
        else rows.none()
    )


def application(viewer: Viewer, uid: UUID) -> Application:
    """An application for its applicant and for moderators; raises `NotFound`."""
    rows = Application.objects.select_related("institution", "applicant", "decided_by")
    found = rows.filter(uid=uid).first()
    mine = found is not None and viewer.person is not None and found.applicant_id == viewer.person
    if found is None or not (mine or viewer.moderator or viewer.system):
        raise NotFound
    return found


def alike(institution: Institution) -> QuerySet[Institution]:
    """Others in the same city that bear the same name, now or before: maybe the same house twice."""
    same = Q(name__iexact=institution.name) | Q(former_names__name__iexact=institution.name)
    if institution.short_name:
        same |= Q(short_name__iexact=institution.short_name)
    return (
        Institution.objects.filter(same, city__iexact=institution.city)
        .exclude(pk=institution.pk)
        .distinct()
        .order_by("name", "id")
    )


def look_alikes(rows: Sequence[Institution]) -> dict[int, list[str]]:
    """For each of `rows` the names of others in its city that are called the same. One statement."""
    if not rows:
        return {}
    named = Q()
    for row in rows:
        same = Q(name__iexact=row.name) | Q(former_names__name__iexact=row.name)
        named |= same & Q(city__iexact=row.city) & ~Q(pk=row.pk)
    others = list(Institution.objects.filter(named).distinct().order_by("name", "id"))
    names = {row.name.casefold() for row in rows}
    renamed = {other.pk for other in others if other.name.casefold() not in names}
    return {
        row.pk: [
            other.name
            for other in others
            if other.pk != row.pk
            and other.city.casefold() == row.city.casefold()
            and (other.name.casefold() == row.name.casefold() or other.pk in renamed)
        ]
        for row in rows
    }
