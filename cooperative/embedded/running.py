"""`make run`: everything up, in order, with a demo cooperative."""

from __future__ import annotations

import hashlib
import http.client
import os
import socket
import sys
from collections.abc import Callable
from dataclasses import dataclass

from cooperative.embedded import servers
from cooperative.embedded.places import ROOT, Places, Refusal
from cooperative.embedded.processes import Part, run_step, say
from cooperative.embedded.supervisor import Stopped, Supervisor

PYTHON = sys.executable
ANYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}  # noqa: S104 - what to call instead


@dataclass(frozen=True, slots=True)
class Address:
    """Where the web listens: `HOST` (127.0.0.1) and `PORT` (8000)."""

    host: str
    port: int

    @classmethod
    def named(cls) -> Address:
        """From the environment."""
        text = os.environ.get("PORT") or "8000"
        if not (text.isascii() and text.isdecimal()) or not 0 < int(text) < 65536:
            raise Refusal(f"PORT is a number from 1 to 65535, not {text!r}.")
        return cls(os.environ.get("HOST") or "127.0.0.1", int(text))

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @property
    def url(self) -> str:
        """What to open in a browser on this machine."""
        return f"http://{Address(ANYWHERE.get(self.host, self.host), self.port)}"

    def refuse_if_taken(self) -> None:
        """One sentence now rather than a server's traceback later."""
        try:
            found = socket.getaddrinfo(self.host, self.port, type=socket.SOCK_STREAM)
            family, kind, protocol, _, address = found[0]
            with socket.socket(family, kind, protocol) as trial:
                trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                trial.bind(address)
        except OSError as error:
            raise Refusal(
                f"{self} cannot be used ({error.strerror}): name another with `make run PORT=8001`."
            ) from error

    def health(self) -> int:
        """The status of `GET /health/`, 0 while nobody answers."""
        link = http.client.HTTPConnection(ANYWHERE.get(self.host, self.host), self.port, timeout=2)
        try:
            link.request("GET", "/health/")
            return link.getresponse().status
        except (OSError, http.client.HTTPException):
            return 0
        finally:
            link.close()


def run(places: Places, address: Address) -> int:
    """Start all, wait, stop all; 0 when it ended because somebody wanted it to."""
    supervisor = Supervisor(places)
    try:
        _start(supervisor, places, address)
        supervisor.watch()
    except Stopped as why:
        say(f"\nStopping ({why})...")
        supervisor.stop()
        say("Stopped. Your data is kept; `make run` goes on with it.")
        return 0
    finally:
        supervisor.stop()
        places.environment.unlink(missing_ok=True)
    return 0


def _start(supervisor: Supervisor, places: Places, address: Address) -> None:
    environment = servers.start(supervisor, places, database="podest", durable=True)
    environment |= {
        "PODEST_MODE": os.environ.get("PODEST_MODE", "demo"),
        "HOST": address.host,
        "PORT": str(address.port),
        "BASE_URL": os.environ.get("BASE_URL", address.url),
        "PYTHONUNBUFFERED": "1",
    }
    servers.leave_note(places, environment)

    def step(name: str, *command: str) -> None:
        run_step(name, [PYTHON, *command], environment, go_on=supervisor.go_on)

    step("Compiling the translations", "-m", "cooperative.translations", "compile")
    step("Migrating the database", "manage.py", "migrate", "--no-input", "--verbosity=0")
    _collect_static(places, step)
    if any(ROOT.glob("*/management/commands/load_demo.py")):
        say("Making sure that the demo cooperative is there...")
        step("Loading the demo", "manage.py", "load_demo", "--if-empty")
    web = _web(places, address, environment)
    supervisor.start(web, lambda: address.health() > 0, seconds=60)
    for part in (_worker(places, environment), _beat(places, environment)):
        supervisor.start(part, seconds=0)
    web.wait_until(lambda: address.health() == 200, seconds=60, go_on=supervisor.go_on)
    say(_banner(address))


def _collect_static(places: Places, step: Callable[..., None]) -> None:
    """Collect and compress static files, unless they are as the last time."""
    print_of_files = hashlib.sha256((ROOT / "requirements.txt").read_bytes())
    for path in sorted(ROOT.glob("*/static/**/*")):
        seen = path.stat()
        print_of_files.update(f"{path}:{seen.st_mtime_ns}:{seen.st_size}\n".encode())
    stamp = ROOT / ".local" / "static.stamp"
    now = print_of_files.hexdigest()
    if not stamp.exists() or stamp.read_text(encoding="utf-8") != now:
        step("Collecting static files", "manage.py", "collectstatic", "--no-input", "--verbosity=0")
        stamp.write_text(now, encoding="utf-8")


def _web(places: Places, address: Address, environment: dict[str, str]) -> Part:
    return Part(
        "The web server",
        [
            *(PYTHON, "-m", "gunicorn", "cooperative.wsgi:application", "--bind", str(address)),
            *("--worker-class", "gthread", "--workers", os.environ.get("WEB_WORKERS", "2")),
            *("--threads", os.environ.get("WEB_THREADS", "8"), "--timeout", "60"),
            *("--graceful-timeout", "8", "--keep-alive", "5", "--log-level", "warning"),
        ],
        places.logs / "web.log",
        environment={**environment, "PODEST_PROCESS": "web"},
        restartable=True,
    )


def _worker(places: Places, environment: dict[str, str]) -> Part:
    return Part(
        "The worker",
        [
            *(PYTHON, "-m", "celery", "-A", "cooperative.celery", "worker", "--loglevel=WARNING"),
            *("--concurrency", os.environ.get("WORKER_PROCESSES", "2"), "--hostname=podest@%h"),
        ],
        places.logs / "worker.log",
        environment={**environment, "PODEST_PROCESS": "worker"},
        restartable=True,
    )


def _beat(places: Places, environment: dict[str, str]) -> Part:
    return Part(
        "Beat",
        [
            PYTHON,
            "-m",
            "celery",
            "-A",
            "cooperative.celery",
            "beat",
            "--loglevel=WARNING",
            "--pidfile=",
        ],
        places.logs / "beat.log",
        environment={**environment, "PODEST_PROCESS": "beat"},
        restartable=True,
    )


def _banner(address: Address) -> str:
    return f"""
  Podest is at {address.url}

  Demo accounts, password demo-cooperative:
    moderator@demo.example   admin@demo.example
    staff.m1@demo.example    keeper.m1@demo.example   manager.m1@demo.example
    (m1 to m10 are members, p1 to p6 partners)
  Mail that was sent is at {address.url}/mailbox/
  The API's document is at {address.url}/api/v1/schema/, a page to try it at {address.url}/api/v1/docs/

  Ctrl-C stops all of it."""
