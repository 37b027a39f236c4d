"""A small town in which every page has something to show, seen by somebody who may see all of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from bookings.models import Booking, Case, Line, Seat, SeatedSession, Series
from bookings.periods import Wanted
from bookings.services.blocks import add_block
from bookings.services.composition.companions import CompanionWish, set_companions
from bookings.services.composition.parts import PartWish, change_parts
from bookings.services.drafts import add_line
from bookings.services.enquiries import ask_question
from bookings.services.messages import write_message
from bookings.services.offers.proposing import propose
from bookings.services.repair import out_of_order, store_photo
from bookings.services.schedules.looking import look_over
from bookings.services.schedules.taking import name_columns, take_schedule
from bookings.services.seats import set_seat
from bookings.services.sessions import add_session
from cooperative.access.querysets import SYSTEM
from cooperative.institutions.services.applications import apply
from cooperative.membership.models import CooperativeRole
from cooperative.membership.services.invitations import invite
from cooperative.membership.services.tokens import create_api_token
from cooperative.membership.tokens import invitation_token
from cooperative.people.models import Person
from sharing.models import Resource
from sharing.services.photos import add_photo
from sharing.services.publish import publish
from tests.bookings.series_stage import ask_series, series_of
from tests.bookings.series_stage import weekly as weekly_dates
from tests.bookings.stage import DAY, NOW, Side, ask, do, line, make_side, make_thing, seen_again
from tests.factories import LONG_AGO, make_institution, make_member, make_person
from tests.journeys.visits import searchable
from tests.sharing.factories import make_listing, picture, viewer


@dataclass(frozen=True)
class Town:
    """Maja manages the house and moderates the cooperative."""

    maja: Person
    house: Side
    room: Resource
    chairs: Resource
    asked: Booking
    confirmed: Booking
    disputed: Line
    token: str
    workshop: Resource
    date: SeatedSession
    places: Booking
    weekly: Booking
    """Maja's, with a date that is taken."""
    sometime: Booking
    """Maja's, for two hours in a period; two times are proposed."""

    @property
    def sheet(self) -> UUID:
        """A file of the house whose columns are to be named, with a clash and with what nobody can read."""
        rows = (
            "Sala;Dzień;Od;Do;Tytuł\nSala lustrzana;2027-03-11;10:00;12:00;Próba\n?;wczoraj;;;Nic"
        )
        house = self.house.house.pk
        return take_schedule(
            by=self.house.viewer, house=house, name="grafik.csv", data=rows.encode()
        ).uid

    @property
    def season(self) -> UUID:
        """The same, looked over."""
        by, sheet = self.house.viewer, self.sheet
        columns = {
            "thing": "Sala",
            "day": "Dzień",
            "start": "Od",
            "end": "Do",
            "title": "Tytuł",
        }
        name_columns(by=by, schedule=sheet, version=1, mapping=columns, fixed={}, names={})
        return look_over(by=by, schedule=sheet).uid

    def line(self, booking: Booking) -> UUID:
        return Line.objects.visible_to(SYSTEM).filter(booking=booking)[0].uid

    @property
    def series(self) -> UUID:
        return Series.objects.get(booking=self.weekly).uid

    @property
    def theirs(self) -> UUID:
        """A thing of another house."""
        asked = Line.objects.visible_to(SYSTEM).filter(booking=self.asked)
        return asked.select_related("resource")[0].resource.uid

    @property
    def question(self) -> UUID:
        """What was asked about it."""
        said = "Czy ekran zmieści się w drzwiach?"
        made = ask_question(by=self.house.viewer, resource=self.theirs, body=said)
        assert made.enquiry is not None
        return made.enquiry.uid

    @property
    def case(self) -> UUID:
        return Case.objects.visible_to(SYSTEM).get(line=self.disputed).uid

    @property
    def seat(self) -> UUID:
        return Seat.objects.visible_to(SYSTEM).filter(line__booking=self.places)[0].uid


def make_town(now: datetime = NOW) -> Town:
    """On Monday, 1 March 2027; most happens on Wednesday of the week after."""
    house = make_side(house=make_institution("Dom Kultury Pod Lipami"), role="manager")
    Person.objects.filter(pk=house.person.pk).update(name="Maja Zarządzająca", language="pl")
    CooperativeRole.objects.create(person=house.person, role="moderator", granted_at=LONG_AGO)
    house = Side(house.house, house.person, seen_again(house))
    make_member(make_institution("Klub Drugi"), house.person)
    choir, cinema = make_side("Chór Cantabile", role="staff"), make_side("Kino Studyjne")
    room = make_thing(house, "Sala lustrzana")
    chairs = make_thing(
        house, "Krzesła na widownię", kind="pooled", units=120, category="chairs", handover="simple"
    )
    make_thing(house, "Rzutnik", category="equipment", handover="simple", answering="keep_first")
    screen = make_thing(cinema, "Ekran plenerowy", category="equipment", handover="simple")
    searchable(room, chairs, screen)
    add_photo(by=house.viewer, resource=room.uid, data=picture(), alternative_text="Lustra")

    ask(
        choir,
        line(room, 17, 3),
        title="Próba chóru",
        purpose="Przed koncertem.",
        expected_people=40,
    )
    ask(cinema, line(room, 18, 2), title="Pokaz")
    asked = ask(house, line(screen, 17, 3), title="Kino letnie").booking
    confirmed = ask(choir, line(chairs, 10, 5, units=40), title="Koncert").booking
    (chairs_out,) = Line.objects.visible_to(SYSTEM).filter(booking=confirmed)
    do(house, chairs_out, "approve", reason="", note="Klucz w portierni.")
    write_message(by=choir.viewer, booking=confirmed.uid, body="Dziękujemy!")
    refused = ask(choir, line(room, 12, 2), title="Warsztat").booking
    do(house, Line.objects.visible_to(SYSTEM).get(booking=refused), "decline", now=now)
    add_block(
        by=house.viewer,
        resource=room.uid,
        starts_at=DAY + timedelta(days=1, hours=8),
        ends_at=DAY + timedelta(days=1, hours=12),
        kind="own_programme",
        title="Nasza próba",
    )
    add_line(by=house.viewer, wish=line(screen, DAY + timedelta(days=2), 20))

    workshop = make_thing(house, "Warsztat lutniczy", kind="seated", units=8)
    date = add_session(
        by=house.viewer,
        resource=workshop.uid,
        starts_at=DAY + timedelta(hours=10),
        ends_at=DAY + timedelta(hours=13),
        title="Glina",
    )
    change_parts(
        by=house.viewer, resource=make_thing(house, "Parter").uid, parts=[PartWish(room.uid)]
    )
    well = CompanionWish(chairs.uid, "well_with", 20)
    set_companions(by=house.viewer, resource=room.uid, companions=[well])
    places = ask(choir, line(workshop, 10, 3, units=2), title="Nasi skrzypkowie").booking
    (places_line,) = Line.objects.visible_to(SYSTEM).filter(booking=places)
    do(house, places_line, "approve", reason="")
    set_seat(
        by=choir.viewer,
        line=places_line.uid,
        position=0,
        name="Ola Smyczek",
        food_needs="bez orzechów",
    )
    disputed = _disputed(house, choir, chairs)
    weekly = ask_series(house, series_of(screen, weekly_dates(4)), title="Kino co tydzień").booking
    sometime = _sometime(house, cinema)
    out_of_order(
        by=house.viewer,
        resource=chairs.uid,
        zone=chairs.time_zone,
        units=3,
        note="Pęknięte nogi",
        photo=store_photo(picture()),
    )
    new_house = make_institution("Nowa Fundacja")
    lister = viewer(make_member(new_house, role="keeper"), new_house)
    publish(by=lister, resource=make_listing(lister, "Namiot", published=False).uid)
    apply(
        by=viewer(make_person("Nela Nowa")),
        message="Mamy piec do ceramiki.",
        name="Pracownia Nowa",
        kind="association",
        city="Wrocław",
    )
    invited = invite(by=house.viewer, institution=house.house.uid, email="olek@dom.example")
    create_api_token(by=house.viewer, name="Nasza strona")
    return Town(
        house.person,
        house,
        room,
        chairs,
        asked,
        confirmed,
        disputed,
        invitation_token(invited.uid),
        workshop,
        date,
        places,
        weekly,
        sometime,
    )


def _sometime(asker: Side, owner: Side) -> Booking:
    """Two hours of a projectionist some time next week, with two times to choose from."""
    person = make_thing(owner, "Kinooperator", category="technician", handover="none")
    wanted = line(person, DAY, 48, wanted=Wanted(minutes=120))
    booking = ask(asker, wanted, title="Przegląd projektora").booking
    (one,) = Line.objects.visible_to(SYSTEM).filter(booking=booking)
    for hours in (9, 33):
        offered = line(person, DAY + timedelta(hours=hours), 2)
        propose(by=owner.viewer, line=one.uid, wish=offered)
    return booking


def _disputed(house: Side, choir: Side, chairs: Resource) -> Line:
    """Chairs that came back broken last week."""
    before = NOW - timedelta(days=10)
    booking = ask(
        choir,
        line(chairs, before + timedelta(days=2), 3, units=5),
        title="Próba z krzesłami",
        now=before,
    ).booking
    (one,) = Line.objects.visible_to(SYSTEM).filter(booking=booking)
    do(house, one, "approve", reason="", now=before)
    do(house, one, "hand_over", reason="", now=before + timedelta(days=2))
    do(house, one, "give_back", reason="", now=before + timedelta(days=2, hours=3))
    return do(house, one, "complain", reason="Dwa bez nogi.", now=before + timedelta(days=3))
