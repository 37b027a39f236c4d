"""What may be said: values for a message's sentences."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class ShownLine:
    """One thing of a booking as its reader may see it. `when` is worded in the active language."""

    uid: UUID
    what: str
    when: str
    units: int
    state: str
    use_starts_at: datetime
    use_ends_at: datetime
    who: str = ""
    """In a list of many bookings: the other side, and how to reach them."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What may be said. With `visible` False nothing else is filled."""

    visible: bool
    what: str = ""
    who: str = ""
    when: str = ""
    title: str = ""
    note: str = ""
    lines: tuple[ShownLine, ...] = ()
    more: int = 0
    """How many things more than `lines`."""
    call_name: str = ""
    call_phone: str = ""
    """Whom who borrows calls where something agreed breaks."""
    told: bool = False
    """They were told of it by phone already."""
    reply_to: str = ""
    day: tuple[str, ...] = ()
    """Who is there on the day, where, and what to know at the door."""
    offer: str = ""
    """The thing and the time that is proposed."""
    until: str = ""
    missing: str = ""
    """How many units are not back yet from somebody else."""
    fee: str = ""
    """What was agreed, as it stands now."""
    anchor: str = ""
    """Where on its page a message leads."""
    target: UUID | None = None
    """The uid in the address of the page that the message leads to."""

    @property
    def values(self) -> dict[str, str]:
        return {
            "what": self.what,
            "who": self.who,
            "when": self.when,
            "title": self.title,
            "offer": self.offer,
            "until": self.until,
            "missing": self.missing,
            "fee": self.fee,
        }


HIDDEN = Shown(visible=False)
