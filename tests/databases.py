"""Clones of one migrated database: what every test that needs PostgreSQL starts from."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from django.core.management import call_command
from django.db import connections
from psycopg import sql

ROOT = Path(__file__).resolve().parent.parent
MIGRATION_LOCK = 4_102_027  # any number, the same for all workers


def own(name: str) -> str:
    """A database's name that tells this run and this worker from others on the same server."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    run = os.getppid() if worker else os.getpid()
    return "_".join(word for word in ("test_podest", str(run), worker, name) if word)


@dataclass(frozen=True, slots=True)
class Server:
    """The PostgreSQL that the suite runs on, named by DATABASE_URL."""

    url: str

    @classmethod
    def of_this_run(cls) -> Server:
        """The server of `make test`, or the one that DATABASE_URL names."""
        url = os.environ.get("DATABASE_URL")
        if not url:
            pytest.exit('No server for tests here: use make test TESTS="tests/... -k ..."', 4)
        return cls(url)

    def named(self, database: str) -> str:
        """The URL of another database on the same server."""
        return urlsplit(self.url)._replace(path=f"/{database}").geturl()

    def _connect(self) -> psycopg.Connection[tuple[object, ...]]:
        return psycopg.connect(self.named("postgres"), autocommit=True)

    def template(self) -> str:
        """Name of the migrated database; another one as soon as any migration changes."""
        told = hashlib.sha256((ROOT / "requirements.txt").read_bytes())
        files = [*ROOT.glob("*/migrations/**/*.py"), *ROOT.glob("*/migrations/**/*.sql")]
        for path in sorted(files):
            told.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes())
        return f"podest_template_{told.hexdigest()[:12]}"

    def ensure_template(self) -> None:
        """Migrate a fresh database once; every worker waits for the one that does it."""
        name, fresh = sql.Identifier(self.template()), f"{self.template()}_new"
        with self._connect() as link:
            link.execute("SELECT pg_advisory_lock(%s)", [MIGRATION_LOCK])
            found = link.execute(
                "SELECT 1 FROM pg_database WHERE datname = %s", [self.template()]
            ).fetchone()
            if found:
                return
            self._drop(link, fresh)
            for old in self._left_over(link):
                self._drop(link, old)
            link.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(fresh))
            )
            with Clone(self, fresh).in_use():
                call_command("migrate", verbosity=0, interactive=False)
            link.execute(
                sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(fresh), name)
            )

    @staticmethod
    def _left_over(link: psycopg.Connection[tuple[object, ...]]) -> list[str]:
        """Clones of runs that were killed, and templates but for the newest few."""
        names = [
            str(name)
            for (name,) in link.execute(
                "SELECT datname FROM pg_database WHERE datname ~ '^(test_podest_|podest_template_)'"
                " ORDER BY oid DESC"
            ).fetchall()
        ]
        templates = [name for name in names if re.fullmatch(r"podest_template_\w{12}", name)]
        clones = [(name, re.match(r"test_podest_(\d+)", name)) for name in names]
        dead = [name for name, run in clones if run and not Path(f"/proc/{run[1]}").exists()]
        return [*templates[3:], *(dead if Path("/proc/self").exists() else [])]

    @contextmanager
    def clone(self, name: str) -> Iterator[Clone]:
        """A copy of the template, dropped afterwards whoever is still connected."""
        with self._connect() as link:
            self._drop(link, name)
            link.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy").format(
                    sql.Identifier(name), sql.Identifier(self.template())
                )
            )
        try:
            yield Clone(self, name)
        finally:
            with self._connect() as link:
                self._drop(link, name)

    @staticmethod
    def _drop(link: psycopg.Connection[tuple[object, ...]], name: str) -> None:
        link.execute(
            sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
        )


@dataclass(frozen=True, slots=True)
class Clone:
    """A migrated database of one test or one worker."""

    server: Server
    name: str

    @property
    def url(self) -> str:
        """For DATABASE_URL of child processes, and for psycopg."""
        return self.server.named(self.name)

    @contextmanager
    def in_use(self) -> Iterator[None]:
        """Point Django at it, in all threads of this process."""
        used = connections.settings["default"]
        before = used["NAME"]
        connections["default"].close()
        used["NAME"] = self.name
        try:
            yield
        finally:
            left, used["NAME"] = used["NAME"], before
            connections["default"].close()
            if left != self.name:
                raise RuntimeError(f"{self.name} was in use, and somebody left {left} behind.")
