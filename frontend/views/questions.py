"""Questions about a thing before any date: asking, the list of both sides, one conversation."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from bookings.errors import TooMuchWritten
from bookings.queries.enquiries import (
    enquiries_of,
    enquiry_about,
    enquiry_for,
    with_last_said,
)
from bookings.services.enquiries import answer_question, ask_question
from cooperative.access.middleware import ViewedRequest
from cooperative.errors import Invalid
from frontend.forms.talk import TalkForm
from frontend.presenters.questions import question_rows, question_title
from frontend.presenters.reader import reader_of
from frontend.presenters.talk import talk_items
from frontend.views.doors import in_a_house, signed_in
from frontend.views.once import once
from sharing.queries.listings import resource_for
from sharing.queries.texts import text_for

PAGE = 50


@require_safe
@in_a_house
def index(request: ViewedRequest) -> HttpResponse:
    """What the house is asked and what it asked, the newest first."""
    reader = reader_of(request)
    mine = Q(lender=reader.acting) | Q(asker=reader.acting)
    found = enquiries_of(viewer=reader.viewer).filter(mine).order_by("-last_at", "-pk")[:PAGE]
    return render(
        request,
        "frontend/questions.html",
        {"rows": question_rows(with_last_said(found), reader=reader)},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@once
@in_a_house
def ask(request: ViewedRequest, uid: UUID) -> HttpResponse:
    """A first question about a thing; who asked before goes on in that conversation."""
    reader = reader_of(request)
    resource = resource_for(reader.viewer, uid)
    known = enquiry_about(viewer=reader.viewer, resource=uid)
    form = _form(request)
    if request.method == "POST" and form.is_valid():
        try:
            made = ask_question(by=reader.viewer, resource=uid, **form.words)
            assert made.enquiry is not None
            return redirect(f"{reverse('frontend:question', args=[made.enquiry.uid])}#talk")
        except (Invalid, TooMuchWritten) as error:
            form.take_refusal(error)
    if known is not None and request.method != "POST":
        return redirect("frontend:question", known.uid)
    form.fields["body"].label = _("Your question")
    context = {
        "form": form,
        "title": text_for(resource.texts.all(), reader.language).title,
        "owner": str(resource.owner),
        "back": reverse("frontend:resource", args=[uid]),
    }
    return render(request, "frontend/ask.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@once
@signed_in
def show(request: ViewedRequest, uid: UUID) -> HttpResponse:
    """One conversation; POST writes on."""
    reader = reader_of(request)
    form = _form(request)
    if request.method == "POST" and form.is_valid():
        try:
            answer_question(by=reader.viewer, enquiry=uid, **form.words)
            return redirect(f"{reverse('frontend:question', args=[uid])}#talk")
        except (Invalid, TooMuchWritten) as error:
            form.take_refusal(error)
    whole = enquiry_for(viewer=reader.viewer, uid=uid)
    one, viewer = whole.enquiry, reader.viewer
    asking = viewer.may("staff", one.asker_id)
    context = {
        "title": question_title(one, reader.language),
        "other": str(one.lender if asking else one.asker),
        "thing_url": reverse("frontend:resource", args=[one.resource.uid]),
        "booking_url": reverse("frontend:booking", args=[one.booking.uid]) if one.booking else "",
        "asking": asking,
        "talk": talk_items(whole.messages, whole.files, reader=reader),
        "form": form if asking or viewer.may("keeper", one.lender_id) else None,
        "uid": uid,
    }
    return render(request, "frontend/question.html", context, status=422 if form.errors else 200)


def _form(request: ViewedRequest) -> TalkForm:
    return TalkForm(request.POST, request.FILES) if request.method == "POST" else TalkForm()
