"""Registering people without sign-up (demo), and what they say of themselves."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils.translation import gettext as _

from cooperative import text
from cooperative.access.viewer import Viewer
from cooperative.errors import Conflict, Forbidden, NotFound
from cooperative.events.services import NewEvent, Party, record
from cooperative.institutions.details import known_zone
from cooperative.people.models import LANGUAGES, Person


def register_person(
    *, by: Viewer, email: str, name: str, password: str | None = None, language: str = "pl"
) -> Person:
    """Somebody who may sign in at once, their address taken as verified: `SYSTEM` only (demo, first administrator).

    Raises `Forbidden`, `Invalid`, `Conflict` (`email_taken`).
    """
    if not by.system:
        raise Forbidden
    fields = text.Fields()
    name = fields.line("name", name, required=True)
    email = fields.line("email", email, longest=254, required=True)
    fields.check()
    with transaction.atomic():
        if Person.objects.filter(email__iexact=email).exists():
            raise Conflict(_("Somebody has this e-mail address already."), code="email_taken")
        person = Person.objects.create_user(
            email=email, name=name, password=password, language=language, joined_at=by.now
        )
        EmailAddress.objects.create(user=person, email=email.lower(), verified=True, primary=True)
        _tell(by, "person.register", person, [])
    return person


def edit_profile(
    *,
    by: Viewer,
    name: str | None = None,
    language: str | None = None,
    time_zone: str | None = None,
    phone: str | None = None,
) -> Person:
    """What the signed-in person says of themselves; None = as it is. Raises `Forbidden`, `Invalid`."""
    if by.person is None:
        raise Forbidden(_("Please sign in first."))
    fields = text.Fields()
    given: dict[str, str] = {}
    if name is not None:
        given["name"] = fields.line("name", name, required=True)
    if phone is not None:
        given["phone"] = fields.line("phone", phone, longest=40)
    if language is not None:
        given["language"] = language
        if language not in dict(LANGUAGES):
            fields.wrong("language", _("Please choose a language."))
    if time_zone is not None:
        given["time_zone"] = fields.line("time_zone", time_zone, longest=64, required=True)
        if not known_zone(given["time_zone"]):
            fields.wrong(
                "time_zone", _("This time zone is not known; write it like Europe/Warsaw.")
            )
    fields.check()
    with transaction.atomic():
        person = Person.objects.select_for_update(no_key=True).filter(pk=by.person).first()
        if person is None:
            raise NotFound
        changed = sorted(field for field, new in given.items() if getattr(person, field) != new)
        if changed:
            for field in changed:
                setattr(person, field, given[field])
            person.save(update_fields=changed)
            _tell(by, "person.edit", person, changed)
    return person


def set_quiet_hours(*, by: Viewer, from_minute: int | None, until_minute: int | None) -> Person:
    """When ordinary mails wait, in minutes of the person's own local day; both None = never. It may go past midnight.

    Raises `Forbidden`, `Invalid`.
    """
    if by.person is None:
        raise Forbidden(_("Please sign in first."))
    fields = text.Fields()
    if (from_minute is None) != (until_minute is None):
        missing = "quiet_from" if from_minute is None else "quiet_until"
        fields.wrong(missing, _("Please enter both times, or none."))
    elif from_minute is not None and from_minute == until_minute:
        fields.wrong("quiet_until", _("These are the same time."))
    for name, minute in (("quiet_from", from_minute), ("quiet_until", until_minute)):
        if minute is not None and not 0 <= minute < 1440:
            fields.wrong(name, _("Please enter a time between 0:00 and 23:59."))
    fields.check()
    with transaction.atomic():
        person = Person.objects.select_for_update(no_key=True).filter(pk=by.person).first()
        if person is None:
            raise NotFound
        if (person.quiet_from_minute, person.quiet_until_minute) != (from_minute, until_minute):
            person.quiet_from_minute, person.quiet_until_minute = from_minute, until_minute
            person.save(update_fields=["quiet_from_minute", "quiet_until_minute"])
            _tell(by, "person.edit", person, ["quiet_hours"])
    return person


def _tell(by: Viewer, verb: str, person: Person, changed: list[str]) -> None:
    event = NewEvent(
        verb=verb,
        subject_kind="person",
        subject_uid=person.uid,
        parties=(Party("member", person=person.pk),),
        data={"fields": changed},
        actor=by.person,
        acting_for=by.acting_for,
    )
    record([event], now=by.now, quiet=True)
