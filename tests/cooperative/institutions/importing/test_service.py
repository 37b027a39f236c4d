"""Writing a list, and the command around it: dry runs, second imports, the city's own file."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from cooperative.access.models import Audience
from cooperative.access.queries import viewer_for
from cooperative.access.querysets import SYSTEM
from cooperative.errors import Forbidden
from cooperative.events.models import Event, Outbox
from cooperative.institutions.importing.cleaning import clean_list
from cooperative.institutions.importing.reading import COLUMNS, read_rows
from cooperative.institutions.importing.service import Report, import_list
from cooperative.institutions.models import Institution
from cooperative.institutions.services.houses import edit_institution
from tests.cooperative.factories import make_member

NOW = datetime(2027, 5, 10, 9, 0, tzinfo=UTC)
ROOT = Path(__file__).resolve().parents[4]
SHARED = Path(os.environ.get("PODEST_SHARED_DATA", ROOT.parent / "shared" / "data"))
REAL = SHARED / "institutions-gdansk" / "institutions.csv"

LIST = f"""{",".join(COLUMNS)}
1,Biblioteka Miejska,Filia nr 1,Piwna,1,,Chełm,p,d; m; do; s,b,w,,"6542525,07","6024453,08",
2,Biblioteka Miejska,Filia nr 2,Długa,2,,Chełm,p,d; m; do; s,b,,,,,
3,Klub Stary,,Szeroka,3,,chełm,p,"d, m",i,p,,,,
,Bez Numeru,,,,,,p,,,,,,,
"""

pytestmark = pytest.mark.django_db


def run(text: str = LIST, *, dry_run: bool = False) -> Report:
    listed = clean_list(read_rows(text).rows, city="Gdańsk", region="PL-22")
    return import_list(by=replace(SYSTEM, now=NOW), listed=listed, source="test", dry_run=dry_run)


def outcomes(report: Report) -> dict[str, str]:
    return {row.id: row.outcome for row in report.rows}


def test_a_list_becomes_institutions_with_umbrella_audience_and_quiet_events() -> None:
    report = run()
    assert outcomes(report) == {
        "umbrella:biblioteka-miejska": "created",
        "1": "created",
        "2": "created",
        "3": "created",
        "": "refused",
    }
    branch = Institution.objects.get(external_source="test", external_id="1")
    assert (branch.state, branch.kind, branch.created_at) == ("active", "municipal", NOW)
    assert (branch.latitude, branch.longitude) == (54.348615, 18.654019)
    assert branch.umbrella is not None
    assert branch.umbrella.name == "Biblioteka Miejska"
    assert Audience.objects.filter(kind="own").count() == Institution.objects.count() == 4
    assert (Event.objects.count(), Outbox.objects.count()) == (4, 0)


def test_a_dry_run_says_the_same_and_changes_nothing() -> None:
    dry = run(dry_run=True)
    assert (Institution.objects.count(), Event.objects.count()) == (0, 0)
    assert outcomes(dry) == outcomes(run())
    again = run(LIST.replace("Szeroka", "Wąska"), dry_run=True)
    assert outcomes(again)["3"] == "updated"
    assert Institution.objects.get(external_id="3").street == "Szeroka 3"


def test_a_second_import_doubles_nothing_and_takes_what_changed() -> None:
    run()
    second = run()
    assert second.outcomes == {"unchanged": 3, "refused": 1}
    third = run(LIST.replace("Szeroka", "Wąska"))
    assert outcomes(third)["3"] == "updated"
    (changed,) = (row for row in third.rows if row.id == "3")
    assert "changed: street" in changed.remarks.cleaned
    assert Institution.objects.get(external_id="3").street == "Wąska 3"
    assert (Institution.objects.count(), Outbox.objects.count()) == (4, 0)


def test_what_people_edited_is_left_to_them() -> None:
    run()
    club = Institution.objects.get(external_id="3")
    manager = make_member(club, role="manager")
    by = viewer_for(person=manager, acting_for=club.pk, now=NOW)
    edit_institution(by=by, institution=club.uid, street="Nowa 9")
    report = run()
    assert outcomes(report)["3"] == "kept"
    assert Institution.objects.get(external_id="3").street == "Nowa 9"


def test_a_house_that_joins_an_umbrella_later() -> None:
    run()
    later = LIST.replace("3,Klub Stary,,", "3,Biblioteka Miejska,Filia nr 3,")
    assert outcomes(run(later))["3"] == "updated"
    moved = Institution.objects.get(external_id="3")
    assert (moved.name, moved.umbrella is not None) == ("Biblioteka Miejska – Filia nr 3", True)
    assert run(later).outcomes == {"unchanged": 3, "refused": 1}


def test_what_is_gone_from_the_list_stays_and_is_counted() -> None:
    run()
    shorter = "\n".join(line for line in LIST.splitlines() if not line.startswith("3,"))
    assert run(shorter).gone == 1
    assert Institution.objects.count() == 4


def test_a_value_too_long_refuses_its_row_alone() -> None:
    report = run(LIST.replace("Klub Stary", "K" * 300))
    assert report.outcomes == {"created": 2, "refused": 2}


def test_only_moderators_import() -> None:
    nobody = viewer_for(person=None, acting_for=None, now=NOW)
    with pytest.raises(Forbidden):
        import_list(by=nobody, listed=clean_list([], city="Gdańsk"), source="test")


def command(path: Path, *args: str) -> str:
    out = StringIO()
    call_command("import_institutions", str(path), *args, stdout=out)
    return out.getvalue()


def test_the_command_reports_every_row(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text(LIST, encoding="cp1250")
    dry = command(path, "--dry-run", "--encoding", "cp1250").splitlines()
    assert "line 2, id 1: created: Biblioteka Miejska – Filia nr 1" in dry
    assert "    cleaned: niepelnospr: 'w' -> lift=yes" in dry
    assert "    refused: it has no id, so that a second import could not find it again" in dry
    assert dry[-1] == (
        "4 rows: 3 created, 0 updated, 0 unchanged, 0 kept, 1 refused. "
        "1 umbrella institutions made. 1 to look at (unsure). Dry run: nothing was changed."
    )
    assert Institution.objects.count() == 0
    command(path, "--encoding", "cp1250")
    assert Institution.objects.count() == 4


def test_the_command_says_a_mistake_in_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text(LIST, encoding="cp1250")
    with pytest.raises(CommandError, match=r"The file is not written in utf-8\.") as said:
        command(path)
    assert said.value.returncode == 1


@pytest.mark.skipif(not REAL.is_file(), reason="the city's list is not here (PODEST_SHARED_DATA)")
def test_the_citys_own_list() -> None:
    first = command(REAL)
    assert (
        "74 rows: 74 created, 0 updated, 0 unchanged, 0 kept, 0 refused. "
        "3 umbrella institutions made." in first
    )
    assert "74 rows: 0 created, 0 updated, 74 unchanged, 0 kept, 0 refused." in command(REAL)
    houses = Institution.objects.filter(external_source="gdansk")
    assert houses.count() == 77
    assert houses.filter(district__startswith="Śródm").values("district").distinct().count() == 1
    roofs = {
        umbrella.name: umbrella.branches.count()
        for umbrella in houses.filter(branches__isnull=False).distinct()
    }
    assert roofs == {
        "Wojewódzka i Miejska Biblioteka Publiczna im. Josepha Conrada Korzeniowskiego w Gdańsku": 30,
        "Gdański Archipelag Kultury": 8,
        "MHMG": 10,
        "Muzeum Narodowe w Gdańsku": 5,
        "Muzeum Archeologiczne w Gdańsku": 1,
        "Centrum Sztuki Współczesnej Łaźnia": 1,
    }
    inside = {"latitude__range": (54.2, 54.5), "longitude__range": (18.4, 18.95)}
    assert houses.exclude(external_id__startswith="umbrella:").filter(**inside).count() == 74
    closed = houses.get(external_id="71")
    assert (closed.audiences_served, closed.accessibility) == ([], {"wheelchair": "no"})
