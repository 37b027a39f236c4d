"""What was corrected in a booking, in words: what stood there, and what stands there now. No database here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cooperative.errors import Sentence

from .models import Booking, CameBy

CONTACTS = frozenset({"responsible_person", "responsible_phone", "outside_phone", "outside_email"})
"""How to reach somebody: kept in the booking alone, which tells it to its sides and for a time (`on_the_day`)."""
FIELDS: Mapping[str, Sentence] = {
    "title": gettext_lazy("title"),
    "purpose": gettext_lazy("what it is for"),
    "event_kind": gettext_lazy("kind of event"),
    "expected_people": gettext_lazy("number of people"),
    "open_to_public": gettext_lazy("open to everybody"),
    "free_entry": gettext_lazy("free entry"),
    "responsible_person": gettext_lazy("who is responsible"),
    "responsible_phone": gettext_lazy("phone on the day"),
    "access_needs": gettext_lazy("access needs"),
    "remarks": gettext_lazy("remarks"),
    "outside_name": gettext_lazy("name"),
    "outside_phone": gettext_lazy("phone"),
    "outside_email": gettext_lazy("e-mail"),
    "came_by": gettext_lazy("how it came"),
}
"""What of a booking is corrected, in a word."""


def changes_kept(was: Mapping[str, Any], now: Mapping[str, Any]) -> dict[str, list[Any]]:
    """[what was, what is] by field, as it is kept with the conversation; of contacts that they changed, not what they
    say."""
    return {name: [] if name in CONTACTS else [was[name], now[name]] for name in now}


def correction_words(
    changes: Mapping[str, Sequence[Any]], *, contacts: Booking | None = None
) -> str:
    """A row for each field, in the active language. Contacts are told as they are now where `contacts` has them."""
    return "\n".join(_row(name, changes[name], contacts) for name in FIELDS if name in changes)


def _row(name: str, pair: Sequence[Any], contacts: Booking | None) -> str:
    word = str(FIELDS[name])
    word = word[:1].upper() + word[1:]
    if len(pair) == 2:
        values = {"field": word, "was": _value(name, pair[0]), "now": _value(name, pair[1])}
        return _("%(field)s: now %(now)s, before %(was)s") % values
    if contacts is None:
        return _("%(field)s: another one") % {"field": word}
    return _("%(field)s: now %(now)s") % {
        "field": word,
        "now": _value(name, getattr(contacts, name)),
    }


def _value(name: str, stored: Any) -> str:
    """`“Próba”`, `80`, or a dash where nothing stands."""
    if stored is None or stored == "":
        return "–"
    if name == "came_by":
        return str(dict(CameBy.choices).get(stored, stored))
    return _("“%(text)s”") % {"text": stored} if isinstance(stored, str) else str(stored)
