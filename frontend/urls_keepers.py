"""Addresses of the pages of those who answer, list, hand over, manage and moderate."""

from django.urls import path
from django.views.generic import TemplateView

from frontend.views import (
    broken,
    dates,
    hours,
    institution,
    invitation,
    join,
    moderation,
    parts,
    people,
    photos,
    requests,
    settings,
    settling,
    thing,
    things,
    today,
    week,
)

urlpatterns = [
    path("requests/", requests.index, name="requests"),
    path("requests/<uuid:line>/", requests.answer, name="request-answer"),
    path("things/", things.index, name="things"),
    path("things/new/", things.new, name="thing-new"),
    path("things/<uuid:uid>/", thing.edit, name="thing"),
    path("things/<uuid:uid>/state/", things.state, name="thing-state"),
    path("things/<uuid:uid>/photos/", photos.index, name="thing-photos"),
    path("things/<uuid:uid>/photos/<uuid:photo>/", photos.change, name="thing-photo"),
    path("things/<uuid:uid>/dates/", dates.index, name="thing-dates"),
    path("things/<uuid:uid>/dates/<uuid:date>/", dates.one, name="thing-date"),
    path("things/<uuid:uid>/dates/<uuid:date>/people.xlsx", dates.people, name="thing-date-people"),
    path("things/<uuid:uid>/parts/", parts.index, name="thing-parts"),
    path("things/<uuid:uid>/hours/", hours.thing, name="thing-hours"),
    path("things/<uuid:uid>/week/", week.thing, name="week"),
    path("things/<uuid:uid>/broken/", broken.index, name="broken"),
    path("repairs/<uuid:block>/", broken.change, name="repair"),
    path("repairs/<uuid:block>-<int:width>.webp", broken.photo, name="repair-photo"),
    path("hours/", hours.house, name="house-hours"),
    path("week/", week.house, name="weeks"),
    path("to-settle/", settling.index, name="to-settle"),
    path("today/", today.index, name="today"),
    path(
        "today/worker.js",
        TemplateView.as_view(
            template_name="frontend/today_worker.js", content_type="text/javascript"
        ),
        name="today-worker",
    ),
    path("today/<uuid:line>/", today.handover, name="handover"),
    path("moderation/", moderation.index, name="moderation"),
    path(
        "moderation/institutions/<uuid:uid>/",
        moderation.application,
        name="moderation-application",
    ),
    path("moderation/listings/", moderation.listings, name="moderation-listings"),
    path("institutions/<uuid:uid>/", institution.show, name="institution"),
    path("institutions/<uuid:uid>/edit/", institution.edit, name="institution-edit"),
    path("people/", people.index, name="people"),
    path("people/<uuid:uid>/", people.member, name="member"),
    path("people/invitations/<uuid:uid>/", people.invited, name="invited"),
    path("invitations/<str:token>/", invitation.show, name="invitation"),
    path("join/", join.index, name="join"),
    path("settings/", settings.index, name="settings"),
    path("settings/mails/", settings.mails, name="settings-mails"),
    path("settings/tokens/", settings.tokens, name="tokens"),
    path("settings/tokens/<uuid:uid>/", settings.token, name="token"),
]
