"""Making networks, joining them and leaving: every link dated, no network inside itself."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from cooperative import text
from cooperative.access.models import Audience, AudienceKind
from cooperative.access.viewer import Days, Viewer
from cooperative.errors import Conflict, Invalid, NotFound
from cooperative.events.services import NewEvent, Party, record
from cooperative.institutions.models import Institution, InstitutionKind, InstitutionState
from cooperative.networks.models import Network, NetworkKind, NetworkMembership
from cooperative.networks.permissions import must_make_networks, must_operate
from cooperative.networks.queries import meeting, networks_above


def create_network(
    *, by: Viewer, name: str, kind: str, operator: UUID | None = None, quiet: bool = False
) -> Network:
    """A new network with its audience. Moderators only. Raises `Invalid`, `Forbidden`, `NotFound`."""
    must_make_networks(by)
    fields = text.Fields()
    name = fields.line("name", name, required=True)
    if kind not in NetworkKind.values or kind == NetworkKind.COOPERATIVE:
        fields.wrong("kind", _("Please choose a kind of network."))
    fields.check()
    with transaction.atomic():
        house = _institution(operator) if operator is not None else None
        network = Network.objects.create(name=name, kind=kind, operator=house, created_at=by.now)
        Audience.objects.create(kind=AudienceKind.NETWORK, network=network)
        _tell(by, "network.create", network, house, {"kind": kind}, quiet=quiet)
    return network


def join_institution(
    *,
    by: Viewer,
    network: UUID,
    institution: UUID,
    valid_from: date,
    valid_until: date | None = None,
    quiet: bool = False,
) -> NetworkMembership:
    """An institution belongs to a network from `valid_from` until `valid_until` (exclusive).

    Raises `NotFound`, `Forbidden`, `Invalid` (days), `Conflict` (`already_member`, `not_active`, `guests_stay_out`).
    """
    days = _days(valid_from, valid_until)
    with transaction.atomic():
        joined = _locked(network)
        must_operate(by, joined)
        if joined.kind == NetworkKind.COOPERATIVE:
            raise Conflict(
                _("An institution joins the cooperative by being admitted."),
                code="join_by_admission",
            )
        house = _institution(institution)
        if house.kind == InstitutionKind.GUEST:
            raise Conflict(
                _("A guest has partners; it belongs to no network."), code="guests_stay_out"
            )
        if house.state != InstitutionState.ACTIVE:
            raise Conflict(_("This institution is not active."), code="not_active")
        _must_be_new(NetworkMembership(network=joined, institution=house), days)
        link = NetworkMembership.objects.create(
            network=joined, institution=house, valid_from=valid_from, valid_until=valid_until
        )
        data = {"institution": str(house.uid), **_dated(link)}
        _tell(by, "network.join", joined, house, data, quiet=quiet)
    return link


def join_network(
    *,
    by: Viewer,
    network: UUID,
    member: UUID,
    valid_from: date,
    valid_until: date | None = None,
    quiet: bool = False,
) -> NetworkMembership:
    """The network `member` belongs to `network`. A circle, even a later one, is refused (`network_cycle`)."""
    days = _days(valid_from, valid_until)
    with transaction.atomic():
        # One at a time: two links that close a circle together must not pass each other.
        list(Network.objects.select_for_update(no_key=True).filter(kind=NetworkKind.COOPERATIVE))
        joined = _locked(network)
        must_operate(by, joined)
        inner = _network(member)
        if inner.kind == NetworkKind.COOPERATIVE:
            raise Conflict(_("The cooperative contains; it joins nothing."), code="network_cycle")
        if inner.pk in networks_above(joined.pk, days):
            raise Conflict(
                _("%(outer)s belongs to %(inner)s already; the two would contain each other.")
                % {"outer": joined.name, "inner": inner.name},
                code="network_cycle",
            )
        _must_be_new(NetworkMembership(network=joined, member_network=inner), days)
        link = NetworkMembership.objects.create(
            network=joined, member_network=inner, valid_from=valid_from, valid_until=valid_until
        )
        data = {"network": str(inner.uid), **_dated(link)}
        _tell(by, "network.join", joined, inner.operator, data, quiet=quiet)
    return link


def leave_network(
    *,
    by: Viewer,
    network: UUID,
    institution: UUID | None = None,
    member: UUID | None = None,
    on: date,
) -> None:
    """The institution (or the network `member`) is out from the day `on`; links that begin later are taken away.

    By the operator, or by the managers of who leaves. Nothing to leave is not an error: repeating is harmless.
    """
    if (institution is None) == (member is None):
        raise Invalid({"institution": _("Say who leaves: an institution or a network.")})
    with transaction.atomic():
        left = _locked(network)
        house = _institution(institution) if institution is not None else None
        inner = _network(member) if member is not None else None
        own = house.pk if house is not None else inner.operator_id if inner is not None else None
        if not by.may("manager", own):
            must_operate(by, left)
        links = NetworkMembership.objects.filter(
            meeting(Days(on)), network=left, institution=house, member_network=inner
        )
        begun = links.filter(valid_from__lt=on).update(valid_until=on)
        gone, _rows = links.filter(valid_from__gte=on).delete()
        if begun or gone:
            who = {"institution": str(house.uid)} if house else {"network": str(member)}
            party = house if house is not None else inner.operator if inner is not None else None
            _tell(by, "network.leave", left, party, {**who, "on": on.isoformat()})


def _days(valid_from: date, valid_until: date | None) -> Days:
    if valid_until is not None and valid_until <= valid_from:
        raise Invalid({"valid_until": _("The end comes before the start.")})
    return Days(valid_from, valid_until)


def _network(uid: UUID) -> Network:
    found = Network.objects.select_related("operator").filter(uid=uid).first()
    if found is None:
        raise NotFound
    return found


def _locked(uid: UUID) -> Network:
    found = Network.objects.select_for_update(no_key=True).filter(uid=uid).first()
    if found is None:
        raise NotFound
    return found


def _institution(uid: UUID) -> Institution:
    found = Institution.objects.filter(uid=uid).first()
    if found is None:
        raise NotFound
    return found


def _must_be_new(link: NetworkMembership, days: Days) -> None:
    there = NetworkMembership.objects.filter(
        meeting(days),
        network=link.network,
        institution=link.institution,
        member_network=link.member_network,
    )
    if there.exists():
        raise Conflict(
            _("It belongs to this network in these days already."), code="already_member"
        )


def _dated(link: NetworkMembership) -> dict[str, str | None]:
    until = link.valid_until
    return {
        "valid_from": link.valid_from.isoformat(),
        "valid_until": until.isoformat() if until is not None else None,
    }


def _tell(
    by: Viewer,
    verb: str,
    network: Network,
    member: Institution | None,
    data: dict[str, str | None],
    *,
    quiet: bool = False,
) -> None:
    parties = {Party("operator", institution=network.operator_id)} if network.operator_id else set()
    if member is not None:
        parties.add(Party("member", institution=member.pk))
    event = NewEvent(
        verb=verb,
        subject_kind="network",
        subject_uid=network.uid,
        parties=tuple(sorted(parties, key=lambda party: party.role)),
        data=data,
        actor=by.person,
        acting_for=by.acting_for,
    )
    record([event], now=by.now, quiet=quiet)
