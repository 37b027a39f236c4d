"""Two houses, a room, a request: what most tests of messages begin with; and events as the engine writes them."""

from __future__ import annotations

import socket
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.test import override_settings

from bookings.models import Booking, Line
from cooperative.access.querysets import SYSTEM
from cooperative.events.services import NewEvent, Party, record
from cooperative.institutions.models import Institution
from cooperative.people.models import Person
from notifications.models import Delivery
from notifications.services.relay import relay_all
from notifications.services.send.sending import Sent, send_due
from sharing.models import Resource
from tests.factories import make_booking, make_institution, make_member, make_person, make_resource

NOON = datetime(2027, 3, 1, 11, tzinfo=UTC)


@dataclass
class Stage:
    """The library lends a hall, the choir asks for it."""

    library: Institution
    keeper: Person
    choir: Institution
    asker: Person
    hall: Resource
    booking: Booking

    @property
    def line(self) -> Line:
        return Line.objects.visible_to(SYSTEM).get(booking=self.booking)

    def lines(self) -> list[Line]:
        return list(Line.objects.visible_to(SYSTEM).filter(booking=self.booking).order_by("id"))

    def happens(
        self, action: str, *, to: str, actor: Person | None = None, now: datetime = NOON
    ) -> None:
        """The event that the engine writes when all lines move to `to`, and the lines moved."""
        acting = {self.keeper.pk: self.library.pk, self.asker.pk: self.choir.pk}
        lines = self.lines()
        Line.objects.visible_to(SYSTEM).filter(booking=self.booking).update(
            state=to, state_since=now
        )
        record(
            [
                NewEvent(
                    f"booking.{action}",
                    "booking",
                    self.booking.uid,
                    parties=(
                        Party("lender", institution=self.library.pk),
                        Party("borrower", institution=self.choir.pk),
                        Party("asker", person=self.asker.pk),
                    ),
                    data={
                        "lender": str(self.library.uid),
                        "lines": [
                            {"line": str(line.uid), "from": line.state, "to": to} for line in lines
                        ],
                    },
                    actor=actor.pk if actor else None,
                    acting_for=acting.get(actor.pk) if actor else None,
                )
            ],
            now=now,
        )


def set_stage(*, language: str = "en", state: str = "asked", **fields: Any) -> Stage:
    library = make_institution("Biblioteka", contact_email="office@library.example")
    choir = make_institution("Chór", contact_email="office@choir.example")
    keeper = make_member(library, make_person("Kim Keeper", language=language), role="keeper")
    asker = make_member(choir, make_person("Asa Asker", language=language))
    hall = make_resource(library, "Sala prób")
    booking = make_booking(choir, [hall], person=asker, state=state, **fields)
    return Stage(library, keeper, choir, asker, hall, booking)


def told(person: Person, channel: str = "in_app") -> list[str]:
    """The messages that somebody was told, in order."""
    rows = Delivery.objects.filter(person=person, channel=channel).order_by("id")
    return list(rows.values_list("message", flat=True))


def mails(**fields: Any) -> list[tuple[str, str]]:
    """(message, state) of mails, in order."""
    rows = Delivery.objects.filter(channel="email", **fields).order_by("id")
    return list(rows.values_list("message", "state"))


def relayed(now: datetime = NOON) -> None:
    """Relay, as if the time in which a mail is gathered with others were over."""
    relay_all(now=now)
    waiting = Delivery.objects.filter(channel="email", state="due", attempts=0, due_at__gt=now)
    waiting.exclude(gathers="").update(due_at=now)


def tell(now: datetime = NOON) -> Sent:
    """Relay and send, as the tasks do, when the time in which a mail is gathered with others is over."""
    relayed(now)
    return send_due(clock=lambda: now)


class Sink:
    """A real SMTP server on loopback. `answers` are given one by one to RCPT or DATA, then all is taken."""

    def __init__(self) -> None:
        self.taken: list[Envelope] = []
        self.rcpt: list[str] = []
        self.data: list[str] = []

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self.rcpt.pop(0) if self.rcpt else "250 OK"
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        answer = self.data.pop(0) if self.data else "250 OK"
        if answer.startswith("250"):
            self.taken.append(envelope)
        return answer

    def headers(self, name: str) -> list[str]:
        from email import message_from_bytes
        from email.policy import default

        contents: Iterable[bytes] = (envelope.original_content or b"" for envelope in self.taken)
        return [
            str(message_from_bytes(content, policy=default)[name]).strip() for content in contents
        ]


@contextmanager
def smtp_sink(sink: Sink | None = None) -> Iterator[tuple[Sink, int]]:
    """The sink and its port; Django sends there."""
    sink = sink or Sink()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    controller = Controller(sink, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        with override_settings(
            EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend",
            EMAIL_HOST="127.0.0.1",
            EMAIL_PORT=port,
        ):
            yield sink, port
    finally:
        controller.stop()
