"""Mail that leaves nobody's machine: kept as files that the demo's mailbox page shows.

One file a mail, `.eml` as a mail program would save it, named so that names sort by time.
"""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage as ParsedMessage
from email.policy import default
from email.utils import parsedate_to_datetime
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

KEPT = 500
"""The newest so many stay."""
_NAME = re.compile(r"[0-9a-f]{32}")


class Backend(BaseEmailBackend):
    """`EMAIL_BACKEND` of demo and development."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Write each as a file; a reader never meets half a mail."""
        folder = mailbox_dir()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for message in email_messages:
            name = f"{time.time_ns():016x}{secrets.token_hex(8)}"
            fresh = folder / f"{name}.part"
            fresh.touch(mode=0o600)
            fresh.write_bytes(message.message().as_bytes())
            fresh.rename(folder / f"{name}.eml")
        for old in sorted(folder.glob("*.eml"), reverse=True)[KEPT:]:
            old.unlink(missing_ok=True)
        return len(email_messages)


@dataclass(frozen=True, slots=True)
class StoredMail:
    """One mail of the mailbox. `name` is its place in addresses; `text` and `html` are bodies, "" where none."""

    name: str
    sent_at: datetime | None
    sender: str
    to: str
    subject: str
    message_id: str
    text: str
    html: str


def mailbox_dir() -> Path:
    """Where the mails are."""
    return Path(settings.MAILBOX_DIR)


def stored_mails(*, limit: int = 100) -> list[StoredMail]:
    """The newest first."""
    files = sorted(mailbox_dir().glob("*.eml"), reverse=True)[:limit]
    mails = (stored_mail(file.stem) for file in files)
    return [mail for mail in mails if mail is not None]


def stored_mail(name: str) -> StoredMail | None:
    """One mail, or None where there is none of that name."""
    if not _NAME.fullmatch(name):
        return None
    try:
        raw = (mailbox_dir() / f"{name}.eml").read_bytes()
    except FileNotFoundError:
        return None
    parsed = message_from_bytes(raw, policy=default)
    date = parsed["Date"]
    return StoredMail(
        name=name,
        sent_at=parsedate_to_datetime(str(date)) if date else None,
        sender=str(parsed["From"] or ""),
        to=str(parsed["To"] or ""),
        subject=str(parsed["Subject"] or "").strip(),
        message_id=str(parsed["Message-ID"] or ""),
        text=_body(parsed, "plain"),
        html=_body(parsed, "html"),
    )


def _body(parsed: ParsedMessage, kind: str) -> str:
    part = parsed.get_body(preferencelist=(kind,))
    return str(part.get_content()) if part is not None else ""
