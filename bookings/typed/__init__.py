"""A booking typed in one line, read. Pure; the grammar stands in `reading`."""

from .letters import LONGEST, Doubt, Piece
from .names import Found, Named
from .reading import TypedBooking, read_line
from .repeats import Repeats

__all__ = ["LONGEST", "Doubt", "Found", "Named", "Piece", "Repeats", "TypedBooking", "read_line"]
