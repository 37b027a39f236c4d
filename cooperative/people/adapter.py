"""How django-allauth meets our people: their name and language, their mails in their language."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from .models import LANGUAGES, Person


class AccountAdapter(DefaultAccountAdapter):
    """Sign-up takes one name and the language of the page; mails speak the reader's language."""

    def save_user(
        self, request: HttpRequest, user: AbstractBaseUser, form: Any, commit: bool = True
    ) -> AbstractBaseUser:
        if isinstance(user, Person):
            user.name = form.cleaned_data.get("name") or user.name
            user.language = language_of_page()
        return super().save_user(request, user, form, commit=commit)

    def post_login(
        self, request: HttpRequest, user: AbstractBaseUser, **kwargs: Any
    ) -> HttpResponse:
        """Pages speak the language that the person chose, from the first one after signing in."""
        response: HttpResponse = super().post_login(request, user, **kwargs)
        if isinstance(user, Person):
            response.set_cookie(
                settings.LANGUAGE_COOKIE_NAME, user.language, max_age=365 * 86_400, samesite="Lax"
            )
        return response

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        reader = context.get("user")
        if not isinstance(reader, Person):
            reader = Person.objects.filter(email__iexact=email).first()
        with translation.override(reader.language if reader else translation.get_language()):
            super().send_mail(template_prefix, email, context)


def language_of_page() -> str:
    """The language that the reader sees now, where we have it; else Polish."""
    language = (translation.get_language() or "").split("-")[0]
    return language if language in dict(LANGUAGES) else "pl"
