"""A house at its pages: its keeper signed in, on the stage of the engine, on Monday 1 March 2027."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.bookings.stage import Side

MONDAY = "2027-03-01T10:00+01:00"
At = Callable[[str], datetime]


def signed_in(side: Side) -> Client:
    """A browser of `side`'s person that reads English."""
    client = Client(headers={"accept-language": "en"})
    client.force_login(side.person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def text_of(answer: Any) -> str:
    """What the page says, without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def statements(client: Client, url: str) -> int:
    """How many statements a page takes, once everything that is kept between requests is warm."""
    client.get(url)
    with CaptureQueriesContext(connection) as caught:
        answer: HttpResponse = client.get(url)  # type: ignore[assignment]  # the test's own kind
    assert answer.status_code == 200
    return len(caught)
