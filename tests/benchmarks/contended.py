"""Fifty rivals for one slot, again and again, in processes of their own."""

from __future__ import annotations

import multiprocessing
import time
from dataclasses import dataclass
from typing import Any

from django.db import connection, connections

from bookings.errors import BookingRefused
from bookings.services.request.sending import request_booking
from bookings.wishes import BookingWish, LineWish

from .timing import percentile
from .world import World, free_slot

RIVALS = 50
PROCESSES = 8


@dataclass(frozen=True)
class Contended:
    """`winners` by round; `p99` of all answers, in seconds."""

    winners: list[int]
    p99: float
    deadlocks: int


def measure(world: World, *, rounds: int = 10) -> Contended:
    """`rounds` slots of one room, each wanted by 50 at once."""
    before = _deadlocks()
    connections.close_all()
    context = multiprocessing.get_context("fork")
    starting = context.Barrier(PROCESSES)
    answers: Any = context.Queue()
    mine = [RIVALS // PROCESSES + (n < RIVALS % PROCESSES) for n in range(PROCESSES)]
    workers = [
        context.Process(target=_rival, args=(world, rounds, count, starting, answers))
        for count in mine
    ]
    for worker in workers:
        worker.start()
    found = [answers.get() for _worker in workers]
    for worker in workers:
        worker.join()
    winners = [sum(result[0][number] for result in found) for number in range(rounds)]
    taken = [seconds for result in found for seconds in result[1]]
    return Contended(winners, percentile(taken, 0.99), _deadlocks() - before)


def _rival(world: World, rounds: int, count: int, starting: Any, answers: Any) -> None:
    viewer = world.viewer()
    won, taken = [], []
    for number in range(rounds):
        start, end = free_slot(5_000 + number)
        wanted = BookingWish((LineWish(world.rooms[0].uid, start, end),), title="Próba")
        starting.wait()
        wins = 0
        for _attempt in range(count):
            begun = time.perf_counter()
            try:
                request_booking(by=viewer, institution=world.borrower.pk, wish=wanted)
                wins += 1
            except BookingRefused:
                pass
            taken.append(time.perf_counter() - begun)
        won.append(wins)
    connection.close()
    answers.put((won, taken))


def _deadlocks() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        row = cursor.fetchone()
    return int(row[0]) if row else 0
