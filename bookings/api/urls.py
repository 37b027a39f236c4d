"""Addresses of resources and bookings below /api/v1/."""

from __future__ import annotations

from django.urls import path

from .views import (
    answers,
    blocks,
    bookings,
    cases,
    composition,
    hours,
    lines,
    offers,
    resources,
    schedules,
    seats,
    series,
    sessions,
    talk,
    write_in,
)

urlpatterns = [
    path("resources/", resources.Resources.as_view()),
    path("resources/<uuid:id>/", resources.ResourceDetail.as_view()),
    path("resources/<uuid:id>/availability/", resources.ResourceAvailability.as_view()),
    path("resources/<uuid:id>/hours/", hours.ResourceHours.as_view()),
    path("resources/<uuid:id>/changed-hours/", hours.ResourceChangedHours.as_view()),
    path("resources/<uuid:id>/changed-hours/<str:on>/", hours.ResourceChangedDay.as_view()),
    path("institutions/<uuid:id>/hours/", hours.HouseHours.as_view()),
    path("institutions/<uuid:id>/changed-hours/", hours.HouseChangedHours.as_view()),
    path("institutions/<uuid:id>/changed-hours/<str:on>/", hours.HouseChangedDay.as_view()),
    *(
        path(f"institutions/<uuid:id>/schedule.{kind}/", view.as_view())
        for kind, view in schedules.FILES.items()
    ),
    path("resources/<uuid:id>/parts/", composition.Parts.as_view()),
    path("resources/<uuid:id>/companions/", composition.Companions.as_view()),
    path("resources/<uuid:id>/sessions/", sessions.Sessions.as_view()),
    path("sessions/<uuid:id>/", sessions.SessionDetail.as_view()),
    path("sessions/<uuid:id>/cancel/", sessions.CancelSession.as_view()),
    path("sessions/<uuid:id>/restore/", sessions.RestoreSession.as_view()),
    path("resources/<uuid:id>/blocks/", blocks.Blocks.as_view()),
    path("blocks/<uuid:id>/", blocks.BlockDetail.as_view()),
    path("resources/<uuid:id>/keepers/", answers.ResourceKeepers.as_view()),
    path("resources/<uuid:id>/publish/", resources.PublishResource.as_view()),
    path("resources/<uuid:id>/unpublish/", resources.UnpublishResource.as_view()),
    path("bookings/", bookings.Bookings.as_view()),
    path("bookings/check/", bookings.BookingCheck.as_view()),
    path("bookings/write-in/", write_in.WriteIn.as_view()),
    path("bookings/<uuid:id>/undo-write-in/", write_in.UndoWriteIn.as_view()),
    path("bookings/<uuid:id>/", bookings.BookingDetail.as_view()),
    path("bookings/<uuid:id>/messages/", bookings.Messages.as_view()),
    path("bookings/<uuid:id>/keep-waiting/", answers.KeepWaiting.as_view()),
    path("booking-lines/<uuid:id>/fee/", answers.LineFee.as_view()),
    path("booking-lines/<uuid:id>/told/", answers.Told.as_view()),
    path("booking-lines/<uuid:id>/untold/", answers.Untold.as_view()),
    path("bookings/<uuid:id>/send/", bookings.SendBooking.as_view()),
    *(
        path(f"bookings/<uuid:id>/{action}/", bookings.booking_action(action, summary).as_view())
        for action, summary in (
            ("withdraw", "Take the whole request back, as far as it is not confirmed"),
            ("complete", "Go ahead with what was agreed, without the rest"),
            ("cancel", "Cancel all that was confirmed"),
        )
    ),
    path("booking-lines/<uuid:id>/seats/", seats.Seats.as_view()),
    path("booking-lines/<uuid:id>/alternatives/", lines.Alternatives.as_view()),
    path("seats/<uuid:id>/drop/", seats.DropSeat.as_view()),
    *(
        path(f"booking-lines/<uuid:id>/{action}/", view.as_view())
        for action, view in lines.ACTIONS.items()
    ),
    path("enquiries/", talk.Enquiries.as_view()),
    path("enquiries/<uuid:id>/", talk.EnquiryDetail.as_view()),
    path("enquiries/<uuid:id>/messages/", talk.EnquiryMessages.as_view()),
    path("attachments/<uuid:id>/", talk.AttachmentFile.as_view()),
    path("offers/", offers.Offers.as_view()),
    path("offers/<uuid:id>/", offers.OfferDetail.as_view()),
    *(
        path(f"offers/<uuid:id>/{action}/", view.as_view())
        for action, view in offers.ANSWERS.items()
    ),
    path("cases/", cases.Cases.as_view()),
    path("cases/<uuid:id>/", cases.CaseDetail.as_view()),
    path("cases/<uuid:id>/files/", cases.FilesOfCase.as_view()),
    *(path(f"cases/<uuid:id>/{step}/", view.as_view()) for step, view in cases.STEPS.items()),
    path("series/<uuid:id>/change/", series.ChangeSeries.as_view()),
    path("series/<uuid:id>/end/", series.EndSeries.as_view()),
    path("watches/<uuid:id>/leave/", series.LeaveWatch.as_view()),
]
