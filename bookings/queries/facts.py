"""Everything that rules need to know of some resources, in one statement."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from bookings.facts.demands import Share
from bookings.facts.hours import ChangedDay, DaysOff, WeeklyRow
from bookings.facts.resource import AskedBefore, Brought, ResourceFacts
from bookings.facts.terms import Terms
from bookings.spans import Span
from bookings.states import ASKED_OR_MORE
from cooperative.statements import prepared

# One statement by hand: this is the hot path of every request, and the shape is read nowhere else.
_SELECT = """
SELECT r.id, r.uid, r.owner_id, o.uid, o.name, o.state, r.kind, r.units, r.state, r.answering, r.handover,
    r.turnover_minutes, r.hours_source, r.time_zone, c.code, cap.id, cap.mode, cap.size,
    CASE WHEN cap.size = 0 THEN
        (SELECT json_agg(json_build_array(k.id, k.resource_id, k.mode, k.size, leaf.units, p.turnover_minutes))
            FROM resource_leaves(r.id) AS leaf JOIN bookings_capacity k ON k.id = leaf.capacity_id
            JOIN sharing_resource p ON p.id = k.resource_id WHERE k.resource_id <> r.id) END,
    CASE WHEN r.kind IN ('seated', 'metered') THEN
        (SELECT json_agg(json_build_array(k.id, k.mode, k.size, lower(k.span), upper(k.span), dated.id)
                ORDER BY lower(k.span))
            FROM bookings_capacity k LEFT JOIN bookings_seatedsession dated ON dated.capacity_id = k.id
            WHERE k.resource_id = r.id AND k.span IS NOT NULL AND k.size > 0
                AND k.span && tstzrange(%(since)s::date, %(until)s::date + 32)) END,
    (SELECT json_agg(json_build_array(o.uid, with_it.units) ORDER BY with_it.position, with_it.id)
        FROM sharing_companion with_it JOIN sharing_resource o ON o.id = with_it.companion_id
        WHERE with_it.resource_id = r.id AND with_it.kind = 'only_with'),
    (SELECT json_agg(json_build_array(t.language, t.title, t.is_original))
        FROM sharing_resourcetext t WHERE t.resource_id = r.id),
    (SELECT json_agg(json_build_array(s.uid, s.audience_id, s.position, s.may_see, s.may_ask, s.at_once,
            s.ask_anyway, s.notice_minutes, s.horizon_days, s.shortest_minutes, s.longest_minutes,
            s.step_minutes, json_build_object('fee_kind', s.fee_kind, 'fee_amount', s.fee_amount::text,
                'fee_currency', s.fee_currency, 'fee_unit', s.fee_unit, 'fee_ground', s.fee_ground,
                'fees', s.fees, 'deposit_amount', s.deposit_amount::text,
                'deposit_currency', s.deposit_currency, 'conditions', s.conditions,
                'conditions_version', s.conditions_version)))
        FROM sharing_sharingterms s WHERE s.resource_id = r.id AND s.may_see),
    (SELECT json_agg(json_build_array(h.weekday, h.opens_minute, h.closes_minute, h.valid_from,
            h.valid_until))
        FROM sharing_weeklyhours h
        WHERE (r.hours_source = 'own' AND h.resource_id = r.id)
            OR (r.hours_source = 'house' AND h.institution_id = r.owner_id AND h.resource_id IS NULL)),
    (SELECT json_agg(json_build_array(d.from_on, d.until_on, d.reason, d.resource_id IS NOT NULL))
        FROM sharing_dayoff d
        WHERE (d.resource_id = r.id OR (d.resource_id IS NULL AND d.institution_id = r.owner_id))
            AND d.until_on > %(since)s::date AND d.from_on < %(until)s::date),
    {asked},
    (SELECT json_agg(json_build_array(ch."on", ch.resource_id IS NOT NULL, ch.opens_minute,
            ch.closes_minute) ORDER BY ch."on", ch.opens_minute)
        FROM sharing_changedhours ch
        WHERE ch.institution_id = r.owner_id
            AND ch."on" >= %(since)s::date AND ch."on" < %(until)s::date
            AND ((ch.resource_id = r.id AND r.hours_source <> 'always')
                OR (ch.resource_id IS NULL AND r.hours_source = 'house'))),
    r.needs_from_asker,
    {paused}
FROM sharing_resource r
JOIN cooperative_institution o ON o.id = r.owner_id
JOIN sharing_category c ON c.id = r.category_id
LEFT JOIN bookings_capacity cap ON cap.resource_id = r.id AND cap.span IS NULL
    AND cap.mode = standing_mode(r.kind)
WHERE {keys}
"""
_ASKED = """
    (SELECT json_agg(json_build_array(b.uid, l.use_starts_at, l.use_ends_at, l.units) ORDER BY l.id DESC)
        FROM bookings_line l JOIN bookings_booking b ON b.id = l.booking_id
        WHERE l.resource_id = r.id AND l.use_starts_at = ANY(%(starts)s::timestamptz[])
            AND l.borrower_id = %(borrower)s::bigint AND l.state = ANY(%(asked)s::text[]))
"""
_PAUSED = """
    (SELECT max(pause.ends_at) FROM bookings_sanction pause WHERE pause.institution_id = %(borrower)s::bigint
        AND pause.kind = 'pause' AND pause.lifted_at IS NULL)
"""
_UIDS, _IDS = "r.uid = ANY(%(keys)s::uuid[])", "r.id = ANY(%(keys)s::bigint[])"
_BY_UID = _SELECT.format(keys=_UIDS, asked="NULL", paused="NULL::timestamptz")
_BY_ID = _SELECT.format(keys=_IDS, asked="NULL", paused="NULL::timestamptz")
_TO_ASK = _SELECT.format(keys=_UIDS, asked=_ASKED, paused=_PAUSED)

_STATES = "SELECT id, state FROM sharing_resource WHERE id = ANY(%s::bigint[])"


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _facts(row: tuple[Any, ...]) -> ResourceFacts:
    leaves, periods, brought, texts, terms, weekly, days_off, asked, changed, needs = (
        json.loads(v) if isinstance(v, str) else v for v in row[18:28]
    )
    titles = {language: title for language, title, _original in texts or ()}
    original = next((language for language, _title, first in texts or () if first), "pl")
    always = row[12] == "always"
    off = [
        (DaysOff(date.fromisoformat(since), date.fromisoformat(until), reason), own)
        for since, until, reason, own in days_off or ()
    ]
    return ResourceFacts(
        id=row[0],
        uid=row[1],
        owner=row[2],
        owner_uid=row[3],
        owner_name=row[4],
        owner_state=row[5],
        kind=row[6],
        units=row[7],
        state=row[8],
        answering=row[9],
        handover=row[10],
        turnover_minutes=0
        if row[6] == "seated"
        else max([row[11], *(leaf[5] for leaf in leaves or ())]),
        hours_source=row[12],
        zone_name=row[13],
        category=row[14],
        needs=tuple(needs or ()),
        standing=row[15],
        shares=_shares(row, leaves or ()),
        periods=tuple(
            Share(
                capacity,
                row[0],
                mode,
                size,
                span=Span(datetime.fromisoformat(start), datetime.fromisoformat(end)),
                session=session,
            )
            for capacity, mode, size, start, end, session in periods or ()
        ),
        comes_with=tuple(Brought(UUID(uid), units) for uid, units in brought or ()),
        titles=titles,
        original=original,
        terms=tuple(Terms(*fields) for fields in terms or ()),
        weekly=tuple(
            WeeklyRow(weekday, opens, closes, _day(since), _day(until))
            for weekday, opens, closes, since, until in weekly or ()
        ),
        days_off=tuple(one for one, own in off if own or not always),
        owner_off=tuple(one for one, own in off if always and not own),
        asked_before=tuple(
            AskedBefore(
                UUID(booking),
                Span(datetime.fromisoformat(start), datetime.fromisoformat(end)),
                units,
            )
            for booking, start, end, units in asked or ()
        ),
        changed=_changed(changed) if changed else (),
        asker_paused_until=row[28],
    )


def _shares(row: tuple[Any, ...], leaves: Sequence[Sequence[Any]]) -> tuple[Share, ...]:
    """Of a whole those of its leaves, else its own; what is booked by sessions alone has none."""
    if leaves:
        return tuple(Share(*leaf[:5]) for leaf in leaves)
    capacity, mode, size = row[15:18]
    return (Share(capacity, row[0], mode, size),) if capacity is not None else ()


def _changed(rows: list[tuple[str, bool, int, int]]) -> tuple[ChangedDay, ...]:
    """By day; on a day on which the resource has changed hours of its own, the house's do not count."""
    own = {on for on, of_resource, _opens, _closes in rows if of_resource}
    days: dict[str, list[tuple[int, int]]] = {}
    for on, of_resource, opens, closes in rows:
        if of_resource or on not in own:
            days.setdefault(on, []).append((opens, closes))
    return tuple(ChangedDay(date.fromisoformat(on), tuple(times)) for on, times in days.items())


def facts_by_uid(uids: Collection[UUID], *, since: date, until: date) -> dict[UUID, ResourceFacts]:
    """Facts of resources by public id; days off and changed hours of `since` .. `until` (exclusive).

    Missing ones are left out.
    Not gated: callers ask `seen_by(viewer)` before they tell anybody anything.
    """
    with prepared(_BY_UID, {"keys": list(uids), "since": since, "until": until}) as cursor:
        return {row[1]: _facts(row) for row in cursor.fetchall()}


def facts_to_ask(
    uids: Collection[UUID],
    *,
    since: date,
    until: date,
    borrower: int | None,
    starts: Collection[datetime],
) -> dict[UUID, ResourceFacts]:
    """As `facts_by_uid`, with what `borrower` (database id) has asked already of uses that begin at `starts`.

    Until when its asking is paused is read along; without a `borrower` neither is.
    """
    if borrower is None:
        return facts_by_uid(uids, since=since, until=until)
    parameters = {
        "keys": list(uids),
        "since": since,
        "until": until,
        "borrower": borrower,
        "starts": sorted(set(starts)),
        "asked": sorted(ASKED_OR_MORE),
    }
    with prepared(_TO_ASK, parameters) as cursor:
        return {row[1]: _facts(row) for row in cursor.fetchall()}


def facts_by_id(ids: Collection[int], *, since: date, until: date) -> dict[int, ResourceFacts]:
    """The same by database id."""
    with prepared(_BY_ID, {"keys": list(ids), "since": since, "until": until}) as cursor:
        return {row[0]: _facts(row) for row in cursor.fetchall()}


def states_now(ids: Collection[int]) -> dict[int, str]:
    """The states of resources by database id, as they are at this moment."""
    with prepared(_STATES, [list(ids)]) as cursor:
        return dict(cursor.fetchall())
