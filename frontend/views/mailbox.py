"""The demo's mailbox: what was sent, readable in the browser. Not there where mail really leaves the machine."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from notifications.mailbox import StoredMail, stored_mail, stored_mails

# Mail is somebody else's text: it may look as it likes, and do nothing.
_SANDBOX = "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"


@never_cache
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """The mails sent lately, newest first, with their text."""
    _only_where_mail_stays()
    return render(request, "frontend/mailbox.html", {"mails": stored_mails(limit=100)})


@never_cache
@require_safe
def html(request: HttpRequest, name: str) -> HttpResponse:
    """The HTML part of one mail, in a sandbox."""
    mail = _found(name)
    if not mail.html:
        raise Http404
    response = HttpResponse(mail.html)
    response.headers["Content-Security-Policy"] = _SANDBOX
    return response


def _found(name: str) -> StoredMail:
    _only_where_mail_stays()
    mail = stored_mail(name)
    if mail is None:
        raise Http404
    return mail


def _only_where_mail_stays() -> None:
    if settings.PRODUCTION or settings.EMAIL_BACKEND != "notifications.mailbox.Backend":
        raise Http404
