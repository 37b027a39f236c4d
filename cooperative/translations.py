"""Translations without gettext installed: `python -m cooperative.translations extract|compile|check`.

Babel does the work, in pure Python. Templates go through Django's own `templatize`, which turns
their tags into gettext calls, and on into Babel's extractor for Python.

- `extract` brings `locale/<language>/LC_MESSAGES/django.po` up to date with the code; new messages
  come without a translation, those no longer used are dropped.
- `compile` makes the `.mo` files that Django reads; they are never committed.
- `check` fails while a complete language (see `COMPLETE`) lacks, doubts or misspells a message.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract as babel_extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
LOCALE = ROOT / "locale"
APPS = ("cooperative", "sharing", "bookings", "notifications", "frontend")
LANGUAGES = ("pl", "de", "uk")  # English is the language of the code
COMPLETE = ("pl",)
KEYWORDS: dict[str, Any] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
COMMENTS = ["Translators:"]
PLACEHOLDER = re.compile(r"%\((\w+)\)|%[sd]|\{(\w*)\}")


def messages_of(path: Path) -> Iterator[tuple[int, Any, list[str], str | None]]:
    """Messages of a Python file or a template: (line, id or (id, plural), comments, context)."""
    source = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        # Imported here: compiling needs no Django.
        from django.utils.translation.template import templatize  # noqa: PLC0415

        turned = templatize(source, origin=str(path))
        # Indentation means something to Python's tokeniser and nothing in a template.
        source = "\n".join(line.strip() for line in turned.splitlines())
    yield from babel_extract(
        "python", BytesIO(source.encode()), keywords=KEYWORDS, comment_tags=COMMENTS
    )


def sources(root: Path = ROOT) -> list[Path]:
    """Every file whose messages are ours, in a fixed order."""
    found: list[Path] = []
    for app in APPS:
        for pattern in ("**/*.py", "**/templates/**/*.html", "**/templates/**/*.txt"):
            found += [p for p in (root / app).glob(pattern) if "migrations" not in p.parts]
    return sorted(found)


def template_catalog(root: Path = ROOT) -> Catalog:
    """All messages of the code, untranslated."""
    catalog = _empty(None)
    for path in sources(root):
        place = path.relative_to(root).as_posix()
        for line, message, comments, context in messages_of(path):
            catalog.add(message, None, [(place, line)], auto_comments=comments, context=context)
    return catalog


def _empty(language: str | None) -> Catalog:
    return Catalog(
        locale=language,
        domain="django",
        project="Podest",
        version="1",
        fuzzy=False,
        header_comment="# Podest. Licensed under the EUPL-1.2.",
    )


def _po(language: str, root: Path) -> Path:
    return root / "locale" / language / "LC_MESSAGES" / "django.po"


def load(language: str, root: Path = ROOT) -> Catalog:
    """What is translated so far."""
    path = _po(language, root)
    if not path.exists():
        return _empty(language)
    with path.open("rb") as file:
        return read_po(file, locale=language, domain="django")


def extract(root: Path = ROOT) -> None:
    """Bring the catalogues up to date; says how many messages each still lacks."""
    code = template_catalog(root)
    for language in LANGUAGES:
        catalog = load(language, root)
        fresh = _empty(language)
        for message in code:
            if message.id:
                known = catalog.get(_key(message), message.context)
                fresh.add(
                    message.id,
                    known.string if known is not None else None,
                    message.locations,
                    auto_comments=message.auto_comments,
                    user_comments=known.user_comments if known is not None else (),
                    context=message.context,
                )
        path = _po(language, root)
        path.parent.mkdir(parents=True, exist_ok=True)
        written = BytesIO()
        write_po(
            written, fresh, width=100, include_lineno=False, sort_by_file=True, omit_header=False
        )
        text = written.getvalue().decode()
        # A date in the file would make every extraction a change.
        text = re.sub(
            r'^"(POT-Creation-Date|PO-Revision-Date|Generated-By).*\n', "", text, flags=re.MULTILINE
        )
        path.write_text(text, encoding="utf-8")
        print(
            f"{language}: {len(fresh)} messages, {sum(_lacks(m) for m in fresh if m.id)} to translate"
        )


def compile_all(root: Path = ROOT) -> None:
    """Write the `.mo` files beside the catalogues, each replaced in one step."""
    for path in sorted((root / "locale").glob("*/LC_MESSAGES/*.po")):
        target = path.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime_ns >= path.stat().st_mtime_ns:
            continue
        with path.open("rb") as file:
            catalog = read_po(file, locale=path.parts[-3], domain=path.stem)
        fresh = target.with_suffix(".mo.new")
        with fresh.open("wb") as file:
            write_mo(file, catalog)
        fresh.replace(target)


def problems(root: Path = ROOT) -> list[str]:
    """What keeps a complete language from being complete, one sentence each."""
    found: list[str] = []
    code = template_catalog(root)
    for language in COMPLETE:
        catalog = load(language, root)
        for message in code:
            if not message.id:
                continue
            place = message.locations[0][0] if message.locations else "?"
            known = catalog.get(_key(message), message.context)
            if known is None or _lacks(known):
                found.append(f"{language}: {_key(message)!r} ({place}) is not translated")
            elif known.fuzzy:
                found.append(f"{language}: {_key(message)!r} is marked fuzzy")
            elif wrong := _wrong_placeholders(known):
                found.append(f"{language}: {_key(message)!r}: {wrong}")
    return found


def _key(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def _lacks(message: Message) -> bool:
    texts = [message.string] if isinstance(message.string, str) else list(message.string or [])
    return not texts or not all(texts)


def _wrong_placeholders(message: Message) -> str:
    ids = [message.id] if isinstance(message.id, str) else list(message.id)
    allowed = {found.group() for text in ids for found in PLACEHOLDER.finditer(text)}
    texts = [message.string] if isinstance(message.string, str) else list(message.string or ())
    for text in texts:
        used = {found.group() for found in PLACEHOLDER.finditer(text)}
        if used - allowed or (len(ids) == 1 and allowed - used):
            return f"has {sorted(used)} where the message has {sorted(allowed)}"
    return ""


def main(arguments: Sequence[str]) -> int:
    """Do one of the three; returns the exit code."""
    match list(arguments):
        case ["extract"]:
            extract()
        case ["compile"]:
            compile_all()
        case ["check"]:
            found = problems()
            print("\n".join(found[:40]) or "Translations are complete.")
            if found:
                print(f"{len(found)} in all; `make messages` brings the catalogues up to date.")
            return 1 if found else 0
        case _:
            print(__doc__)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
