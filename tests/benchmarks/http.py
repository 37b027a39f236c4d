"""The same booking over HTTP with a token: a real web process, one client and eight."""

from __future__ import annotations

import json
import threading
import time
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

from tests.web_process import web_process

from .timing import percentile
from .world import World, free_slot

ROOMS = 200


@dataclass(frozen=True)
class Served:
    """`p50` of one client in seconds; `rate` of eight in bookings a second; memory of the web process in MB."""

    p50: float
    rate: float
    megabytes: float


def measure(world: World, *, one: int = 200, eight: int = 800, first: int = 0) -> Served:
    """Book free slots, from the `first` on, over keep-alive connections."""
    with web_process() as (port, process):
        alone = _client(port, world, range(first, first + one + 20))[20:]
        begun = time.perf_counter()
        share = eight // 8
        threads = [
            threading.Thread(
                target=_client,
                args=(
                    port,
                    world,
                    range(first + 10_000 + n * share, first + 10_000 + (n + 1) * share),
                ),
            )
            for n in range(8)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        rate = share * 8 / (time.perf_counter() - begun)
        return Served(percentile(alone, 0.5), rate, _resident(process.pid))


def _client(port: int, world: World, numbers: range) -> list[float]:
    rooms = world.rooms[:ROOMS]
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    headers = {"Authorization": f"Bearer {world.token}", "Content-Type": "application/json"}
    taken = []
    for number in numbers:
        start, end = free_slot(number // len(rooms))
        line = {
            "resource": str(rooms[number % len(rooms)].uid),
            "starts_at": start.isoformat(),
            "ends_at": end.isoformat(),
        }
        body = json.dumps({"title": "Próba", "lines": [line]})
        begun = time.perf_counter()
        connection.request("POST", "/api/v1/bookings/", body, headers)
        answer = connection.getresponse()
        said = answer.read()
        taken.append(time.perf_counter() - begun)
        if answer.status != 201:
            raise RuntimeError(f"{answer.status}: {said[:500]!r}")
    return taken


def _resident(pid: int) -> float:
    """Megabytes of the largest worker."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    sizes = []
    for child in children:
        rows = Path(f"/proc/{child}/status").read_text().splitlines()
        sizes += [int(row.split()[1]) / 1024 for row in rows if row.startswith("VmRSS:")]
    return max(sizes, default=0.0)
