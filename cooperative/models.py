"""Gathers the models of WHO; each lives in its package."""

from cooperative.access.models import Audience
from cooperative.api.models import IdempotencyKey
from cooperative.events.models import Event, EventParty, Outbox, Stream
from cooperative.institutions.models import Application, Institution, InstitutionName
from cooperative.membership.models import ApiToken, CooperativeRole, Invitation, Membership
from cooperative.networks.models import Network, NetworkMembership, Partnership
from cooperative.people.models import Person

__all__ = [
    "ApiToken",
    "Application",
    "Audience",
    "CooperativeRole",
    "Event",
    "EventParty",
    "IdempotencyKey",
    "Institution",
    "InstitutionName",
    "Invitation",
    "Membership",
    "Network",
    "NetworkMembership",
    "Outbox",
    "Partnership",
    "Person",
    "Stream",
]
