"""Where things are kept under `.local/`, and the lock that one launcher at a time holds."""

from __future__ import annotations

import fcntl
import hashlib
import os
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parent.parent.parent
LOCAL = ROOT / ".local"

# sun_path has 108 bytes; PostgreSQL adds a name of its own to the folder, and some room is left.
LONGEST_SOCKET = 100
SOCKET_NAME = ".s.PGSQL.5432"


class Refusal(Exception):
    """The launcher cannot go on; the text is one clear sentence for the terminal."""


@dataclass(frozen=True, slots=True)
class Places:
    """The folders of one set of servers: `run`, `test` or `bench`, as in `make run`."""

    name: str
    root: Path = ROOT

    @property
    def folder(self) -> Path:
        """What survives between two starts."""
        return self.root / ".local" / self.name

    @property
    def environment(self) -> Path:
        """Written for commands in a second terminal: `NAME=value` lines."""
        return self.folder / "environment"

    @property
    def logs(self) -> Path:
        """One file per part, of the present start; the one before is kept beside it as `.1`."""
        return self.folder / "log"

    def sockets(self) -> Path:
        """A folder, 0700 and ours, short enough for a Unix socket's path."""
        near = self.folder / "sockets"
        if len(os.fsencode(near / SOCKET_NAME)) <= LONGEST_SOCKET:
            near.mkdir(mode=0o700, parents=True, exist_ok=True)
            return near
        return private_folder(f"podest-{self.name}-{self.fingerprint()}")

    def nobodys_home(self) -> str:
        """Name, under the temporary directory, of what PostgreSQL keeps when it runs as nobody."""
        return f"podest-nobody-{self.name}-{self.fingerprint()}"

    def demo(self) -> list[Path]:
        """Everything that a demo has stored."""
        local = self.root / ".local"
        home = Path(tempfile.gettempdir()) / self.nobodys_home()
        kept = [self.folder / "pg", self.folder / "pg.new", self.folder / "valkey", home]
        return [*kept, local / "media", local / "mail"]

    def fingerprint(self) -> str:
        """Eight letters that tell this checkout from others and this user from others."""
        told = f"{os.getuid()}:{self.root}".encode(errors="surrogateescape")
        return hashlib.sha256(told).hexdigest()[:8]


def private_folder(name: str, *, owner: int | None = None) -> Path:
    """A 0700 folder under the temporary directory that belongs to `owner` (default: to us).

    The temporary directory is open to all, so a folder that somebody else put there is refused.
    """
    folder = Path(tempfile.gettempdir()) / name
    mine = os.getuid() if owner is None else owner
    try:
        folder.mkdir(mode=0o700)
        if mine != os.getuid():
            os.chown(folder, mine, mine)
    except FileExistsError:
        pass
    seen = folder.lstat()
    if not stat.S_ISDIR(seen.st_mode) or seen.st_uid != mine or seen.st_mode & 0o077:
        raise Refusal(f"{folder} is not a private folder of ours: remove it and start again.")
    return folder


def prepare(places: Places) -> None:
    """Make the folder that everything is kept in, or say that it cannot be written."""
    try:
        (places.root / ".local").mkdir(mode=0o700, exist_ok=True)
        places.folder.mkdir(mode=0o700, exist_ok=True)
        places.logs.mkdir(mode=0o700, exist_ok=True)
        probe = places.folder / f".write.{os.getpid()}"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise Refusal(
            f"{places.root} cannot be written ({error.strerror}): "
            "copy the project to a folder of your own and start there."
        ) from error


def only_one(places: Places) -> IO[str]:
    """Take the lock of this set of servers, for as long as the returned file stays open.

    Taken before anything else: a second launcher would share the first one's servers and, when it
    ends, take them along. The file says where the holder is reached.
    """
    file = (places.folder / "lock").open("a+", encoding="utf-8")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.seek(0)
        where = file.read().strip() or "another terminal"
        file.close()
        what = {"run": "Podest", "bench": "The benchmark"}.get(places.name, "The test suite")
        raise Refusal(f"{what} is already running at {where}.") from None
    file.truncate(0)
    return file
