"""Reading and making people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.base_user import BaseUserManager

if TYPE_CHECKING:
    from .models import Person


class PersonManager(BaseUserManager["Person"]):
    """Makes people; an e-mail is compared without regard to case."""

    def get_by_natural_key(self, username: str | None) -> Person:
        return self.get(email__iexact=username)

    def create_user(
        self, *, email: str, name: str, password: str | None = None, **fields: Any
    ) -> Person:
        person = self.model(email=self.normalize_email(email).strip(), name=name, **fields)
        person.set_password(password)
        person.save()
        return person

    def create_superuser(self, *, email: str, name: str, password: str, **fields: Any) -> Person:
        return self.create_user(
            email=email, name=name, password=password, is_staff=True, is_superuser=True, **fields
        )
