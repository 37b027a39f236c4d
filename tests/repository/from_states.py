"""What the documents tell of states, made from `bookings/states.py`: the transition table, the diagram, the words.

`python -m tests.repository.from_states` writes it anew; test_documentation.py fails while it differs.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.utils import translation

from bookings.states import CLAIMING, TRANSITIONS, LineState, Transition, Who

DOCS = Path(__file__).resolve().parent.parent.parent / "docs"
BEGIN = "<!-- made from bookings/states.py by `python -m tests.repository.from_states` -->"
END = "<!-- made until here -->"
WHO = {
    Who.BORROWER: "staff of the borrower",
    Who.KEEPER: "keepers of the lender",
    Who.BOTH: "either side",
    Who.MODERATOR: "moderator",
    Who.SYSTEM: "system (clock, incident)",
}


def moves() -> str:
    """For architecture.md: how lines move."""
    return "\n\n".join((_table(), _claiming(), _diagram()))


def words() -> str:
    """For glossary.md: what pages call the states, in the language of the code."""
    rows = ["| state | pages, English | holds time |", "|---|---|---|"]
    with translation.override(None):
        rows += [
            f"| `{state}` | {state.label} | {'yes' if state in CLAIMING else ''} |"
            for state in LineState
        ]
    return "\n".join(rows)


MADE: dict[str, Callable[[], str]] = {"architecture.md": moves, "glossary.md": words}


def written(name: str) -> str:
    """The page `name` as it should be. Raises `ValueError` where it has lost its marks."""
    page = (DOCS / name).read_text(encoding="utf-8")
    before, begin, rest = page.partition(BEGIN)
    _old, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError(f"{name} has lost its marks: {BEGIN} ... {END}")
    return f"{before}{BEGIN}\n{MADE[name]()}\n{END}{after}"


def _in_order(states: frozenset[LineState]) -> list[LineState]:
    return [state for state in LineState if state in states]


def _table() -> str:
    rows = ["| action | from | to | who | says why |", "|---|---|---|---|---|"]
    rows += [_row(row) for row in TRANSITIONS.values()]
    return "\n".join(rows)


def _row(row: Transition) -> str:
    sources = ", ".join(_in_order(row.sources)) or "(new)"
    targets = " or ".join(row.targets)
    who = ", ".join(WHO[one] for one in row.who)
    return (
        f"| `{row.action}` | {sources} | {targets} | {who} | {'yes' if row.needs_reason else ''} |"
    )


def _claiming() -> str:
    states = ", ".join(f"`{state}`" for state in _in_order(CLAIMING))
    return f"Lines in these states hold time, and no others: {states}."


def _diagram() -> str:
    actions: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for row in TRANSITIONS.values():
        sources: list[str] = [*_in_order(row.sources)] or ["[*]"]
        for source in sources:
            for target in row.targets:
                actions[source, target].append(row.action)
    leaving = {source for source, _target in actions}
    arrows = [f"    {a} --> {b} : {', '.join(names)}" for (a, b), names in actions.items()]
    last = [f"    {state} --> [*]" for state in LineState if state not in leaving]
    first = f"    [*] --> {LineState.DRAFT}"
    return "\n".join(("```mermaid", "stateDiagram-v2", first, *arrows, *last, "```"))


if __name__ == "__main__":
    settings.configure(USE_I18N=False)
    for page in MADE:
        (DOCS / page).write_text(written(page), encoding="utf-8")
        sys.stdout.write(f"{page} says what the code says.\n")
