"""Why an invitation cannot be accepted: each case with its own code and sentence."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from cooperative.errors import Conflict, Forbidden, NotFound


class InvitationUnknown(NotFound):
    """No invitation has this token."""

    code = "invitation_unknown"
    title = _(
        "This link leads to no invitation. Please copy it from the mail once more, whole, or ask for a new one."
    )


class InvitationUsed(Conflict):
    """Somebody accepted it."""

    code = "invitation_used"
    title = _("This invitation was used already. Sign in with the account that accepted it.")


class InvitationExpired(Conflict):
    """Its 14 days are over."""

    code = "invitation_expired"
    title = _("This invitation has expired. Please ask for a new one.")


class InvitationRevoked(Conflict):
    """A manager took it back."""

    code = "invitation_revoked"
    title = _(
        "This invitation was taken back. Please ask the institution if you think it was a mistake."
    )


class InvitationOfSomebodyElse(Forbidden):
    """The signed-in account has another, or an unverified, e-mail address."""

    code = "invitation_other_email"
    title = _(
        "This invitation was sent to another e-mail address. Sign in with that address, or ask to be invited with "
        "the one you use."
    )


class LastManager(Conflict):
    """An institution without anybody who manages it would be lost."""

    code = "last_manager"
    title = _("Nobody else manages this institution. Please name somebody else first.")
