"""Addresses of the pages."""

from django.urls import path
from django.views.generic import TemplateView

from frontend import urls_keepers
from frontend.views import (
    acting,
    attachment,
    booking,
    catalogue,
    desk,
    inbox,
    mailbox,
    offers,
    paper,
    period,
    photo,
    questions,
    request,
    resource,
    seats,
    series,
    start,
    styleguide,
)

app_name = "frontend"
urlpatterns = [
    path("", start.show, name="start"),
    path("desk/", desk.show, name="desk"),
    path("acting/", acting.switch, name="acting"),
    path("catalogue/", catalogue.show, name="catalogue"),
    path("resources/<uuid:uid>/", resource.show, name="resource"),
    path("resources/<uuid:uid>/check/", resource.check, name="resource-check"),
    path("resources/<uuid:uid>/question/", questions.ask, name="ask-question"),
    path("resources/<uuid:uid>/period/", period.show, name="period"),
    path("photos/<uuid:uid>-<int:width>.webp", photo.show, name="photo"),
    path("attachments/<uuid:uid>/", attachment.show, name="attachment"),
    path("attachments/<uuid:uid>-<int:width>.webp", attachment.show, name="attachment-photo"),
    path("questions/", questions.index, name="questions"),
    path("questions/<uuid:uid>/", questions.show, name="question"),
    path("request/", request.show, name="request"),
    path("bookings/", booking.index, name="bookings"),
    path("bookings/<uuid:uid>/", booking.show, name="booking"),
    path("bookings/<uuid:uid>/paper/", paper.show, name="paper"),
    path("bookings/<uuid:uid>/<slug:action>/", booking.booking_action, name="booking-action"),
    path("lines/<uuid:uid>/seats/", seats.names, name="line-seats"),
    path("seats/<uuid:uid>/drop/", seats.drop, name="seat-drop"),
    path("lines/<uuid:uid>/propose/", offers.propose_page, name="propose"),
    path("lines/<uuid:uid>/longer/", offers.longer, name="longer"),
    path("offers/<uuid:uid>/<slug:action>/", offers.answer, name="offer-answer"),
    path("lines/<uuid:uid>/<slug:action>/", booking.line_action, name="line-action"),
    path("series/<uuid:uid>/", series.show, name="series"),
    path("watches/<uuid:uid>/leave/", series.leave, name="watch-leave"),
    path("inbox/", inbox.show, name="inbox"),
    path("inbox/<uuid:uid>/", inbox.opened, name="inbox-opened"),
    *urls_keepers.urlpatterns,
    path(
        "accessibility/",
        TemplateView.as_view(template_name="accessibility.html"),
        name="accessibility",
    ),
    path("styleguide/", styleguide.show, name="styleguide"),
    path("mailbox/", mailbox.show, name="mailbox"),
    path("mailbox/<str:name>/", mailbox.html, name="mailbox-html"),
]
