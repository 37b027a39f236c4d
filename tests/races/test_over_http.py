"""The same slots as in `test_everything_at_once`, asked for over HTTP with tokens while the services go on beside.

PODEST_PROOF=1 makes 10,000 requests by 32 clients for 500 slots.
"""

from __future__ import annotations

import json
import random
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.client import HTTPConnection
from uuid import uuid4

import pytest

from tests.bookings.stage import NOW, make_side
from tests.cooperative.api_caller import make_token
from tests.databases import Clone
from tests.races.service import PROCESSES, Company
from tests.races.stage import Use
from tests.races.test_everything_at_once import (
    PROOF,
    SLOWEST,
    Noise,
    Town,
    kept_word,
    winners,
)
from tests.web_process import web_process

pytestmark = [pytest.mark.committing, pytest.mark.alone, pytest.mark.proof]
CLIENTS, SLOTS, RIVALS, NOISE = (32, 500, 20, 60) if PROOF else (8, 24, 6, 2)


@dataclass
class Client:
    """One program with one connection; `answers` are (status, seconds)."""

    token: str
    wishes: list[tuple[Use, ...]] = field(default_factory=list)
    answers: list[tuple[int, float]] = field(default_factory=list)

    def run(self, port: int) -> None:
        connection = HTTPConnection("127.0.0.1", port, timeout=120)
        for uses in self.wishes:
            headers = {
                "Authorization": f"Bearer {self.token}",
                "Content-Type": "application/json",
                "Idempotency-Key": str(uuid4()),
            }
            begun = time.perf_counter()
            connection.request("POST", "/api/v1/bookings/", _body(uses), headers)
            answer = connection.getresponse()
            answer.read()
            self.answers.append((answer.status, time.perf_counter() - begun))
        connection.close()


def _body(uses: tuple[Use, ...]) -> str:
    lines = [
        {
            "resource": str(thing.uid),
            "starts_at": start.isoformat(),
            "ends_at": (start + timedelta(hours=hours)).isoformat(),
            "units": units,
        }
        for thing, start, hours, units in uses
    ]
    return json.dumps({"title": "Wyścig", "lines": lines})


def test_every_slot_has_one_winner_and_no_answer_is_a_failure(
    committed_db: Clone, company: Company, at: Callable[[str], datetime]
) -> None:
    at(NOW.isoformat())
    town, dice = Town(), random.Random(20270301)
    clients = [Client(make_token(make_side().person)) for _ in range(CLIENTS)]
    wishes = [
        ways[n % len(ways)]
        for ways in (town.rivals(number) for number in range(SLOTS))
        for n in range(RIVALS)
    ]
    dice.shuffle(wishes)
    for number, uses in enumerate(wishes):
        clients[number % CLIENTS].wishes.append(uses)
    noise = Noise(make_side("Drugi dom")).calls(NOISE)
    dice.shuffle(noise)
    with (
        web_process(
            threads=CLIENTS // 2,
            DJANGO_SETTINGS_MODULE="cooperative.settings_test",
        ) as (port, _process),
        ThreadPoolExecutor(CLIENTS + 1) as threads,
    ):
        beside = threads.submit(
            company.race,
            committed_db.url,
            [noise[n::PROCESSES] for n in range(PROCESSES)],
            patience=1_800,
        )
        for done in [threads.submit(one.run, port) for one in clients]:
            done.result()
        answers = beside.result()
    kept_word(committed_db, answers)
    told = [one for client in clients for one in client.answers]
    assert {status for status, _seconds in told} == {201, 409}
    won = winners(town, SLOTS)
    assert Counter(won.values()) == {1: SLOTS}, {n: c for n, c in won.items() if c != 1}
    if PROOF:
        taken = sorted(seconds for _status, seconds in told)
        print(
            f"\n{len(taken)} requests over HTTP, {CLIENTS} clients: median {taken[len(taken) // 2]:.3f} s, "
            f"99 % {taken[len(taken) * 99 // 100]:.3f} s, slowest {taken[-1]:.3f} s"
        )
        assert taken[len(taken) * 99 // 100] <= SLOWEST
