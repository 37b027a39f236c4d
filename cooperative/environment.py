"""Settings read from the environment, in one place and typed.

`make run` writes where its servers are to `.local/run/environment`, so that a command typed in a
second terminal talks to the same ones. Real environment variables always win over that file.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

ROOT = Path(__file__).resolve().parent.parent
LOCAL = ROOT / ".local"


def adopt_local_servers() -> None:
    """Take over what a running `make run` wrote, unless a database was named already."""
    written = LOCAL / os.environ.get("PODEST_SERVERS", "run") / "environment"
    if "DATABASE_URL" in os.environ or not written.is_file():
        return
    for line in written.read_text(encoding="utf-8").splitlines():
        name, found, value = line.partition("=")
        if found:
            os.environ.setdefault(name, value)


def mode() -> str:
    """`demo` (make run), `development` or `production`; production when in doubt."""
    named = os.environ.get("PODEST_MODE")
    if named is None:
        return "production" if "DATABASE_URL" in os.environ else "development"
    if named not in {"demo", "development", "production"}:
        raise ImproperlyConfigured("PODEST_MODE is demo, development or production.")
    return named


def flag(name: str, *, default: bool) -> bool:
    """A yes or no: 1/0, yes/no, true/false, on/off."""
    value = os.environ.get(name, "").strip().lower()
    if value == "":
        return default
    if value in {"1", "yes", "true", "on"}:
        return True
    if value in {"0", "no", "false", "off"}:
        return False
    raise ImproperlyConfigured(f"{name} is yes or no, not {value!r}.")


def words(name: str, *, default: str = "") -> list[str]:
    """A list separated by commas or spaces."""
    return os.environ.get(name, default).replace(",", " ").split()


def secret_key(current_mode: str) -> str:
    """SECRET_KEY; outside production one is made on first use and kept in `.local`."""
    if value := os.environ.get("SECRET_KEY"):
        return value
    if current_mode == "production":
        raise ImproperlyConfigured(
            "Set SECRET_KEY to a long random text (or PODEST_MODE=development to try things out)."
        )
    kept = LOCAL / "secret_key"
    if not kept.exists():
        LOCAL.mkdir(mode=0o700, exist_ok=True)
        fresh = LOCAL / f"secret_key.{os.getpid()}"
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_urlsafe(50), encoding="utf-8")
        try:
            # A link refuses to replace: of two processes starting at once, the first one's key stays.
            kept.hardlink_to(fresh)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return kept.read_text(encoding="utf-8").strip()


def database(url: str) -> dict[str, Any]:
    """`postgresql://user:password@host:port/name?host=/socket/folder&sslmode=...` for Django."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured("DATABASE_URL names a PostgreSQL server: postgresql://...")
    query = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or "podest",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", unquote(parts.hostname or "")),
        "PORT": query.pop("port", str(parts.port or "")),
        "OPTIONS": dict(query),
    }


def broker(url: str) -> str:
    """The same server in Celery's spelling: `unix:///path?db=N` is `redis+socket://` there."""
    parts = urlsplit(url)
    if parts.scheme != "unix":
        return url
    number = dict(parse_qsl(parts.query)).get("db", "0")
    return f"redis+socket://{parts.path}?virtual_host={number}"


def mail(url: str) -> dict[str, object]:
    """`smtp://user:password@host:port`, with `smtps://` for TLS and `smtp+tls://` for STARTTLS."""
    parts = urlsplit(url)
    if parts.scheme not in {"smtp", "smtps", "smtp+tls"}:
        raise ImproperlyConfigured(
            "EMAIL_URL is smtp://, smtp+tls:// or smtps://user:password@host."
        )
    ports = {"smtp": 25, "smtp+tls": 587, "smtps": 465}
    return {
        "EMAIL_HOST": parts.hostname or "localhost",
        "EMAIL_PORT": parts.port or ports[parts.scheme],
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": parts.scheme == "smtp+tls",
        "EMAIL_USE_SSL": parts.scheme == "smtps",
    }
