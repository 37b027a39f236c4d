"""Documents say what is so: links, commands, modules and the table of transitions."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.repository.from_states import DOCS, MADE, written

ROOT = Path(__file__).resolve().parent.parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.glob("**/*.md")])
DECISIONS = sorted((DOCS / "decisions").glob("*.md"))
APPS = ("cooperative", "sharing", "bookings", "notifications", "frontend", "tests", "docs")
FOLDERS = (*APPS, "locale", ".ci")

_LINK = re.compile(r"\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#{1,6} (.+)$", re.MULTILINE)
_CODE = re.compile(r"`([^`\n]+)`")
_BLOCK = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
_MAKE = re.compile(r"\bmake ([a-z][a-z-]*)")
_COMMAND = re.compile(r"manage\.py ([a-z_]+)")
_MODULE = re.compile(r"python -m ([a-z_.]+)")
_PATH = re.compile(rf"(?:{'|'.join(re.escape(f) for f in FOLDERS)})/[\w./*<>-]*")
_THEIR_COMMANDS = {"migrate", "collectstatic"}


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as forges make them."""
    heads = _HEADING.findall(_BLOCK.sub("", page.read_text(encoding="utf-8")))
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


def _code(page: Path) -> str:
    """What a page says in code: between backticks and in blocks, one piece a line."""
    text = page.read_text(encoding="utf-8")
    return "\n".join([*_BLOCK.findall(text), *_CODE.findall(_BLOCK.sub("", text))])


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_links_resolve(page: Path) -> None:
    lost = []
    for link in _LINK.findall(page.read_text(encoding="utf-8")):
        if link.startswith(("https://", "mailto:")):
            continue
        target, _sign, anchor = link.partition("#")
        there = (page.parent / target).resolve() if target else page
        found = there.exists() and (not anchor or anchor in _anchors(there))
        lost += [] if found else [link]
    assert lost == []


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_targets_exist(page: Path) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, flags=re.MULTILINE))
    targets |= set(re.findall(r"\bcheck-[a-z]+", makefile))
    assert set(_MAKE.findall(_code(page))) - targets == set()


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_commands_exist(page: Path) -> None:
    ours = {path.stem for path in ROOT.glob("*/management/commands/[a-z]*.py")}
    assert set(_COMMAND.findall(_code(page))) - ours - _THEIR_COMMANDS == set()


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_modules_and_files_exist(page: Path) -> None:
    code = _code(page)
    modules = [name for name in _MODULE.findall(code) if name.split(".")[0] in APPS]
    named = [*(name.replace(".", "/") for name in modules), *_PATH.findall(code)]
    assert [name for name in named if "<" not in name and not _is_there(name.rstrip("."))] == []


def _is_there(name: str) -> bool:
    """A file, a folder, a module without its ending, a pattern that finds something, or an address of the API."""
    if any(ROOT.glob(name)) or (ROOT / f"{name}.py").exists():
        return True
    return f"  /api/v1/{name}:\n" in (DOCS / "openapi.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", MADE)
def test_what_is_made_from_the_states_is_so(name: str) -> None:
    page = (DOCS / name).read_text(encoding="utf-8")
    assert page == written(name), "run python -m tests.repository.from_states"


def test_decisions_are_numbered_without_gaps() -> None:
    numbers = [path.name[:4] for path in DECISIONS]
    assert numbers == [f"{number:04}" for number in range(1, len(numbers) + 1)]


@pytest.mark.parametrize("page", DECISIONS, ids=lambda path: path.stem)
def test_a_decision_has_its_three_parts_on_half_a_page(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert text.startswith(f"# {page.name[:4]} ")
    assert re.findall(r"^\*\*(\w+)\.\*\* ", text, flags=re.MULTILINE) == [
        "Context",
        "Decision",
        "Consequences",
    ]
    assert len(text.split()) <= 260


def test_the_changelog_begins_with_what_is_unreleased() -> None:
    heads = re.findall(r"^## (.+)$", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    assert heads[0] == "Unreleased"
    assert len(heads) == len(set(heads))


# Files that people read or run, without what is generated or comes from elsewhere.
WRITTEN = sorted(
    path
    for pattern in ("*", "docs/**/*", ".ci/*", *(f"{app}/**/*" for app in APPS))
    for path in ROOT.glob(pattern)
    if path.is_file()
    and path.suffix in {".py", ".md", ".html", ".txt", ".toml", ".js", ".css", ".sh", ".yaml", ""}
    and not {"__pycache__", ".local", ".venv", "node_modules"} & set(path.parts)
)
_LEFT = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b|breakpoint\(\)|^<<<<<<<|^>>>>>>>", re.MULTILINE)
_MACHINE = re.compile(r"(?<![\w.])/(?:work|home|root|Users)/|(?<![\w.])(?:file|ssh)://")


def test_nothing_is_left_undone_in_a_comment() -> None:
    mine = Path(__file__).resolve()
    assert [_name(p) for p in WRITTEN if p != mine and _LEFT.search(p.read_text("utf-8"))] == []


def test_no_file_names_a_machine() -> None:
    mine = Path(__file__).resolve()
    assert [_name(p) for p in WRITTEN if p != mine and _MACHINE.search(p.read_text("utf-8"))] == []
