"""For whom a call acts: the institution it names, the one its token is bound to, or the only one of the person."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request

from cooperative.access.queries import viewer_of
from cooperative.access.standing import SESSION_KEY, House, Standing
from cooperative.access.viewer import Viewer
from cooperative.errors import Forbidden

from .authentication import UsedToken, caller
from .fields import Query, Uid
from .problems import FieldError, Malformed

ACTING = "The institution you act for; may be left out by who acts for exactly one."


class InstitutionQuery(Query):
    """For which of one's institutions one asks."""

    institution = Uid(required=False, help_text=ACTING)


class NotYours(Forbidden):
    """The institution named is none of the caller's, or there is none: the same answer."""

    code = "not_your_institution"
    title = _("You do not act for this institution")


class BoundElsewhere(Forbidden):
    """The token is bound to another institution than the one named."""

    code = "token_bound_elsewhere"
    title = _("This token acts for another institution")


def acting_viewer(
    request: Request, standing: Standing, named: UUID | None, now: datetime
) -> Viewer:
    """The viewer of this call, one statement. Raises `NotYours`, `BoundElsewhere`.

    Where nothing is named, nothing bound and the person belongs to several institutions, `acting_for` is None: they
    see what any of them may see, and whoever acts must say for whom (`must_act`).
    """
    person = caller(request)
    house = _house(request, standing, named)
    return viewer_of(
        person=person,
        standing=standing,
        acting_for=house.id if house is not None else None,
        now=now,
    )


def must_act(viewer: Viewer) -> int:
    """The institution (database id) that `viewer` acts for. Raises `Malformed` where the call did not say."""
    if viewer.acting_for is None:
        sentence = (
            _("You belong to several institutions. Say for which one you ask.")
            if viewer.roles
            else _("You belong to no institution yet.")
        )
        raise Malformed([FieldError("institution", "institution_required", sentence)])
    return viewer.acting_for


def _house(request: Request, standing: Standing, named: UUID | None) -> House | None:
    by_uid = {house.uid: house for house in standing.houses}
    if isinstance(request.auth, UsedToken) and request.auth.institution is not None:
        bound = standing.house(request.auth.institution)
        if bound is None:
            # The person left the institution that the token was made for.
            raise NotYours
        if named is not None and named != bound.uid:
            raise BoundElsewhere
        return bound
    if named is not None:
        if named not in by_uid:
            raise NotYours
        return by_uid[named]
    if request.auth is None and (chosen := request.session.get(SESSION_KEY)):
        for house in standing.houses:
            if str(house.uid) == chosen:
                return house
    return standing.houses[0] if len(standing.houses) == 1 else None
