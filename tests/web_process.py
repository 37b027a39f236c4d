"""The product's own web server on a free port, for what must go over HTTP: races and measurements."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

from django.db import connections

ROOT = Path(__file__).resolve().parents[1]


@contextmanager
def web_process(
    *, threads: int = 8, **environment: str
) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """(Port, process) of two workers of `threads` each, on the database that Django uses here."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    name = connections["default"].settings_dict["NAME"]
    url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()
    told = {"DATABASE_URL": url, "PODEST_PROCESS": "web", "PORT": str(port), **environment}
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "gunicorn", "cooperative.wsgi:application"),
            *("--worker-class", "gthread", "--threads", str(threads), "--workers", "2"),
            *("--bind", f"127.0.0.1:{port}", "--log-level", "error"),
        ],
        cwd=ROOT,
        env={**os.environ, **told},
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
        with closing(HTTPConnection("127.0.0.1", port, timeout=5)) as connection:
            try:
                connection.request("GET", "/api/v1/categories/")
                connection.getresponse().read()
                return
            except OSError:
                time.sleep(0.1)
    raise RuntimeError("the web process did not come up")
