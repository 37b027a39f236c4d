"""What a person sets: name, language, mails, tokens, whom they act for."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from cooperative.access.middleware import ViewedRequest
from cooperative.errors import Conflict, Invalid, NotFound
from cooperative.membership.queries import members_of, tokens_of
from cooperative.membership.services.tokens import create_api_token, revoke_api_token
from cooperative.people.models import Person
from cooperative.people.services.people import edit_profile, set_quiet_hours
from frontend.forms.fields import clock_of, into_form
from frontend.forms.people import SHORT_ROLES, ProfileForm, QuietForm, TokenForm
from frontend.presenters.people import away_of
from frontend.presenters.people import tokens as token_rows
from notifications.services.preferences import preferences, set_preference

from .doors import signed_in

PROFILE = ("name", "phone", "language", "time_zone")


@require_http_methods(["GET", "POST"])
@signed_in
def index(request: ViewedRequest) -> HttpResponse:
    """The profile; its form is one of several on the page."""
    person = request.user
    if not isinstance(person, Person):
        raise NotFound
    initial = {name: getattr(person, name) for name in PROFILE}
    form = ProfileForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            saved = edit_profile(by=request.viewer, **form.cleaned_data)
        except Invalid as error:
            into_form(form, error)
        else:
            with translation.override(saved.language):
                messages.success(request, _("Saved."))
            answer = redirect("frontend:settings")
            answer.set_cookie(
                settings.LANGUAGE_COOKIE_NAME, saved.language, max_age=365 * 86_400, samesite="Lax"
            )
            return answer
    return _page(request, form=form, status=422 if request.method == "POST" else 200)


def _page(
    request: ViewedRequest,
    *,
    form: ProfileForm | None = None,
    quiet: QuietForm | None = None,
    status: int = 200,
) -> HttpResponse:
    person, house = request.user, request.institution
    if not isinstance(person, Person):
        raise NotFound
    roles = {code: str(label) for code, label in SHORT_ROLES}
    colleagues = list(members_of(request.viewer, house.uid)) if house else []
    mine = next((one for one in colleagues if one.person_id == person.pk), None)
    context = {
        "form": form or ProfileForm(initial={name: getattr(person, name) for name in PROFILE}),
        "quiet": quiet or QuietForm(initial=_quiet(person)),
        "away": away_of(mine, colleagues) if mine is not None else None,
        "email": person.email,
        "topics": preferences(by=request.viewer),
        "houses": [
            (house, roles[house.role], house.id == request.viewer.acting_for)
            for house in request.institutions
        ],
    }
    return render(request, "frontend/settings.html", context, status=status)


def _quiet(person: Person) -> dict[str, str]:
    minutes = (person.quiet_from_minute, person.quiet_until_minute)
    return {
        name: clock_of(minute)
        for name, minute in zip(("quiet_from", "quiet_until"), minutes, strict=True)
        if minute is not None
    }


@require_POST
@signed_in
def mails(request: ViewedRequest) -> HttpResponse:
    """Which mails one wants: every topic that is offered, ticked or not."""
    wanted = set(request.POST.getlist("topic"))
    for choice in preferences(by=request.viewer):
        if (choice.topic in wanted) != choice.by_email:
            set_preference(by=request.viewer, topic=choice.topic, wanted=choice.topic in wanted)
    messages.success(request, _("Saved."))
    return redirect("frontend:settings")


@require_POST
@signed_in
def quiet(request: ViewedRequest) -> HttpResponse:
    """When mails wait for the morning."""
    form = QuietForm(request.POST)
    if form.is_valid():
        found = form.cleaned_data
        try:
            set_quiet_hours(
                by=request.viewer,
                from_minute=found["quiet_from"],
                until_minute=found["quiet_until"],
            )
        except Invalid as error:
            into_form(form, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("frontend:settings")
    return _page(request, quiet=form, status=422)


@require_http_methods(["GET", "POST"])
@signed_in
def tokens(request: ViewedRequest) -> HttpResponse:
    """Tokens for programs. A new one is shown on this answer and never again."""
    houses = [(str(house.uid), house.title) for house in request.institutions]
    form = TokenForm(request.POST if request.method == "POST" else None, houses=houses)
    secret, status = "", 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            chosen = form.cleaned_data["institution"]
            try:
                made = create_api_token(
                    by=request.viewer,
                    name=form.cleaned_data["name"],
                    institution=UUID(chosen) if chosen else None,
                )
            except Invalid as error:
                into_form(form, error)
            except Conflict as error:
                form.add_error(None, str(error.message))
            else:
                secret, status = made.secret, 200
                form = TokenForm(houses=houses)
    zone = request.institution.time_zone if request.institution else settings.TIME_ZONE
    context = {
        "form": form,
        "secret": secret,
        "tokens": token_rows(list(tokens_of(request.viewer)), zone=zone),
    }
    answer = render(request, "frontend/tokens.html", context, status=status)
    answer["Cache-Control"] = "no-store"
    return answer


@require_POST
@signed_in
def token(request: ViewedRequest, uid: UUID) -> HttpResponse:
    """Take a token back."""
    revoke_api_token(by=request.viewer, token=uid)
    messages.success(request, _("Taken back: it no longer works."))
    return redirect("frontend:tokens")
