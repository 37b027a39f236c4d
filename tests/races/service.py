"""Askers and owners in processes of their own, each with the product's settings: races through the services.

A job is a list of calls `(verb, arguments)`; an answer is `("done", state)`, `("refused", codes)`, `("conflict", "")`
or `("failed", what)`. Everything but the first three is a failure of the race.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import time
import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from multiprocessing.synchronize import Barrier
from typing import Any
from uuid import UUID

PROCESSES = 8
PATIENCE = 300
"""Seconds that a race may take, and a lock be waited for; a busy machine is no failure."""


@dataclass(frozen=True)
class Call:
    """One verb of the engine by one person. `uses` = (uid, start, end, units) for a request or a block, or (uid, ...)
    of a whole and its parts. `line` is the line, block or offer that the verb is about."""

    verb: str
    person: int
    house: int
    now: datetime
    uses: tuple[tuple[UUID, datetime, datetime, int], ...] = ()
    line: UUID | None = None
    whole: bool = True
    second: bool = False
    waiting: bool = False


Answer = tuple[str, str]


def answer(call: Call, viewers: dict[tuple[int, int], Any]) -> Answer:
    """Carry out `call`. Imports are here: a child knows the product only once its settings are read."""
    from dataclasses import replace

    from bookings.errors import BookingRefused, WouldHit
    from bookings.services.actions import act
    from bookings.services.blocks import add_block, move_block, remove_block
    from bookings.services.clockwork import tick
    from bookings.services.composition.parts import PartWish, change_parts
    from bookings.services.offers import accept_offer, decline_offer, withdraw_offer
    from bookings.services.request.sending import request_booking
    from bookings.services.sessions import add_session
    from bookings.wishes import BookingWish, LineWish
    from cooperative.access.queries import viewer_for
    from cooperative.errors import Conflict, NotFound
    from cooperative.people.models import Person

    who = (call.person, call.house)
    if who not in viewers:
        person = Person.objects.get(pk=call.person)
        viewers[who] = viewer_for(person=person, acting_for=call.house, now=call.now)
    by = replace(viewers[who], now=call.now)
    try:
        if call.verb == "request":
            lines = tuple(
                LineWish(
                    uid,
                    start,
                    end,
                    units=units,
                    second_in_line=call.second,
                    waiting_list=call.waiting,
                )
                for uid, start, end, units in call.uses
            )
            wish = BookingWish(lines, title="Wyścig", all_or_nothing=call.whole)
            done = request_booking(by=by, institution=call.house, wish=wish)
            return "done", ",".join(sorted(line.state for line in done.lines))
        if call.verb == "block":
            [(uid, start, end, units)] = call.uses
            add_block(by=by, resource=uid, starts_at=start, ends_at=end, units=units, hit=())
            return "done", "block"
        if call.verb == "session":
            [(uid, start, end, units)] = call.uses
            add_session(by=by, resource=uid, starts_at=start, ends_at=end, units=units)
            return "done", "session"
        if call.verb == "move_block" and call.line is not None:
            [(_uid, start, end, _units)] = call.uses
            move_block(by=by, block=call.line, starts_at=start, ends_at=end, hit=())
            return "done", "block"
        if call.verb == "remove_block" and call.line is not None:
            remove_block(by=by, block=call.line)
            return "done", "block"
        if call.verb == "parts":
            (whole, *_when), *parts = call.uses
            wishes = [PartWish(uid, units) for uid, _start, _end, units in parts]
            change_parts(by=by, resource=whole, parts=wishes)
            return "done", "parts"
        if call.line is not None and call.verb.startswith("offer_"):
            if call.verb == "offer_accept":
                return "done", accept_offer(by=by, offer=call.line).state
            ended = decline_offer if call.verb == "offer_decline" else withdraw_offer
            return "done", ended(by=by, offer=call.line).state
        if call.verb == "tick":
            tick(now=call.now)
            return "done", "tick"
        assert call.line is not None
        return "done", act(by=by, line=call.line, action=call.verb, reason="bo tak").state
    except BookingRefused as refused:
        return "refused", ",".join(sorted({reason.code for reason in refused.reasons}))
    except (Conflict, NotFound, WouldHit) as conflict:
        return "conflict", conflict.code


def work(jobs: Connection, barrier: Barrier) -> None:
    """A process's whole life: race after race, until there is no more."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "cooperative.settings_test"
    # On a machine that is busy with other things waiting is no failure; a deadlock is seen all the same.
    os.environ["DATABASE_LOCK_TIMEOUT"] = f"{PATIENCE}s"
    os.environ["DATABASE_STATEMENT_TIMEOUT"] = f"{PATIENCE}s"
    ready = False
    while (job := jobs.recv()) is not None:
        url, calls, locking = job
        os.environ["DATABASE_URL"] = url
        from django.db import connection

        if not ready:
            import django

            django.setup()
            ready = True
        connection.close()
        connection.settings_dict["NAME"] = url.partition("?")[0].rpartition("/")[2]
        _lock_or_not(locking)
        viewers: dict[tuple[int, int], Any] = {}
        connection.ensure_connection()
        barrier.wait(PATIENCE)
        answers: list[Answer] = []
        seconds: list[float] = []
        for call in calls:
            began = time.perf_counter()
            try:
                answers.append(answer(call, viewers))
            except BaseException:  # noqa: BLE001 - whatever it is, the race must tell it
                answers.append(("failed", traceback.format_exc()))
            seconds.append(time.perf_counter() - began)
        connection.close()
        jobs.send((answers, seconds))


def _lock_or_not(locking: bool) -> None:
    """For the controls: the engine of this process without its own lock, so that the guard alone stands."""
    from bookings.services import commit as door

    said = " FOR NO KEY UPDATE"
    bare = door._LOCK.rstrip().removesuffix(said)
    door._LOCK = bare + said if locking else bare


class Company:
    """Processes that go through the services, started once for many races. `seconds` = how long the last calls took."""

    def __init__(self, url: str, size: int = PROCESSES) -> None:
        os.environ.setdefault("DATABASE_URL", url)
        context = multiprocessing.get_context("spawn")
        self.barrier = barrier = context.Barrier(size)
        self.pipes: list[Connection] = []
        self.people: list[BaseProcess] = []
        self.seconds: list[float] = []
        for _ in range(size):
            ours, theirs = context.Pipe()
            one = context.Process(target=work, args=(theirs, barrier), daemon=True)
            one.start()
            theirs.close()
            self.pipes.append(ours)
            self.people.append(one)

    def race(
        self,
        url: str,
        calls: Sequence[Sequence[Call]],
        *,
        patience: int = PATIENCE,
        locking: bool = True,
    ) -> list[list[Answer]]:
        """Give each process its calls, all at once; their answers in the same order."""
        assert len(calls) == len(self.pipes)
        self.seconds = []
        for pipe, mine in zip(self.pipes, calls, strict=True):
            pipe.send((url, list(mine), locking))
        answers = []
        for pipe in self.pipes:
            assert pipe.poll(patience), "a race did not come to an end"
            told, seconds = pipe.recv()
            answers.append(told)
            self.seconds.extend(seconds)
        return answers

    def dismiss(self) -> None:
        for pipe in self.pipes:
            with contextlib.suppress(OSError):
                pipe.send(None)
            pipe.close()
        for one in self.people:
            one.join(10)
            if one.is_alive():
                one.terminate()
                one.join(10)
