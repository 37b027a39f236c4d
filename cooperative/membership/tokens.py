"""The secret in an invitation's link. It is never stored: it is made again from the row and the installation's key
when the mail is written, so that a worker that died can send the same mail once more."""

from __future__ import annotations

import base64
import hashlib
from uuid import UUID

from django.utils.crypto import salted_hmac

_SALT = "podest.invitation"


def invitation_token(uid: UUID) -> str:
    """The token for the invitation with this `uid`: 43 letters, digits, `-` or `_`."""
    digest = salted_hmac(_SALT, str(uid), algorithm="sha256").digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def token_hash(token: str) -> str:
    """What is stored and looked up: `Invitation.token_hash`, hexadecimal SHA-256."""
    return hashlib.sha256(token.encode()).hexdigest()
