"""“The hall was left dirty” – “it was dirty when we came”: said, answered and settled on a phone, counted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest

from bookings.models import Case, Line
from bookings.services.clockwork import tick
from cooperative.access.querysets import SYSTEM
from tests.bookings.stage import Side, ask, line, make_side, make_thing
from tests.days.hands import Hands
from tests.days.stopwatch import Stopwatch
from tests.factories import make_institution, make_member, make_moderator, make_person
from tests.journeys.visits import Hall, no_wider, pl, said, tell

pytestmark = pytest.mark.journey
At = Callable[[str], datetime]


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


def used_yesterday(house: Side, choir: Side) -> Line:
    hall = make_thing(house, "Sala lustrzana", terms={"at_once": True})
    wanted = line(hall, instant("2027-03-08T18:00+01:00"), 3)
    (one,) = ask(choir, wanted, title="Próba chóru", now=instant("2027-03-01T10:00+01:00")).lines
    tick(now=instant("2027-03-08T21:00+01:00"))
    return one


def case() -> Case:
    return Case.objects.visible_to(SYSTEM).get()


def test_the_hall_was_left_dirty(hall: Hall, at: At, stopwatch: Stopwatch) -> None:
    at("2027-03-09T08:10+01:00")
    house = make_side(house=make_institution("Dom Kultury Pod Lipami"))
    keeper = make_person("Hanna Opiekunka", language="pl")
    make_member(house.house, keeper, role="keeper")
    choir = make_side("Chór Cantabile", role="staff")
    used_yesterday(house, choir)

    # 8:10 The keeper opens the hall: glitter all over. From the day's page it is one tap.
    page = hall.enter(keeper, width=390)
    page.goto("/today/?day=2027-03-08")
    hands = Hands(page)
    with stopwatch("A dirty hall, 8:10: the hall was left dirty", hands, most=25):
        hands.go(page.get_by_role("link", name=pl("Something was wrong")).first)
        hands.click(page.locator("label", has=page.locator("[name=kind][value=dirty]")))
        hands.type(reason="Brokat na całej podłodze, 3 h sprzątania.")
        assert no_wider(page)
        hands.go(page.locator("form .btn-next"))
    assert (case().kind, case().state) == ("dirty", "open")
    assert (hands.clicks, hands.fields) == (4, 1)

    # 9:00 The choir reads it in the inbox and answers there.
    at("2027-03-09T09:00+01:00")
    tell()
    singer = hall.enter(choir.person, width=390)
    singer.goto("/desk/")
    hands = Hands(singer)
    with stopwatch("A dirty hall, 9:00: “it was dirty when we came”", hands, most=20):
        hands.go(singer.locator("header a[href='/inbox/']"))
        hands.go(singer.locator("ol.inbox button", has_text="Sala lustrzana").first)
        assert singer.url.endswith(f"/cases/{case().uid}/")
        assert "Brokat na całej podłodze" in singer.locator("ol.talk").inner_text()
        hands.type(words="Było brudno, gdy przyszliśmy.")
        assert no_wider(singer)
        hands.go(singer.locator("#answer .btn-next"))
    assert said(singer) == [pl("Your answer is with the other side.")]
    assert (hands.clicks, hands.fields) == (4, 1)

    # 9:30 Nobody can say any more who is right; both say that it is settled.
    at("2027-03-09T09:30+01:00")
    tell()
    for who, name in ((page, "the house"), (singer, "the choir")):
        who.goto(f"/cases/{case().uid}/")
        hands = Hands(who)
        with stopwatch(f"A dirty hall, 9:30: settled, says {name}", hands, most=5):
            hands.go(who.get_by_role("button", name=pl("Settled between us")))
        assert hands.clicks == 1
    assert case().state == "settled"
    assert Line.objects.visible_to(SYSTEM).get().state == "closed"


def test_they_do_not_agree_and_a_moderator_decides(
    hall: Hall, at: At, stopwatch: Stopwatch
) -> None:
    at("2027-03-09T08:10+01:00")
    house = make_side("Dom Kultury Pod Lipami")
    choir = make_side("Chór Cantabile", role="staff")
    one = used_yesterday(house, choir)
    page = hall.enter(house.person, width=390)
    page.goto(f"/lines/{one.uid}/complain/")
    hands = Hands(page)
    hands.type(reason="Brokat na całej podłodze.")
    hands.go(page.locator("form .btn-next"))

    # Five days without a word: two taps from the notice to the moderators.
    at("2027-03-14T09:00+01:00")
    tick(now=instant("2027-03-14T09:00+01:00"))
    tell()
    page.goto("/inbox/")
    with stopwatch("A dirty hall, five days later: brought to the moderators", hands, most=10):
        hands.go(page.locator("ol.inbox button", has_text="Sala lustrzana").first)
        waits = pl("No answer came for five days. It can be brought to a moderator.")
        assert waits in page.content()
        hands.go(page.locator("form[action$='/bring/'] button"))
    assert (case().state, hands.clicks) == ("brought", 2)

    # The moderator reads both words and answers with a reason.
    at("2027-03-15T09:00+01:00")
    judge = hall.enter(make_moderator(), width=390)
    judge.goto("/moderation/")
    hands = Hands(judge)
    with stopwatch("A dirty hall: a moderator decides", hands, most=30):
        hands.go(judge.locator("main ul.waiting a").first)
        hands.click(judge.locator("label", has=judge.locator("[name=outcome][value=note]")))
        hands.click(judge.locator("label", has_text="Chór Cantabile"))
        hands.type(reason="Następnym razem zostawcie salę, jak ją zastaliście.")
        assert no_wider(judge)
        hands.go(judge.locator("#decide .btn-next"))
    assert (case().state, case().outcome, hands.clicks) == ("decided", "note", 5)
    page.goto(f"/cases/{case().uid}/")
    assert page.get_by_text(pl("Read by the moderators")).count() == 1
