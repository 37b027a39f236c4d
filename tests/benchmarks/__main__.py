"""`make bench`: the targets of docs/measurements.md, measured and printed as a table for docs/measurements.md.

`make bench BENCH=large` adds ten times the claims and the search in 10,000 resources and 1,000,000 claims.
"""

from __future__ import annotations

import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cooperative.settings")
django.setup()

from tests.benchmarks import booking, contended, http, searching  # noqa: E402 - Django first
from tests.benchmarks.timing import ms  # noqa: E402
from tests.benchmarks.world import build, database  # noqa: E402


def row(what: str, found: str, target: str, holds: bool) -> None:
    print(f"| {what} | {found} | {target} | {'yes' if holds else '**no**'} |", flush=True)


def main(arguments: list[str]) -> int:
    """Print the table; always 0: machines are noisy, and people judge."""
    large = "large" in arguments
    print("| what | found | target | met |\n|---|---|---|---|", flush=True)
    with database("podest_bench"):
        world = build(resources=200, claims=50_000)
        booked = booking.measure(world)
        _booked(booked)
        served = http.measure(world, first=200_000)
        row(
            "over HTTP, 200 rooms, 50,000 bookings: p50, 1 client",
            ms(served.p50),
            "<= 6 ms",
            served.p50 <= 0.006,
        )
        row("over HTTP, 8 clients", f"{served.rate:.0f}/s", ">= 240/s", served.rate >= 240)
        row("web process", f"{served.megabytes:.0f} MB", "<= 200 MB", served.megabytes <= 200)
        _contended(contended.measure(world))
    with database("podest_bench"):
        world = build(resources=2_000, claims=200_000)
        _searched(searching.measure(world), "2,000 resources, 200,000 claims")
    if large:
        with database("podest_bench"):
            world = build(resources=200, claims=500_000)
            more = booking.measure(world)
            growth = more.service / booked.service
            row("service with 10x the claims", f"{growth:.2f}x", "<= 1.2x", growth <= 1.2)
        with database("podest_bench"):
            world = build(resources=10_000, claims=1_000_000)
            _searched(searching.measure(world), "10,000 resources, 1,000,000 claims")
    return 0


def _booked(found: booking.Booked) -> None:
    row("bare INSERT, commit included", ms(found.bare), "", holds=True)
    row(
        "one line, service level",
        f"{ms(found.service)} = {found.ratio:.1f}x",
        "<= 16x",
        found.ratio <= 16,
    )
    row(
        "statements, 1 and 50 lines",
        f"{found.statements_one} and {found.statements_fifty}",
        "<= 10 and <= 12",
        found.statements_one <= 10 and found.statements_fifty <= 12,
    )


def _contended(found: contended.Contended) -> None:
    right = all(winners == 1 for winners in found.winners)
    row(
        "50 rivals for one slot, 10 rounds: winners, p99, deadlocks",
        f"{sorted(set(found.winners))}, {ms(found.p99)}, {found.deadlocks}",
        "1, <= 1 s, 0",
        right and found.p99 <= 1 and found.deadlocks == 0,
    )


def _searched(found: searching.Searched, where: str) -> None:
    row(
        f"search: {where}, p95 in the database",
        f"{ms(found.in_database)} ({ms(found.whole)} in all), {found.statements} statements",
        "<= 25 ms, <= 10",
        found.in_database <= 0.025 and found.statements <= 10,
    )
    row(
        f"timeline 200 x 31 days: {where}",
        f"{ms(found.timeline)}, {found.timeline_statements} statements",
        "<= 150 ms, <= 12",
        found.timeline <= 0.15 and found.timeline_statements <= 12,
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
