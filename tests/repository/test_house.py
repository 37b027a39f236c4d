"""What holds for the repository as a whole."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.models import Model

ROOT = Path(__file__).resolve().parent.parent.parent
APPS = ("cooperative", "sharing", "bookings", "notifications", "frontend")
CODE = sorted(
    path
    for app in (*APPS, "tests")
    for path in (ROOT / app).rglob("*.py")
    if "migrations" not in path.parts
)


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_dependencies_point_downwards() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def test_nothing_but_the_launcher_knows_the_launcher() -> None:
    outside = [
        path
        for path in CODE
        if "embedded" not in path.parts and not path.name.startswith(("test_embedded", "embedded_"))
    ]
    knowing = [
        p for p in outside if re.search(r"^\s*(from|import) cooperative\.embedded", p.read_text())
    ]
    assert knowing == []


@pytest.mark.django_db
def test_migrations_are_complete() -> None:
    said = StringIO()
    call_command("makemigrations", check=True, dry_run=True, stdout=said)
    assert said.getvalue() == "No changes detected\n"


@pytest.mark.django_db
def test_every_app_has_one_last_migration() -> None:
    assert MigrationLoader(connection).detect_conflicts() == {}


def test_people_are_ours_from_the_first_migration() -> None:
    assert settings.AUTH_USER_MODEL == "cooperative.Person"
    loader = MigrationLoader(None, ignore_no_migrations=True)
    first = loader.disk_migrations["cooperative", "0001_initial"]
    assert "Person" in {getattr(operation, "name", "") for operation in first.operations}


@pytest.mark.parametrize("name", ["utils", "helpers", "common", "misc", "util", "helper"])
def test_no_module_is_a_drawer_for_everything(name: str) -> None:
    assert [_name(p) for p in CODE if name in {*p.parts[:-1], p.stem}] == []


def test_files_are_short() -> None:
    long = {_name(p): n for p in CODE if (n := len(p.read_text().splitlines())) > 500}
    assert long == {}, "split it into a package of verbs or nouns"


CLOCKS = re.compile(
    r"timezone\.now\(|datetime\.now\(|datetime\.utcnow\(|date\.today\(|datetime\.today\(|"
    r"localdate\(|localtime\(\)|\bNow\(\)|CURRENT_TIMESTAMP|clock_timestamp\(\)|\bnow\(\)\s*at time"
)


def test_the_clock_is_read_in_one_place() -> None:
    readers = [
        _name(path)
        for path in CODE
        if "tests" not in path.parts and path.stem != "clock" and CLOCKS.search(path.read_text())
    ]
    assert readers == []


def test_names_are_not_too_long() -> None:
    """PostgreSQL cuts names at 63 bytes; a cut name is translated into no sentence."""
    from django.apps import apps

    models: list[type[Model]] = list(apps.get_models())
    names = [
        named.name
        for model in models
        for named in (*model._meta.constraints, *model._meta.indexes)
        if named.name
    ]
    assert [name for name in names if len(name.encode()) > 63] == []
    assert len(names) == len(set(names))


def test_every_dependency_has_its_reason() -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    listed = re.findall(r'^ {4}"([a-z0-9-]+)[^"]*>=[^"]*",(.*)$', text, flags=re.MULTILINE)
    table = tomllib.loads(text)
    wanted = [*table["project"]["dependencies"], *table["dependency-groups"]["dev"]]
    assert len(listed) == len(wanted)
    assert [name for name, reason in listed if not re.match(r"\s+# \S", reason)] == []


@pytest.mark.parametrize("lock", ["requirements.txt", "requirements-dev.txt"])
def test_locks_are_hashed_and_name_no_host(lock: str) -> None:
    lines = (ROOT / lock).read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if "://" in line or line.startswith(("-", "#"))] == []
    pins = [line for line in lines if not line.startswith(" ")]
    assert len(pins) > 40
    assert [pin for pin in pins if "==" not in pin or not pin.endswith("\\")] == []


def test_the_tests_lock_holds_the_products_lock() -> None:
    def pins(name: str) -> set[str]:
        lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
        return {re.split(r"[ ;\\]", line)[0] for line in lines if "==" in line}

    assert pins("requirements.txt") - pins("requirements-dev.txt") == set()


@pytest.mark.parametrize(
    "path",
    [
        "README.md",
        "CHANGELOG.md",
        "LICENCE",
        "docs/architecture.md",
        "docs/glossary.md",
        "docs/operations.md",
        "docs/openapi.yaml",
    ],
)
def test_a_stranger_finds(path: str) -> None:
    assert (ROOT / path).stat().st_size > 200


def test_links_between_documents_lead_somewhere() -> None:
    lost = []
    for path in [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]:
        for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", path.read_text(encoding="utf-8")):
            if "://" not in target and not target.startswith("mailto:"):
                there = (path.parent / target).exists()
                lost += [] if there else [f"{_name(path)}: {target}"]
    assert lost == []


def test_every_setting_from_the_environment_is_documented() -> None:
    told = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
    read = re.compile(
        r"(?:environ\.get|environ|getenv|environment\.flag|environment\.words|words|flag)"
        r"[\[(]\s*[\"']([A-Z][A-Z_]+)[\"']"
    )
    names = {
        name
        for path in CODE
        if "tests" not in path.parts
        for name in read.findall(path.read_text())
        if name not in {"DJANGO_SETTINGS_MODULE", "PYTEST_XDIST_WORKER", "PYTHONNOUSERSITE"}
    }
    assert {name for name in names if f"`{name}`" not in told} == set()


def test_every_target_is_helped() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    helped = subprocess.run(
        ["make", "help"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"]},  # without what an outer make says of itself
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    targets = set(re.findall(r"^([a-z-]+):", makefile, flags=re.MULTILINE)) - {"env-dev"}
    assert {word.split()[1] for word in helped.splitlines()} == {
        target for target in targets if not target.startswith("check-")
    }
