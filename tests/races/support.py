"""Raw writers in processes of their own, and what is looked at after they have written.

Nothing of the product is imported here: a writer is any client of the database, however wrong. An attempt is one
transaction of a few statements. 40001 is tried again up to 50 times; 40001 and 23P01 are refusals, a deadlock (40P01)
and anything else is a failure.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from multiprocessing.synchronize import Barrier
from typing import Any, LiteralString

import psycopg
from psycopg import IsolationLevel, errors
from psycopg.sql import Composed

PROCESSES = 8
ATTEMPTS = 2_000 if os.environ.get("PODEST_PROOF") == "1" else 160
"""Contended attempts in a race of raw writers."""
TRIES = 50
PATIENCE = 300
"""Seconds after which a race that does not end is a failure."""

LEVELS = (
    IsolationLevel.READ_COMMITTED,
    IsolationLevel.REPEATABLE_READ,
    IsolationLevel.SERIALIZABLE,
)

Statement = tuple[LiteralString | Composed, Sequence[Any]]

# A claim caused by a block: the shortest way to a row that satisfies every constraint. The mode is left to the guard.
INSERT: LiteralString = (
    "INSERT INTO bookings_claim (capacity_id, mode, span, units, cause, block_id)"
    " VALUES (%s, 'peak', tstzrange(%s, %s), %s, 'block', %s)"
)


@dataclass
class Attempt:
    """One transaction of a raw writer."""

    statements: Sequence[Statement]
    span: tuple[Any, Any] | None = None
    capacity: int | None = None
    units: int = 1
    refusals: frozenset[str] = frozenset({"23P01"})
    """SQLSTATEs that are an answer to it; anything else is a failure."""


@dataclass
class Score:
    """What came of a writer's attempts, by their position."""

    done: list[int] = field(default_factory=list)
    refused: list[int] = field(default_factory=list)
    worn_out: list[int] = field(default_factory=list)
    """Refused because another writer was in the way 50 times."""
    failed: list[str] = field(default_factory=list)
    again: int = 0

    def try_once(
        self, connection: psycopg.Connection[Any], position: int, attempt: Attempt
    ) -> None:
        """Run the attempt until it is done, refused, failed or worn out, and note which."""
        for _ in range(TRIES):
            try:
                with connection.transaction():
                    for statement, values in attempt.statements:
                        connection.execute(statement, values)
            except errors.SerializationFailure:
                self.again += 1
            except psycopg.Error as error:
                if error.sqlstate in attempt.refusals:
                    self.refused.append(position)
                    return
                self.failed.append(f"{error.sqlstate} {error}")
                return
            else:
                self.done.append(position)
                return
        self.worn_out.append(position)


@dataclass
class Job:
    """What one writer does in one race."""

    conninfo: str
    level: IsolationLevel
    attempts: Sequence[Attempt]


def write(jobs: Connection, barrier: Barrier) -> None:
    """A writer's whole life, in its own process: race after race, until there is no more."""
    while (job := jobs.recv()) is not None:
        score = Score()
        with psycopg.connect(job.conninfo, autocommit=True) as connection:
            connection.isolation_level = job.level
            barrier.wait(PATIENCE)
            for position, attempt in enumerate(job.attempts):
                score.try_once(connection, position, attempt)
        jobs.send(score)


class Crew:
    """Eight writers, each a process of its own, started once for many races."""

    def __init__(self) -> None:
        context = multiprocessing.get_context("spawn")
        # Kept: its semaphores are gone when this end forgets them.
        self.barrier = barrier = context.Barrier(PROCESSES)
        self.pipes: list[Connection] = []
        self.writers: list[BaseProcess] = []
        for _ in range(PROCESSES):
            ours, theirs = context.Pipe()
            writer = context.Process(target=write, args=(theirs, barrier), daemon=True)
            writer.start()
            theirs.close()
            self.pipes.append(ours)
            self.writers.append(writer)

    def race(
        self, conninfo: str, level: IsolationLevel, work: Sequence[Sequence[Attempt]]
    ) -> list[Score]:
        """Give each writer its list of attempts, all at once; the scores in the same order."""
        assert len(work) == PROCESSES
        for pipe, attempts in zip(self.pipes, work, strict=True):
            pipe.send(Job(conninfo, level, attempts))
        scores: list[Score] = []
        for pipe in self.pipes:
            assert pipe.poll(PATIENCE), "a writer did not come to an end"
            scores.append(pipe.recv())
        return scores

    def dismiss(self) -> None:
        for pipe in self.pipes:
            with contextlib.suppress(OSError):
                pipe.send(None)
            pipe.close()
        for writer in self.writers:
            writer.join(10)
            if writer.is_alive():
                writer.terminate()
                writer.join(10)


CLAIM_LEAVES: LiteralString = (
    "INSERT INTO bookings_claim (capacity_id, mode, span, units, cause, block_id)"
    " SELECT capacity_id, 'peak', tstzrange(%s, %s), units, 'block', %s FROM resource_leaves(%s) ORDER BY capacity_id"
)
"""A use of a whole: of all its leaves, in the order of their ids, or of none."""


def overtaken(
    conninfo: str,
    level: IsolationLevel,
    first: Sequence[Statement],
    second: Sequence[Statement],
) -> tuple[str, str]:
    """Two transactions at once: `second` writes while `first` has written and is not committed yet.

    What came of each: `done`, or the SQLSTATE that refused it.
    """
    told = {"first": "done", "second": "done"}
    with psycopg.connect(conninfo) as one, psycopg.connect(conninfo) as two:
        for connection in (one, two):
            connection.isolation_level = level
            connection.execute("SELECT FROM bookings_capacity LIMIT 1")  # the snapshot is taken now

        def run(name: str, connection: psycopg.Connection[Any], work: Sequence[Statement]) -> None:
            try:
                for statement, values in work:
                    connection.execute(statement, values)
            except psycopg.Error as error:
                told[name] = str(error.sqlstate)
                connection.rollback()

        def commit(name: str, connection: psycopg.Connection[Any]) -> None:
            try:
                connection.commit()
            except psycopg.Error as error:
                told[name] = str(error.sqlstate)

        run("first", one, first)
        other = threading.Thread(target=run, args=("second", two, second))
        other.start()
        with psycopg.connect(conninfo, autocommit=True) as watch:
            while other.is_alive() and not _waits(watch, two.info.backend_pid):
                other.join(0.01)
        commit("first", one)
        other.join(PATIENCE)
        assert not other.is_alive(), "the second writer did not come to an end"
        commit("second", two)
    return told["first"], told["second"]


def _waits(watch: psycopg.Connection[Any], backend: int) -> bool:
    row = watch.execute("SELECT cardinality(pg_blocking_pids(%s)) > 0", [backend]).fetchone()
    return row is not None and bool(row[0])


OVERLAPS: LiteralString = """
    SELECT count(*) FROM bookings_claim a JOIN bookings_claim b
        ON a.capacity_id = b.capacity_id AND a.id < b.id AND a.span && b.span
        JOIN bookings_capacity c ON c.id = a.capacity_id
    WHERE c.mode = 'exclusive'
"""

# The load at the start of each claim: a sum can only grow where a claim starts, so the peak is among these.
OVERSOLD: LiteralString = """
    SELECT count(*) FROM bookings_claim a
        JOIN bookings_capacity c ON c.id = a.capacity_id
        CROSS JOIN LATERAL (
            SELECT sum(b.units) AS load FROM bookings_claim b
            WHERE b.capacity_id = a.capacity_id AND (c.mode = 'total' OR b.span @> lower(a.span))
        ) AS there
    WHERE there.load > c.size
"""

DEADLOCKS: LiteralString = (
    "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
)


def count(conninfo: str, statement: LiteralString) -> int:
    """The one number that the statement answers with."""
    with psycopg.connect(conninfo, autocommit=True) as connection:
        row = connection.execute(statement).fetchone()
    assert row is not None
    return int(row[0])


def assert_sound(conninfo: str, scores: Sequence[Score]) -> None:
    """No overlap, nothing above its size, no deadlock, no answer but done or refused."""
    assert [failure for score in scores for failure in score.failed] == []
    assert count(conninfo, OVERLAPS) == 0
    assert count(conninfo, OVERSOLD) == 0
    assert count(conninfo, DEADLOCKS) == 0


def needlessly_refused(
    conninfo: str, work: Sequence[Sequence[Attempt]], scores: Sequence[Score]
) -> list[Attempt]:
    """Refused inserts that would fit what is stored now. Right only where nothing was taken away meanwhile."""
    needless: list[Attempt] = []
    with psycopg.connect(conninfo, autocommit=True) as connection:
        for attempts, score in zip(work, scores, strict=True):
            for position in score.refused:
                attempt = attempts[position]
                assert attempt.span is not None
                try:
                    with connection.transaction(force_rollback=True):
                        for statement, values in attempt.statements:
                            connection.execute(statement, values)
                except errors.ExclusionViolation:
                    continue
                needless.append(attempt)
    return needless
