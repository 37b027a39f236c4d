"""Messages as a conversation, with the photos and files that came with them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bookings.corrections import correction_words
from bookings.models import Attachment, BookingMessage
from cooperative.errors import Sentence
from frontend.components import Message, Photo, SentFile
from frontend.presenters.reader import Reader
from sharing.pictures import WIDTHS

KINDS: dict[str, Sentence] = {
    "reason": _("reason"),
    "note": _("note"),
    "waiver": _("why an exception"),
    "correction": _("correction"),
}


def talk_items(
    messages: Iterable[BookingMessage],
    files: Mapping[int, Sequence[Attachment]],
    *,
    reader: Reader,
    ours: Collection[int] | None = None,
) -> tuple[Message, ...]:
    """Messages, notes and reasons in order; `files` by the id of their message. `ours` stand on one side (None = the
    reader's institutions)."""
    ours = reader.viewer.institutions if ours is None else ours
    found = []
    for message in messages:
        house = str(message.author_for) if message.author_for is not None else ""
        kind = KINDS.get(message.kind)
        with_it = files.get(message.pk, ())
        found.append(
            Message(
                author=str(message.author) if message.author is not None else house,
                institution=" · ".join(str(one) for one in (house, kind) if one),
                body=message.body or correction_words(message.changes),
                at_iso=message.at.isoformat(),
                at_label=reader.clock.moment(message.at),
                side="ours" if message.author_for_id in ours else "theirs",
                photos=sent_photos(with_it),
                files=sent_files(with_it),
            )
        )
    return tuple(found)


def sent_photos(found: Iterable[Attachment]) -> tuple[Photo, ...]:
    """The first one larger, as a gallery has it; each opens whole."""
    shown = [one for one in found if one.width and one.height]
    return tuple(
        _photo(one, WIDTHS[0] if number else WIDTHS[1]) for number, one in enumerate(shown)
    )


def _photo(one: Attachment, width: int) -> Photo:
    whole_width, whole_height = one.width or 1, one.height or 1
    narrow = min(whole_width, width)
    return Photo(
        url=reverse("frontend:attachment-photo", args=[one.uid, width]),
        alt=one.name,
        width=narrow,
        height=max(whole_height * narrow // whole_width, 1),
        full_url=reverse("frontend:attachment", args=[one.uid]),
    )


def sent_files(found: Iterable[Attachment]) -> tuple[SentFile, ...]:
    return tuple(
        SentFile(
            name=one.name,
            url=reverse("frontend:attachment", args=[one.uid]),
            detail=filesizeformat(one.size),
        )
        for one in found
        if not one.width
    )
