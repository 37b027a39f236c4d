"""People: one row for a human being, known by e-mail."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from cooperative import clock
from cooperative.identifiers import new_uid

from .querysets import PersonManager

LANGUAGES = [("pl", "polski"), ("en", "English"), ("de", "Deutsch"), ("uk", "українська")]


class Person(AbstractBaseUser, PermissionsMixin):
    """A human being who may sign in. What they may do comes from memberships and cooperative roles.

    Between the quiet minutes of their local day (null = never) mails wait, but for what breaks today.
    """

    id = models.BigAutoField(primary_key=True)
    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    email = models.EmailField(max_length=254)
    name = models.CharField(max_length=200)
    language = models.CharField(max_length=2, choices=LANGUAGES, default="pl")
    time_zone = models.CharField(max_length=64, default="Europe/Warsaw")
    phone = models.CharField(max_length=40, blank=True)
    quiet_from_minute = models.PositiveSmallIntegerField(null=True, blank=True, default=20 * 60)
    quiet_until_minute = models.PositiveSmallIntegerField(null=True, blank=True, default=7 * 60)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(
        default=False, help_text="May open the technical administration pages."
    )
    joined_at = models.DateTimeField(default=clock.now)
    erased_at = models.DateTimeField(null=True, blank=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    objects: ClassVar[PersonManager] = PersonManager()

    class Meta:
        verbose_name_plural = "people"
        constraints = [
            models.UniqueConstraint(Lower("email"), name="person_email_unique"),
            models.CheckConstraint(
                condition=Q(quiet_from_minute__isnull=True, quiet_until_minute__isnull=True)
                | Q(
                    quiet_from_minute__isnull=False,
                    quiet_until_minute__isnull=False,
                    quiet_from_minute__lt=1440,
                    quiet_until_minute__lt=1440,
                ),
                name="person_quiet_hours_plausible",
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name.split(" ")[0] if self.name else self.email
