"""The same booking over HTTP with a token: a real web process, one client and eight."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

from django.db import connections

from .timing import percentile
from .world import World, free_slot

ROOT = Path(__file__).resolve().parents[2]
ROOMS = 200


@dataclass(frozen=True)
class Served:
    """`p50` of one client in seconds; `rate` of eight in bookings a second; memory of the web process in MB."""

    p50: float
    rate: float
    megabytes: float


def measure(world: World, *, one: int = 200, eight: int = 800, first: int = 0) -> Served:
    """Book free slots, from the `first` on, over keep-alive connections."""
    with _web() as (port, process):
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


@contextmanager
def _web() -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    name = connections["default"].settings_dict["NAME"]
    url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "gunicorn", "cooperative.wsgi:application"),
            *("--worker-class", "gthread", "--threads", "8", "--workers", "2"),
            *("--bind", f"127.0.0.1:{port}", "--log-level", "error"),
        ],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": url, "PODEST_PROCESS": "web", "PORT": str(port)},
    )
    try:
        _until_up(port)
        yield port, process
    finally:
        process.terminate()
        process.wait(20)


def _until_up(port: int) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            connection = HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/api/v1/categories/")
            connection.getresponse().read()
            return
        except OSError:
            threading.Event().wait(0.1)
    raise RuntimeError("the web process did not come up")


def _resident(pid: int) -> float:
    """Megabytes of the largest worker."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    sizes = []
    for child in children:
        rows = Path(f"/proc/{child}/status").read_text().splitlines()
        sizes += [int(row.split()[1]) / 1024 for row in rows if row.startswith("VmRSS:")]
    return max(sizes, default=0.0)
