"""What was in dispute before there were cases gets one, with the words that were written then."""

from datetime import timedelta
from typing import Any

from django.db import migrations
from django.db.models import F, Q


def open_cases(apps: Any, schema_editor: Any) -> None:
    lines = apps.get_model("bookings", "Line")._base_manager
    messages = apps.get_model("bookings", "BookingMessage")._base_manager
    cases = apps.get_model("bookings", "Case")._base_manager
    side = Q(author_for=F("line__lender")) | Q(author_for=F("line__borrower"))
    for line in lines.filter(state="disputed").iterator():
        said = messages.filter(side, line=line, action="complain").order_by("-id").first()
        cases.create(
            line=line,
            lender_id=line.lender_id,
            borrower_id=line.borrower_id,
            line_from="returned" if line.returned_at else "finished",
            kind="other",
            words=said.body if said is not None else "",
            opened_at=line.state_since,
            opened_by_id=said.author_id if said is not None else None,
            opened_for_id=said.author_for_id if said is not None else line.lender_id,
            answer_due_at=line.state_since + timedelta(days=5),
        )


class Migration(migrations.Migration):
    dependencies = [("bookings", "0012_short_units")]
    operations = [migrations.RunPython(open_cases, migrations.RunPython.noop)]
