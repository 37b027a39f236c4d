"""Pages for those who answer, list and hand over in the house that they act for."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import update_wrapper
from typing import Concatenate, ParamSpec

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookings.services.request.stored import RefusedLine
from bookings.services.restoring import TakenBack
from cooperative.access.middleware import ViewedRequest
from cooperative.errors import Forbidden
from frontend.presenters.moments import day_label

P = ParamSpec("P")
View = Callable[Concatenate[ViewedRequest, P], HttpResponse]


def for_keepers(view: View[P]) -> View[P]:
    """For keepers and managers of the house acted for; goes below `in_a_house`."""

    def inner(request: ViewedRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not request.viewer.may("keeper", request.viewer.acting_for):
            raise Forbidden(_("This page is for those who look after your house's things."))
        return view(request, *args, **kwargs)

    update_wrapper(inner, view)
    return inner


def for_managers(view: View[P]) -> View[P]:
    """For managers of the house acted for; goes below `in_a_house`."""

    def inner(request: ViewedRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not request.viewer.may("manager", request.viewer.acting_for):
            raise Forbidden(_("This page is for those who manage your institution."))
        return view(request, *args, **kwargs)

    update_wrapper(inner, view)
    return inner


def say_what_came_back(request: ViewedRequest, done: TakenBack) -> None:
    """After own time was given free: whose booking is again what it was, and whose is not."""
    said = [_("This time is free again.")]
    if done.restored:
        count = len(done.restored)
        said.append(
            ngettext(
                "%d booking is as it was before; everybody was told.",
                "%d bookings are as they were before; everybody was told.",
                count,
            )
            % count
        )
    if done.left:
        count = len(done.left)
        said.append(
            ngettext(
                "%d stays to be settled: somebody else got its time meanwhile.",
                "%d stay to be settled: somebody else got their time meanwhile.",
                count,
            )
            % count
        )
    messages.success(request, " ".join(said))


def say_what_was_entered(
    request: ViewedRequest, count: int, refused: Iterable[RefusedLine]
) -> None:
    """After entering what repeats: on how many dates, and on which not."""
    words = ngettext("Entered on %(count)d date.", "Entered on %(count)d dates.", count)
    messages.success(request, words % {"count": count})
    for no in refused:
        why = " ".join(str(reason.message) for reason in no.reasons[:1])
        day = day_label(no.on) if no.on is not None else ""
        messages.warning(request, _("Not on %(day)s: %(why)s") % {"day": day, "why": why})
