"""`manage.py rebuild_search`: make every search document anew, after the way of making them has changed."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from cooperative.access.querysets import SYSTEM
from sharing.models import Resource
from sharing.queries.catalogue import tree
from sharing.services.search_document import refresh

AT_ONCE = 500


class Command(BaseCommand):
    """In lots of 500, so that no lock is held for long."""

    help = "Make the search document of every resource anew."

    def handle(self, *args: Any, **options: Any) -> None:
        within = tree()
        ids = list(Resource.objects.visible_to(SYSTEM).order_by("pk").values_list("pk", flat=True))
        for start in range(0, len(ids), AT_ONCE):
            refresh(ids[start : start + AT_ONCE], within=within)
        self.stdout.write(f"{len(ids)} resources.")
