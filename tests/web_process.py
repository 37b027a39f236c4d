"""The product's own web server on a free port, for what must go over HTTP: races and measurements."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
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
    name = connections["default"].settings_dict["NAME"]
    url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()
    told = {"DATABASE_URL": url, "PODEST_PROCESS": "web", **environment}
    # It listens before there is anybody to answer: the first caller waits, and nobody else can take the port.
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "gunicorn", "cooperative.wsgi:application"),
                *("--worker-class", "gthread", "--threads", str(threads), "--workers", "2"),
                *("--bind", f"fd://{listening.fileno()}", "--log-level", "error"),
            ],
            cwd=ROOT,
            env={**os.environ, **told, "PORT": str(port)},
            pass_fds=[listening.fileno()],
        )
    try:
        with closing(HTTPConnection("127.0.0.1", port, timeout=30)) as first:
            first.request("GET", "/api/v1/categories/")
            first.getresponse().read()
        yield port, process
    finally:
        process.terminate()
        process.wait(20)
