"""What the listing side refuses, besides what every part does."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from cooperative.errors import Conflict, Invalid, Sentence


class PhotoRefused(Invalid):
    """The file cannot be taken as a photo. `code` says why."""

    code = "photo_refused"
    title = _("This photo could not be taken")

    def __init__(self, code: str, sentence: Sentence) -> None:
        super().__init__({"photo": sentence}, sentence, code=code)


class AlreadyDecided(Conflict):
    """Another moderator has decided otherwise meanwhile."""

    code = "already_decided"
    title = _("Another moderator has already decided this.")


class HouseNotActive(Conflict):
    """The institution is not admitted yet, suspended or has left."""

    code = "institution_not_active"
    title = _(
        "Your institution is not an active member, so this can be used in your own house only."
    )
