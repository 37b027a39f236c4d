"""Words that were written with an act, and the name of a thing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.utils.translation import ngettext

from bookings.corrections import correction_words
from bookings.models import Attachment, Booking, BookingMessage, Line, Offer
from cooperative.events.models import Event
from notifications.models import Delivery
from notifications.wording import title_in


def with_files(body: str, files: Sequence[Attachment]) -> str:
    """The words, and how many photos and files came with them."""
    photos = sum(one.width is not None for one in files)
    others = len(files) - photos
    said = [
        ngettext("%(count)d photo", "%(count)d photos", photos) % {"count": photos}
        if photos
        else "",
        ngettext("%(count)d file", "%(count)d files", others) % {"count": others} if others else "",
    ]
    came = ", ".join(one for one in said if one)
    return "\n\n".join(part for part in (body, f"[{came}]" if came else "") if part)


def line_name(line: Line | Offer) -> str:
    """`Projektor ×2`."""
    title = title_in(line.shown.get("titles", {}))
    return f"{title} ×{line.units}" if line.units > 1 else title


def notes_of(
    deliveries: Sequence[Delivery],
    notes: Sequence[BookingMessage],
    files: Mapping[UUID, Sequence[Attachment]],
    *,
    contacts: Booking | None,
) -> str:
    """What was written with each of these acts, once; who to call of `contacts`, where that may be told."""
    said = (_note(one.event, notes, files, contacts) for one in deliveries)
    return "\n\n".join(dict.fromkeys(text for text in said if text))


def _note(
    event: Event,
    notes: Sequence[BookingMessage],
    files: Mapping[UUID, Sequence[Attachment]],
    contacts: Booking | None,
) -> str:
    """What was written with this very act: its note, its reason, what it corrected, or the message itself with what
    came along."""
    written = event.data.get("message")
    action = event.verb.rpartition(".")[2]
    named = {str(line.get("line")) for line in event.data.get("lines", ())}
    for note in notes:
        if written is not None:
            if str(note.uid) == written:
                return with_files(note.body, files.get(note.uid, ()))
        elif (
            note.action == action
            and note.at == event.at
            and (note.line is None or str(note.line.uid) in named)
        ):
            return note.body or correction_words(note.changes, contacts=contacts)
    return ""
