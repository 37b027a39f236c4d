"""Shapes of people's houses, networks and tokens: documented here, made by the `..._shown` functions beside them."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from cooperative.access.standing import House
from cooperative.institutions.models import Institution, InstitutionKind, InstitutionState
from cooperative.membership.models import ApiToken, Role
from cooperative.networks.models import Network, NetworkKind

from .acting import InstitutionQuery
from .fields import Body, Code, Instant, Text, Uid


class InstitutionBrief(serializers.Serializer[Any]):
    """An institution by name."""

    id = serializers.UUIDField()
    name = serializers.CharField()

    class Meta:
        ref_name = "InstitutionBrief"


def institution_brief(house: Institution | House | None) -> dict[str, Any] | None:
    """By name; null where there is none."""
    return {"id": house.uid, "name": house.name} if house is not None else None


class InstitutionDoc(serializers.Serializer[Any]):
    """A member, partner or guest of the cooperative."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    short_name = serializers.CharField(allow_blank=True)
    kind = serializers.ChoiceField([(code, code) for code in InstitutionKind.values])
    state = serializers.ChoiceField([(code, code) for code in InstitutionState.values])
    about = serializers.CharField(allow_blank=True)
    street = serializers.CharField(allow_blank=True)
    postal_code = serializers.CharField(allow_blank=True)
    district = serializers.CharField(allow_blank=True)
    city = serializers.CharField()
    country = serializers.CharField(help_text="ISO 3166-1 alpha-2")
    time_zone = serializers.CharField(
        help_text="IANA zone: rules and hours of what it owns live in it."
    )
    latitude = serializers.FloatField(allow_null=True, help_text="WGS 84, degrees")
    longitude = serializers.FloatField(allow_null=True, help_text="WGS 84, degrees")
    contact_email = serializers.CharField(allow_blank=True)
    contact_phone = serializers.CharField(allow_blank=True)
    website = serializers.CharField(allow_blank=True)
    accessibility = serializers.DictField(
        help_text="Facts by code: yes or no; what is absent is unknown."
    )
    your_role = serializers.ChoiceField(
        [(code, code) for code in Role.values],
        allow_null=True,
        help_text="What you may do there: staff asks, keeper lists and answers, manager looks after people.",
    )

    class Meta:
        ref_name = "Institution"


def institution_shown(institution: Institution, *, role: str | None) -> dict[str, Any]:
    """`role` is the caller's in it, None where they have none."""
    return {
        "id": institution.uid,
        "name": institution.name,
        "short_name": institution.short_name,
        "kind": institution.kind,
        "state": institution.state,
        "about": institution.about,
        "street": institution.street,
        "postal_code": institution.postal_code,
        "district": institution.district,
        "city": institution.city,
        "country": institution.country,
        "time_zone": institution.time_zone,
        "latitude": institution.latitude,
        "longitude": institution.longitude,
        "contact_email": institution.contact_email,
        "contact_phone": institution.contact_phone,
        "website": institution.website,
        "accessibility": institution.accessibility,
        "your_role": role,
    }


class InstitutionsQuery(InstitutionQuery):
    """Which institutions are listed."""

    q = Text(required=False, max_length=100, help_text="Part of the name or of the city.")
    mine = Code(["true"], required=False, help_text="Only those that you belong to.")


class NetworkDoc(serializers.Serializer[Any]):
    """A group of institutions and networks: a courtyard, a city, a coalition. The cooperative is one of them."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    kind = serializers.ChoiceField([(code, code) for code in NetworkKind.values])
    operator = InstitutionBrief(allow_null=True)

    class Meta:
        ref_name = "Network"


def network_shown(network: Network) -> dict[str, Any]:
    return {
        "id": network.uid,
        "name": network.name,
        "kind": network.kind,
        "operator": institution_brief(network.operator),
    }


class TokenBody(Body):
    """A new API token."""

    name = Text(max_length=100, help_text="What it is for: you will know it by this name.")
    institution = Uid(
        required=False,
        allow_null=True,
        help_text="Bind it to one of your institutions: it then acts for no other.",
    )
    expires_at = Instant(
        required=False, allow_null=True, help_text="When it runs out; null = never."
    )

    class Meta:
        ref_name = "NewToken"


class TokenDoc(serializers.Serializer[Any]):
    """An API token, without its secret."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    prefix = serializers.CharField(help_text="The beginning of the secret, to tell tokens apart.")
    institution = InstitutionBrief(allow_null=True, help_text="The one it is bound to.")
    created_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField(allow_null=True)
    last_used_on = serializers.DateField(allow_null=True, help_text="UTC day")

    class Meta:
        ref_name = "Token"


class NewTokenDoc(TokenDoc):
    """An API token with its secret, which is shown this once."""

    token = serializers.CharField(
        allow_null=True,
        help_text="The secret. Null where an answer is repeated for its Idempotency-Key: it is not kept.",
    )

    class Meta:
        ref_name = "TokenWithSecret"


def token_shown(token: ApiToken) -> dict[str, Any]:
    return {
        "id": token.uid,
        "name": token.name,
        "prefix": token.prefix,
        "institution": institution_brief(token.institution),
        "created_at": token.created_at,
        "expires_at": token.expires_at,
        "last_used_on": token.last_used_on,
    }
