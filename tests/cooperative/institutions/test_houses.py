"""An institution's own page: registering, editing, suspending."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from cooperative.access.queries import viewer_for
from cooperative.access.querysets import SYSTEM
from cooperative.access.viewer import Viewer
from cooperative.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from cooperative.events.models import Event, Outbox
from cooperative.identifiers import new_uid
from cooperative.institutions.models import Institution, InstitutionName
from cooperative.institutions.services.houses import (
    edit_institution,
    register_institution,
    reinstate_institution,
    set_umbrella,
    suspend_institution,
    trust_institution,
)
from tests.cooperative.factories import make_institution, make_member, make_moderator

NOW = datetime(2027, 5, 10, 22, 30, tzinfo=UTC)

pytestmark = pytest.mark.django_db


def moderator() -> Viewer:
    return viewer_for(person=make_moderator(), acting_for=None, now=NOW)


def acting(house: Institution, role: str = "manager") -> Viewer:
    return viewer_for(person=make_member(house, role=role), acting_for=house.pk, now=NOW)


def test_registering_is_quiet_and_active_at_once() -> None:
    made = register_institution(
        by=SYSTEM, name="Teatr Kontury", kind="municipal", city="Wrocław", trusted=True
    )
    assert (made.state, made.trusted, made.audience.kind) == ("active", True, "own")
    event = Event.objects.get(verb="institution.register")
    assert not Outbox.objects.filter(event=event).exists()
    with pytest.raises(Forbidden):
        register_institution(by=acting(made), name="X", kind="municipal", city="Y")


def test_editing_checks_the_version_and_says_what_changed() -> None:
    house = make_institution("Old name")
    by = acting(house)
    changed = edit_institution(
        by=by, institution=house.uid, version=1, name="New name", about="Stage and yard."
    )
    assert (changed.name, changed.about, changed.version) == ("New name", "Stage and yard.", 2)
    assert Event.objects.get(verb="institution.edit").data == {"fields": ["about", "name"]}
    former = InstitutionName.objects.get()
    assert (former.name, former.until_on) == ("Old name", date(2027, 5, 11))  # the day in Warsaw
    with pytest.raises(Stale):
        edit_institution(by=by, institution=house.uid, version=1, about="Other")
    same = edit_institution(by=by, institution=house.uid, version=2, about="Stage and yard.")
    assert same.version == 2
    assert Event.objects.filter(verb="institution.edit").count() == 1


def test_half_a_place_is_judged_with_the_other_half() -> None:
    house = make_institution(latitude=51.1, longitude=17.0)
    changed = edit_institution(by=SYSTEM, institution=house.uid, latitude=51.2)
    assert (changed.latitude, changed.longitude) == (51.2, 17.0)


def test_a_region_is_a_code() -> None:
    house = make_institution()
    assert edit_institution(by=SYSTEM, institution=house.uid, region="pl-02").region == "PL-02"
    with pytest.raises(Invalid) as refused:
        edit_institution(by=SYSTEM, institution=house.uid, region="dolnośląskie")
    assert list(refused.value.errors) == ["region"]


def test_who_may_edit() -> None:
    house = make_institution()
    for by in (acting(house, "keeper"), acting(make_institution())):
        with pytest.raises(Forbidden):
            edit_institution(by=by, institution=house.uid, about="x")
    with pytest.raises(NotFound):
        edit_institution(by=moderator(), institution=new_uid(), about="x")
    with pytest.raises(Forbidden):
        edit_institution(by=acting(house), institution=house.uid, kind="foundation")
    assert edit_institution(by=moderator(), institution=house.uid, kind="foundation").version == 2


def test_a_guest_does_not_become_a_member_by_a_change_of_kind() -> None:
    guest = make_institution(kind="guest")
    with pytest.raises(Conflict) as refused:
        edit_institution(by=moderator(), institution=guest.uid, kind="association")
    assert refused.value.code == "guest_applies"


def test_suspending_takes_all_but_its_own_at_once_and_is_undone() -> None:
    house = make_institution()
    person = make_member(house)
    suspend_institution(by=moderator(), institution=house.uid)
    suspend_institution(by=moderator(), institution=house.uid)
    suspended = viewer_for(person=person, acting_for=house.pk, now=NOW)
    assert set(suspended.asking) == {house.audience.pk}
    reinstate_institution(by=moderator(), institution=house.uid)
    assert len(viewer_for(person=person, acting_for=house.pk, now=NOW).asking) == 2
    assert list(Event.objects.order_by("id").values_list("verb", flat=True)) == [
        "institution.suspend",
        "institution.reinstate",
    ]
    with pytest.raises(Forbidden):
        suspend_institution(by=acting(house), institution=house.uid)
    with pytest.raises(Conflict):
        suspend_institution(by=moderator(), institution=make_institution(state="left").uid)


def test_trust_is_given_and_taken() -> None:
    house = make_institution()
    assert trust_institution(by=moderator(), institution=house.uid, trusted=True).trusted
    assert not trust_institution(by=moderator(), institution=house.uid, trusted=False).trusted


def test_a_branch_has_no_branches() -> None:
    umbrella, branch, other = make_institution(), make_institution(), make_institution()
    set_umbrella(by=moderator(), institution=branch.uid, umbrella=umbrella.uid)
    for institution, above in ((other, branch), (umbrella, other), (other, other)):
        with pytest.raises(Conflict):
            set_umbrella(by=moderator(), institution=institution.uid, umbrella=above.uid)
    assert list(umbrella.branches.all()) == [branch]
    assert set_umbrella(by=moderator(), institution=branch.uid, umbrella=None).umbrella is None
