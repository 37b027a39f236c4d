"""Domain errors: what the product refuses, with a stable code and a sentence for a person.

Services raise them; pages and the API translate them, nothing else. A bug is never a `DomainError`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Sentence = str | Promise


class DomainError(Exception):
    """Refused. `code` is stable, `message` is for the reader (lazy, in their language), `status` the API's answer."""

    code: ClassVar[str] = "refused"
    status: ClassVar[int] = 409
    title: ClassVar[Sentence] = _("This is not possible")

    def __init__(self, message: Sentence = "", *, code: str | None = None) -> None:
        super().__init__(str(code or self.code))
        self.message = message or self.title
        if code is not None:
            self.code = code  # type: ignore[misc]  # an instance may be more exact than its class


class Invalid(DomainError):
    """What was sent cannot be understood. `errors` maps a field (dotted for nested ones) to sentences."""

    code = "invalid"
    status = 400
    title = _("Please correct what is marked")

    def __init__(
        self,
        errors: Mapping[str, Sentence | list[Sentence]],
        message: Sentence = "",
        *,
        code: str | None = None,
    ) -> None:
        super().__init__(message, code=code)
        self.errors: dict[str, list[Sentence]] = {
            field: list(said) if isinstance(said, list) else [said]
            for field, said in errors.items()
        }


class NotFound(DomainError):
    """Not there, or not for this reader: the same answer."""

    code = "not_found"
    status = 404
    title = _("There is nothing here for you")


class Forbidden(DomainError):
    """The reader may see it but not do this."""

    code = "forbidden"
    status = 403
    title = _("You may not do this")


class Conflict(DomainError):
    """State or time no longer allows it."""

    code = "state_conflict"
    status = 409
    title = _("This is no longer possible")


class Stale(DomainError):
    """Somebody else changed it meanwhile (If-Match)."""

    code = "changed_meanwhile"
    status = 412
    title = _("Somebody else changed this meanwhile")


class Busy(DomainError):
    """Too many at once; the same call may go through in a moment."""

    code = "busy"
    status = 503
    title = _("Too many people at once. Please try again in a moment.")
