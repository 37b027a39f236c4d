"""The inbox: what one was told, newest first."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from cooperative.access.middleware import ViewedRequest
from cooperative.errors import NotFound
from frontend.presenters.inbox import rows
from frontend.presenters.reader import reader_of
from frontend.views.doors import signed_in
from frontend.views.sent import uid_or_none
from notifications.queries.inbox import entry, inbox, mail_refused
from notifications.services.inbox import mark_all_read, mark_read

PAGE = 30


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def show(request: ViewedRequest) -> HttpResponse:
    """One page; POST marks everything read up to the entry that stood on top."""
    reader = reader_of(request)
    if request.method == "POST":
        mark_all_read(by=reader.viewer, up_to=uid_or_none(request.POST.get("up_to")))
        return redirect("frontend:inbox")
    before = request.GET.get("before", "")
    position = int(before) if before.isascii() and before.isdigit() and len(before) < 18 else None
    found = inbox(viewer=reader.viewer, before=position, limit=PAGE + 1)
    page = found[:PAGE]
    here = reverse("frontend:inbox")
    context = {
        "rows": rows(page, reader=reader),
        "top": page[0].uid if page else None,
        "unread": any(not one.read for one in page),
        "next_url": f"{here}?before={page[-1].position}" if len(found) > PAGE else "",
        "previous_url": here if position is not None else "",
        "mail_refused": mail_refused(viewer=reader.viewer),
    }
    return render(request, "frontend/inbox.html", context)


@require_POST
@signed_in
def opened(request: ViewedRequest, uid: UUID) -> HttpResponse:
    """Open what an entry is about; it counts as read from then on."""
    reader = reader_of(request)
    found = entry(viewer=reader.viewer, uid=uid)
    if found is None:
        raise NotFound
    mark_read(by=reader.viewer, notification=uid)
    return redirect(found.path or "frontend:inbox")
