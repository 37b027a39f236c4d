"""What is said of a row while it is cleaned. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Remarks:
    """`cleaned`: a value was put right. `refused`: a value was left out. `unsure`: somebody should look."""

    cleaned: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    unsure: list[str] = field(default_factory=list)

    def changed(self, column: str, before: str, after: str) -> None:
        if before != after:
            self.cleaned.append(f"{column}: {before!r} -> {after!r}")

    def __bool__(self) -> bool:
        return bool(self.cleaned or self.refused or self.unsure)
