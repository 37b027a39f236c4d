"""A listing as its page saves it: details, attributes, texts and terms, all or nothing, on the version read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Unpack
from uuid import UUID

from django.db import transaction

from cooperative.access.viewer import Viewer
from sharing.details import Details
from sharing.models import Resource
from sharing.wishes import TermsWish, TextWish

from .edit_resource import edit_resource
from .listing import opened
from .set_terms import set_terms
from .set_texts import set_texts


@transaction.atomic
def save_listing(
    *,
    by: Viewer,
    resource: UUID,
    version: int,
    category: str,
    attributes: Mapping[str, Any],
    texts: Sequence[TextWish],
    original: str,
    terms: Sequence[TermsWish] | None,
    **details: Unpack[Details],
) -> Resource:
    """Change what differs; `terms` None = as they are. Raises as the verbs it calls, `Stale` among them."""
    opened(by=by, resource=resource, version=version)
    edit_resource(by=by, resource=resource, category=category, attributes=attributes, **details)
    listing = set_texts(by=by, resource=resource, texts=texts, original=original)
    if terms is not None:
        listing = set_terms(by=by, resource=resource, terms=terms)
    return listing
