"""Moving a line: approve, decline, withdraw, hand over, give back ... One door for pages and API.

Every action is one row of the transition table; what it does besides changing the state stands here, one function
each. Repeating an action is harmless: the line comes back as it is.
"""

from .doors import BOOKING_ACTIONS, act, act_on_booking
from .plan import WITH_A_PROPOSAL, LinePlan

__all__ = ["BOOKING_ACTIONS", "WITH_A_PROPOSAL", "LinePlan", "act", "act_on_booking"]
