"""What an owner takes for itself: own programme, closures, repair. Facts win over what was promised, openly.

One commit: first the lines hit become *to settle* and let go of their time, then the block claims it. The owner sees
the list before: without `hit`, bookings in the way are told as `WouldHit`. What is handed out stays out: the block
claims the rest, and what comes back (`filling`).
"""

from __future__ import annotations

from .claiming import BlockPlan, block_lost, blocked, lost_span
from .entering import add_block, chosen_lines, move_block, new_block, own_block, own_thing
from .giving_way import choose_hit
from .removing import RemovePlan, remove_block

__all__ = [
    "BlockPlan",
    "RemovePlan",
    "add_block",
    "block_lost",
    "blocked",
    "choose_hit",
    "chosen_lines",
    "lost_span",
    "move_block",
    "new_block",
    "own_block",
    "own_thing",
    "remove_block",
]
