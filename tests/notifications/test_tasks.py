"""The tasks: thin, named in the schedule, and one leads to the next."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
from django.conf import settings
from django.core import mail

from cooperative.celery import app
from notifications import tasks
from tests.notifications.stage import set_stage, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def inline() -> Iterator[None]:
    """What a task sends to the broker is done on the spot."""
    app.conf.task_always_eager = app.conf.task_eager_propagates = True
    yield
    app.conf.task_always_eager = app.conf.task_eager_propagates = False


def test_the_relay_has_mails_sent_at_once(inline: None, at: Callable[[str], datetime]) -> None:
    now = at("2027-03-01T12:00+01:00")
    stage = set_stage()
    stage.happens("approve", to="confirmed", actor=stage.keeper, now=now)
    tasks.relay()
    assert told(stage.asker) == ["confirmed"]
    assert mail.outbox == []  # it waits for more answers to go with it
    at("2027-03-01T12:06+01:00")
    tasks.send_due()
    assert [message.to for message in mail.outbox] == [[stage.asker.email]]


def test_reminders_go_through_the_log_to_the_inbox(
    inline: None, at: Callable[[str], datetime]
) -> None:
    at("2027-03-11T09:01+01:00")
    stage = set_stage(state="confirmed")
    tasks.remind()
    tasks.remind()
    tasks.relay()
    assert told(stage.asker) == ["use_soon"]


def test_every_task_of_the_schedule_is_there_and_none_waits_for_an_eta() -> None:
    app.loader.import_default_modules()
    for entry in settings.CELERY_BEAT_SCHEDULE.values():
        assert entry["task"] in app.tasks
        assert "countdown" not in entry.get("options", {})
        assert "eta" not in entry.get("options", {})
