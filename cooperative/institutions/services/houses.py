"""An institution's own page: registering (import, demo), editing, suspending, trusting."""

from __future__ import annotations

from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from cooperative.access.viewer import Viewer
from cooperative.errors import Conflict, Forbidden, Stale
from cooperative.institutions.details import clean
from cooperative.institutions.models import (
    Institution,
    InstitutionKind,
    InstitutionName,
    InstitutionState,
)
from cooperative.institutions.permissions import must_edit, must_moderate

from .records import locked, make, tell


def register_institution(
    *,
    by: Viewer,
    umbrella: Institution | None = None,
    external_source: str = "",
    external_id: str = "",
    trusted: bool = False,
    quiet: bool = True,
    **details: Any,
) -> Institution:
    """An active institution at once, without application: for imports and the demo, and for guests.

    By moderators and `SYSTEM`. Raises `Forbidden`, `Invalid`.
    """
    must_moderate(by)
    fields = clean(details, whole=True)
    with transaction.atomic():
        institution = make(
            by,
            {
                **fields,
                "state": InstitutionState.ACTIVE,
                "umbrella": umbrella,
                "external_source": external_source,
                "external_id": external_id,
                "trusted": trusted,
            },
        )
        tell(by, "institution.register", institution, quiet=quiet)
    return institution


def edit_institution(
    *,
    by: Viewer,
    institution: UUID,
    version: int | None = None,
    quiet: bool = False,
    **changes: Any,
) -> Institution:
    """Change what is said of it; `version` is the one that was read (None = whatever is there).

    A former name is kept. Nothing changed = nothing written. Raises `NotFound`, `Forbidden`, `Invalid`, `Stale`.
    """
    with transaction.atomic():
        found = locked(institution)
        must_edit(by, found)
        if version is not None and version != found.version:
            raise Stale
        given = dict(changes)
        for one, other in (("latitude", "longitude"), ("longitude", "latitude")):
            if one in given and other not in given:
                given[other] = getattr(found, other)
        fields = clean(given, whole=False)
        changed = {name: new for name, new in fields.items() if getattr(found, name) != new}
        if not changed:
            return found
        if "kind" in changed and not (by.moderator or by.system):
            raise Forbidden(_("The kind of an institution is set by moderators."))
        if "kind" in changed and InstitutionKind.GUEST in {found.kind, changed["kind"]}:
            raise Conflict(
                _("A guest becomes a member by applying, not by a change of kind."),
                code="guest_applies",
            )
        if "name" in changed:
            until = by.now.astimezone(ZoneInfo(found.time_zone)).date()
            InstitutionName.objects.create(institution=found, name=found.name, until_on=until)
        for name, value in changed.items():
            setattr(found, name, value)
        found.version += 1
        found.save(update_fields=[*changed, "version"])
        tell(by, "institution.edit", found, data={"fields": sorted(changed)}, quiet=quiet)
    return found


def suspend_institution(*, by: Viewer, institution: UUID) -> Institution:
    """Its people keep what is its own and lose all else, at once. Repeating is harmless. Moderators only."""
    return _move(
        by, institution, InstitutionState.ACTIVE, InstitutionState.SUSPENDED, "institution.suspend"
    )


def reinstate_institution(*, by: Viewer, institution: UUID) -> Institution:
    """As before it was suspended. Repeating is harmless. Moderators only."""
    return _move(
        by,
        institution,
        InstitutionState.SUSPENDED,
        InstitutionState.ACTIVE,
        "institution.reinstate",
    )


def trust_institution(*, by: Viewer, institution: UUID, trusted: bool) -> Institution:
    """Whether its listings are published without a look. Moderators only."""
    must_moderate(by)
    with transaction.atomic():
        found = locked(institution)
        if found.trusted != trusted:
            found.trusted = trusted
            found.version += 1
            found.save(update_fields=["trusted", "version"])
            tell(by, "institution.trust" if trusted else "institution.distrust", found)
    return found


def set_umbrella(*, by: Viewer, institution: UUID, umbrella: UUID | None) -> Institution:
    """Make it a branch of another, or of none. Two levels only. Moderators only."""
    must_moderate(by)
    with transaction.atomic():
        found = locked(institution)
        above = locked(umbrella) if umbrella is not None else None
        if above is not None and (
            above.pk == found.pk or above.umbrella_id is not None or found.branches.exists()
        ):
            raise Conflict(_("A branch has no branches of its own."), code="umbrella_nested")
        if found.umbrella_id != (above.pk if above is not None else None):
            found.umbrella = above
            found.version += 1
            found.save(update_fields=["umbrella", "version"])
            data = {"umbrella": str(above.uid) if above is not None else None}
            tell(by, "institution.edit", found, data={"fields": ["umbrella"], **data}, quiet=True)
    return found


def _move(
    by: Viewer, uid: UUID, before: InstitutionState, after: InstitutionState, verb: str
) -> Institution:
    must_moderate(by)
    with transaction.atomic():
        found = locked(uid)
        if found.state == after:
            return found
        if found.state != before:
            raise Conflict(_("The institution is not in a state for this."))
        found.state = after
        found.version += 1
        found.save(update_fields=["state", "version"])
        tell(by, verb, found)
    return found
