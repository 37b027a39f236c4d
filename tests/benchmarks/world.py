"""A world to measure in: rooms, chairs and years of bookings, laid down by SQL in a database of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.core.management import call_command
from django.db import connection, connections

from cooperative.access.queries import viewer_for
from cooperative.access.viewer import Viewer
from cooperative.membership.services.tokens import create_api_token
from cooperative.models import Audience, Institution, Membership, Person
from sharing.models import Category, Resource
from sharing.services.search_document import refresh

NOW = datetime(2027, 2, 1, 9, 0, tzinfo=UTC)
FIRST_DAY = datetime(2027, 3, 1, tzinfo=UTC)
"""Stored bookings begin here, two hours each, spread evenly over a year on each room."""
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
WORDS = (
    "sala prób",
    "krzesła",
    "rzutnik",
    "scena",
    "pracownia",
    "galeria",
    "nagłośnienie",
    "podest",
)


@dataclass(frozen=True)
class World:
    """Who asks, and what there is. `rooms` in id order."""

    asker: Person
    borrower: Institution
    token: str
    rooms: list[Resource]

    def viewer(self, now: datetime = NOW) -> Viewer:
        return viewer_for(person=self.asker, acting_for=self.borrower.pk, now=now)


@contextmanager
def database(name: str) -> Iterator[str]:
    """A fresh, migrated database under that name; Django talks to it inside the block."""
    settings = connections.settings["default"]
    original = settings["NAME"]
    connection.close()
    with connection.cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        cursor.execute(f'CREATE DATABASE "{name}"')
    connection.close()
    settings["NAME"] = connection.settings_dict["NAME"] = name
    try:
        call_command("migrate", verbosity=0)
        yield name
    finally:
        connection.close()
        settings["NAME"] = connection.settings_dict["NAME"] = original


def build(*, resources: int, claims: int, at_once: bool = True) -> World:
    """`resources` rooms of 20 owners, with `claims` confirmed bookings spread evenly over them."""
    owners = [_institution(f"Dom Kultury nr {number}") for number in range(20)]
    borrower = _institution("Fundacja Ruchome Mosty")
    asker = Person.objects.create_user(email="asker@bench.example", name="Asker")
    Membership.objects.create(person=asker, institution=borrower, role="staff", started_at=LONG_AGO)
    _resources(owners, resources, at_once=at_once)
    rooms = list(Resource._base_manager.order_by("pk"))
    _bookings(borrower, claims, per_room=max(claims // resources, 1))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    viewer = viewer_for(person=asker, acting_for=borrower.pk, now=NOW)
    token = create_api_token(by=viewer, name="bench", institution=borrower.uid)
    return World(asker, borrower, token.secret, rooms)


def free_slot(number: int) -> tuple[datetime, datetime]:
    """The `number`-th slot of two hours in which no room has a stored booking: after all of them."""
    start = datetime(2032, 1, 1, tzinfo=UTC) + timedelta(hours=3 * number)
    return start, start + timedelta(hours=2)


def _institution(name: str) -> Institution:
    institution = Institution.objects.create(
        name=name, kind="municipal", state="active", city="Wrocław"
    )
    Audience.objects.create(kind="own", institution=institution)
    return institution


def _resources(owners: list[Institution], count: int, *, at_once: bool) -> None:
    category = Category.objects.get(code="spaces")
    cooperative = Audience.objects.get(kind="cooperative")
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO sharing_resource (uid, owner_id, category_id, kind, units, state, attributes, answering,
                handover, turnover_minutes, hours_source, time_zone, place, belongings, rider,
                funding_restriction, value_currency, inventory_number, needs_from_asker, external_source,
                external_id, created_at, confirmed_at, version, search_words, sort_key)
            SELECT gen_random_uuid(), (%(owners)s::bigint[])[1 + n %% 20], %(category)s, 'exclusive', 1, 'published',
                jsonb_build_object('seats', 10 + n %% 200), 'owner_chooses', 'none', 0, 'always',
                'Europe/Warsaw', '', '[]', '', '', 'PLN', '', '[]', '', '', %(now)s, %(now)s, 1, '',
                lpad(n::text, 8, '0')
            FROM generate_series(1, %(count)s) AS n
            """,
            {
                "owners": [owner.pk for owner in owners],
                "category": category.pk,
                "count": count,
                "now": NOW,
            },
        )
        cursor.execute(
            """
            INSERT INTO sharing_resourcetext (resource_id, language, title, summary, body, is_original)
            SELECT id, 'pl', (%s::text[])[1 + id %% 8] || ' ' || id, '', '', true FROM sharing_resource
            """,
            [list(WORDS)],
        )
        cursor.execute(
            """
            INSERT INTO sharing_sharingterms (uid, resource_id, audience_id, position, may_see, may_ask, at_once,
                ask_anyway, fee_kind, fee_currency, fee_unit, fee_ground, fees, deposit_currency, conditions,
                conditions_version, horizon_days)
            SELECT gen_random_uuid(), id, %s, 0, true, true, %s, true, 'free', 'PLN', '', '', '{}', 'PLN', '', 1,
                3650 FROM sharing_resource
            """,
            [cooperative.pk, at_once],
        )
    refresh(list(Resource._base_manager.values_list("pk", flat=True)))


def _bookings(borrower: Institution, count: int, *, per_room: int) -> None:
    with connection.cursor() as cursor:
        # The rows are disjoint by construction; firing the guard a million times would only cost minutes.
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(
            """
            INSERT INTO bookings_booking (uid, borrower_id, outside_name, outside_phone, outside_email, state, title,
                event_kind, purpose, responsible_person, responsible_phone, access_needs, remarks, all_or_nothing,
                created_at, sent_at, version)
            SELECT gen_random_uuid(), %(borrower)s, '', '', '', 'confirmed', 'Próba', '', '', '', '', '', '', true,
                %(now)s, %(now)s, 1 FROM generate_series(1, %(count)s)
            """,
            {"borrower": borrower.pk, "now": NOW, "count": count},
        )
        cursor.execute(
            """
            INSERT INTO bookings_line (uid, booking_id, position, resource_id, lender_id, borrower_id, state, units,
                use_starts_at, use_ends_at, event_starts_at, event_ends_at, setup_minutes, strike_minutes,
                turnover_minutes, zone, local_date, whole_days, second_in_line, waiver, waived, terms, shown,
                handover, condition_out, condition_back, state_since, version)
            SELECT gen_random_uuid(), booking.id, 0, room.id, room.owner_id, %(borrower)s, 'confirmed', 1,
                starts, starts + interval '2 hours', starts, starts + interval '2 hours', 0, 0, 0,
                'Europe/Warsaw', starts::date, false, false, '', '[]', '{}', '{}', 'none', '', '', %(now)s, 1
            FROM (SELECT id, row_number() OVER (ORDER BY id) - 1 AS n FROM bookings_booking) AS booking
            JOIN (SELECT id, owner_id, row_number() OVER (ORDER BY id) - 1 AS n FROM sharing_resource) AS room
                ON room.n = booking.n / %(per_room)s
            CROSS JOIN LATERAL (SELECT %(first)s + (booking.n %% %(per_room)s)
                * %(apart)s * interval '1 hour' AS starts) AS s
            """,
            {
                "borrower": borrower.pk,
                "now": NOW,
                "first": FIRST_DAY,
                "per_room": per_room,
                "apart": max(365 * 24 // per_room, 3),
            },
        )
        cursor.execute(
            """
            INSERT INTO bookings_claim (capacity_id, mode, span, units, cause, line_id)
            SELECT capacity.id, 'exclusive', tstzrange(line.use_starts_at, line.use_ends_at), 1, 'line', line.id
            FROM bookings_line AS line JOIN bookings_capacity AS capacity USING (resource_id)
            """
        )
        cursor.execute("SET session_replication_role = origin")
