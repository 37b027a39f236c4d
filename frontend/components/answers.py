"""What people tell one another: a no with its reasons, what is possible instead, talk, story."""

from dataclasses import dataclass
from typing import Literal

from frontend.components.pieces import Action, Fact, Photo, StateChip, Tone
from frontend.components.tiles import Strip

ReasonKind = Literal["fact", "rule"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonItem:
    """Why not: a stable code, a fact or a house rule, the sentence, and what would help.

    `note` = what may be done about a rule, `link` = (words, address) of what it is about.
    """

    code: str
    kind: ReasonKind
    message: str
    relax: str = ""
    note: str = ""
    link: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionItem:
    """What one can do instead, done by one click on `action`."""

    label: str
    action: Action
    description: str = ""
    least: tuple[int, int] | None = None
    """Asks how few would do as well: the number that stands there, and the most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SentFile:
    """A file that somebody sent: `detail` says what and how large it is."""

    name: str
    url: str
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message of a conversation; `side` says on which side of the page it stands."""

    author: str
    body: str
    at_iso: str
    at_label: str
    side: Literal["ours", "theirs"] = "theirs"
    institution: str = ""
    photos: tuple[Photo, ...] = ()
    files: tuple[SentFile, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryItem:
    """One event of a story, newest last."""

    text: str
    at_iso: str
    at_label: str
    tone: Tone = "past"
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rival:
    """One of several requests for the same time, shown side by side."""

    title: str
    who: str
    url: str
    when: str
    state: StateChip
    facts: tuple[Fact, ...] = ()
    actions: tuple[Action, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rivals:
    """Requests that cannot all be served, and the time they meet in."""

    caption: str
    strip: Strip | None
    requests: tuple[Rival, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """One thing that waits for somebody on the desk, with the action there."""

    title: str
    url: str
    detail: str
    due: str = ""
    urgent: bool = False
    chip: StateChip | None = None
    actions: tuple[Action, ...] = ()
