"""What is agreed, as a line keeps it."""

from __future__ import annotations

from typing import Any

from bookings.facts.ask import Ask


def frozen(ask: Ask) -> tuple[dict[str, Any], dict[str, Any]]:
    """(terms, shown): what a line keeps of its terms and of what it shows of its resource."""
    resource = ask.resource
    terms: dict[str, Any] = dict(ask.terms.agreed) if ask.terms is not None else {}
    if ask.terms is not None:
        terms |= {"terms": ask.terms.uid, "policy": ask.policy, "ask_anyway": ask.terms.ask_anyway}
    shown = {
        "uid": str(resource.uid),
        "titles": dict(resource.titles),
        "original": resource.original,
        "owner": resource.owner_name,
        "owner_uid": str(resource.owner_uid),
        "category": resource.category,
        "kind": resource.kind,
    }
    return terms, shown
