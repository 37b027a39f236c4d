"""Proposals: another time, number or thing for a line, from its owner or from who asked; taken, declined, run out.

A proposal claims what it takes beyond what its line holds already. Taking it swaps the claims in one commit. What
only gives back, and what was not answered yet, is changed at once.
"""

from __future__ import annotations

from .accepting import accept_offer
from .ending import decline_offer, run_out_offers, withdraw_offer
from .finding import wish_of
from .proposing import ProposalPlan, Proposed, instead, propose

__all__ = [
    "ProposalPlan",
    "Proposed",
    "accept_offer",
    "decline_offer",
    "instead",
    "propose",
    "run_out_offers",
    "wish_of",
    "withdraw_offer",
]
