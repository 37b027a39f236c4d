"""What every verb here does: finding the row under a lock, making a row with its audience, telling what happened."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from cooperative.access.models import Audience, AudienceKind
from cooperative.access.viewer import Viewer
from cooperative.errors import NotFound
from cooperative.events.services import NewEvent, Party, record
from cooperative.institutions.models import Institution


def locked(uid: UUID) -> Institution:
    """The row, locked until the transaction ends; raises `NotFound`."""
    found = Institution.objects.select_for_update(no_key=True).filter(uid=uid).first()
    if found is None:
        raise NotFound
    return found


def make(by: Viewer, fields: Mapping[str, Any]) -> Institution:
    """A new row with its own audience."""
    institution = Institution.objects.create(**fields, created_at=by.now)
    Audience.objects.create(kind=AudienceKind.OWN, institution=institution)
    return institution


def tell(
    by: Viewer,
    verb: str,
    institution: Institution,
    *,
    person: int | None = None,
    data: Mapping[str, Any] | None = None,
    quiet: bool = False,
) -> None:
    """The event, for the institution and, where somebody in particular is meant, for that person."""
    parties = [Party("institution", institution=institution.pk)]
    if person is not None:
        parties.append(Party("applicant", person=person))
    event = NewEvent(
        verb=verb,
        subject_kind="institution",
        subject_uid=institution.uid,
        parties=tuple(parties),
        data=dict(data or {}),
        actor=by.person,
        acting_for=by.acting_for,
    )
    record([event], now=by.now, quiet=quiet)
