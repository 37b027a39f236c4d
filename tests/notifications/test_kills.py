"""A worker is killed with -9 while it sends: everything arrives, nothing twice in the inbox, one Message-ID each.

The sink kills the worker at the worst moments: when a mail was taken but the worker has not heard of it yet, and
when it was handed over but not taken.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.conf import settings
from django.db import connection

from cooperative import clock
from cooperative.celery import app
from notifications.models import Delivery
from notifications.services.send.leasing import LEASE
from tests.databases import Clone
from tests.notifications.stage import Sink, relayed, set_stage, smtp_sink

pytestmark = [pytest.mark.committing, pytest.mark.alone]

ROOT = Path(__file__).resolve().parent.parent.parent
QUEUE = f"kills-{os.getpid()}"
PATIENCE = 30.0


class DeadlySink(Sink):
    """Takes mails, and kills the worker at the given counts of deliveries begun: even ones before taking, odd after."""

    def __init__(self, deadly: set[int]) -> None:
        super().__init__()
        self.deadly = deadly
        self.begun = 0
        self.kills = 0
        self.worker: subprocess.Popen[bytes] | None = None

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        self.begun += 1
        dying = self.begun in self.deadly
        if not dying or self.begun % 2:
            self.taken.append(envelope)
        if dying and self.worker is not None:
            os.killpg(self.worker.pid, signal.SIGKILL)
            self.kills += 1
        return "250 OK"


@contextmanager
def worker(port: int, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A Celery worker as in production: prefork, two at a time."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "cooperative.settings_test",
        "EMAIL_URL": f"smtp://127.0.0.1:{port}",
        "REDIS_URL": settings.REDIS_URL,
    }
    command = [sys.executable, "-m", "celery", "-A", "cooperative.celery", "worker", "-Q", QUEUE]
    options = [
        "--loglevel=INFO",
        "--pool=prefork",
        "--concurrency=2",
        "--without-gossip",
        "--without-mingle",
    ]
    with log.open("ab") as out:
        process = subprocess.Popen(
            [*command, *options],
            cwd=ROOT,
            env=environment,
            stdout=out,
            stderr=out,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@pytest.mark.parametrize(
    ("count", "deadly"),
    [
        (20, {6, 13}),
        pytest.param(200, {*range(6, 200, 20), *range(13, 200, 20)}, marks=pytest.mark.proof),
    ],
)
def test_all_mails_arrive_whatever_dies(
    count: int,
    deadly: set[int],
    committed_db: Clone,
    at: Callable[[str], datetime],
    tmp_path: Path,
) -> None:
    start = at("2027-03-01T12:00+01:00")
    for _ in range(count):
        stage = set_stage()
        stage.happens("approve", to="confirmed", actor=stage.keeper)
    relayed(now=start)
    sink = DeadlySink(deadly)
    log = tmp_path / "worker.log"
    with smtp_sink(sink) as (_, port):
        _send_all(sink, port, log, at)

    mails = Delivery.objects.filter(channel="email")
    assert set(mails.values_list("state", flat=True)) == {"sent"}, log.read_text()
    assert sink.kills == len(deadly)
    told = Counter(sink.headers("Message-ID"))
    assert len(told) == mails.count() == count
    assert {address for envelope in sink.taken for address in envelope.rcpt_tos} == set(
        mails.values_list("person__email", flat=True)
    )
    assert sum(told.values()) - count <= 2 * sink.kills
    inbox = Counter(Delivery.objects.filter(channel="in_app").values_list("event_id", "person_id"))
    assert set(inbox.values()) == {1}
    assert len(inbox) == count


def _send_all(sink: DeadlySink, port: int, log: Path, at: Callable[[str], datetime]) -> None:
    """Start workers until nothing is due; after each death the clock goes on past the leases it left."""
    while _unfinished():
        with worker(port, log) as process:
            sink.worker = process
            for _ in range(2):
                app.send_task("notifications.tasks.send_due", queue=QUEUE, expires=60)
            moved, seen = time.monotonic(), sink.begun
            while process.poll() is None and _unfinished():
                with suppress(subprocess.TimeoutExpired):
                    process.wait(0.1)
                if sink.begun > seen:
                    moved, seen = time.monotonic(), sink.begun
                elif time.monotonic() - moved > PATIENCE:
                    pytest.fail(f"Nothing was sent for {PATIENCE} s:\n{log.read_text()}")
        at((clock.now() + LEASE + timedelta(seconds=1)).isoformat())


def _unfinished() -> bool:
    connection.close()  # a fresh look, whatever the sink's thread did
    return Delivery.objects.filter(channel="email", state__in=["due", "sending"]).exists()
