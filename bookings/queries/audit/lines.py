"""Lines against claims: who holds time holds exactly what the use takes, and nobody else holds any."""

from __future__ import annotations

from .checks import Check
from .takes import of_lines, told

_NOT_EXACT = """
SELECT 'line', use.uid, format('%%s, but it %%s', use.state,
    string_agg(CASE WHEN differs.n > 0 THEN 'lacks ' ELSE 'also has ' END || {differs}, ', '))
FROM (SELECT id, capacity_id, units, starts, ends, sum(n) AS n
    FROM (SELECT id, capacity_id, units, starts, ends, 1 AS n FROM takes
        UNION ALL SELECT id, capacity_id, units, starts, ends, -1 FROM has) AS each_
    GROUP BY id, capacity_id, units, starts, ends HAVING sum(n) <> 0) AS differs
JOIN use ON use.id = differs.id GROUP BY use.id, use.uid, use.state
"""

# What is not back is out for longer: to the first instant at which it no longer fits, a week ahead at most.
_LATE = """
SELECT 'line', use.uid, format('overdue, but it %%s', string_agg(wrong.said, ', ')) FROM (
    SELECT takes.id, 'lacks ' || {takes} AS said FROM takes
    WHERE NOT EXISTS (SELECT FROM has WHERE (has.id, has.capacity_id, has.units, has.starts)
        = (takes.id, takes.capacity_id, takes.units, takes.starts)
        AND CASE WHEN takes.fixed THEN has.ends = takes.ends ELSE has.ends >= takes.ends END)
    UNION ALL
    SELECT use.id, 'keeps nothing' FROM use
    WHERE NOT EXISTS (SELECT FROM bookings_claim WHERE line_id = use.id AND upper(span) >= use.claimed_until)
    UNION ALL
    SELECT has.id, 'also has ' || {has} FROM has JOIN use USING (id)
    WHERE CASE WHEN has.fixed
        THEN NOT EXISTS (SELECT FROM takes WHERE (takes.id, takes.capacity_id, takes.units, takes.ends)
            = (has.id, has.capacity_id, has.units, has.ends))
        ELSE has.ends > greatest(use.claimed_until, %(late)s)
            OR NOT EXISTS (SELECT FROM leaf WHERE (leaf.resource_id, leaf.capacity_id, leaf.units * use.units)
                = (use.resource_id, has.capacity_id, has.units)) END
) AS wrong JOIN use USING (id) GROUP BY use.id, use.uid
"""

# What is over keeps its past; of the time to come it has at most what it took.
_OVER = """
SELECT 'line', use.uid, format('%%s, but it still has %%s', use.state, {has})
FROM has JOIN use USING (id)
WHERE NOT EXISTS (SELECT FROM takes WHERE (takes.id, takes.capacity_id, takes.units)
    = (has.id, has.capacity_id, has.units) AND takes.starts <= has.starts AND takes.ends >= has.ends)
"""

_USED_UP = """
SELECT 'line', use.uid, format('%%s, but it lacks %%s', use.state, {takes}) FROM takes JOIN use USING (id)
WHERE takes.fixed AND NOT EXISTS (SELECT FROM has
    WHERE (has.id, has.capacity_id, has.units, has.starts, has.ends)
        = (takes.id, takes.capacity_id, takes.units, takes.starts, takes.ends))
"""

_NEVER = """
SELECT 'line', line.uid, format('%%s, but it has %%s claims', line.state, count(*))
FROM bookings_claim AS claim JOIN bookings_line AS line ON line.id = claim.line_id
WHERE line.state = ANY(%(never)s) GROUP BY line.uid, line.state
"""

# Ended at the minute, whatever was agreed; a session is one time, and what was used up is not given back.
_ENDED = """
SELECT 'line', line.uid, format('%%s since %%s, but it has time until %%s', line.state,
    line.state_since AT TIME ZONE 'UTC', max(upper(claim.span)) AT TIME ZONE 'UTC')
FROM bookings_claim AS claim JOIN bookings_line AS line ON line.id = claim.line_id
JOIN bookings_capacity AS capacity ON capacity.id = claim.capacity_id
WHERE line.state = ANY(%(ended)s) AND claim.mode <> 'total' AND capacity.span IS NULL
    AND upper(claim.span) > line.state_since
GROUP BY line.uid, line.state, line.state_since
"""

_MINUTES = """
SELECT 'line', line.uid, format('uses %%s minutes, but has %%s in its months', minutes, counted) FROM (
    SELECT line.id, extract(epoch FROM line.use_ends_at - line.use_starts_at) / 60 AS minutes,
        coalesce(sum(claim.units) FILTER (WHERE claim.mode = 'total'), 0) AS counted
    FROM bookings_line AS line JOIN sharing_resource AS resource ON resource.id = line.resource_id
    LEFT JOIN bookings_claim AS claim ON claim.line_id = line.id
    WHERE resource.kind = 'metered' AND (line.state = ANY(%(exact)s) OR line.state = ANY(%(late_states)s)
        OR line.state = ANY(%(used_up)s)) GROUP BY line.id
) AS metered JOIN bookings_line AS line USING (id) WHERE minutes <> counted
"""

_HOLDS = """
SELECT 'line', uid, format('%%s, and its hold ends %%s', state,
    coalesce((expires_at AT TIME ZONE 'UTC')::text, 'never'))
FROM bookings_line WHERE (state = ANY(%(holds)s)) <> (expires_at IS NOT NULL)
UNION ALL
SELECT 'line', line.uid, format('its hold ends %%s, that of its claim %%s', line.expires_at AT TIME ZONE 'UTC',
    claim.expires_at AT TIME ZONE 'UTC')
FROM bookings_claim AS claim JOIN bookings_line AS line ON line.id = claim.line_id
WHERE claim.expires_at IS DISTINCT FROM line.expires_at
"""

_SESSIONS = """
SELECT 'line', line.uid, format('is at %%s, its session at %%s', tstzrange(line.use_starts_at, line.use_ends_at),
    capacity.span)
FROM bookings_line AS line JOIN bookings_seatedsession AS session ON session.id = line.session_id
JOIN bookings_capacity AS capacity ON capacity.id = session.capacity_id
WHERE line.state = ANY(%(exact)s) AND (capacity.resource_id <> line.resource_id
    OR capacity.span <> tstzrange(line.use_starts_at, line.use_ends_at))
"""


def _takes(statement: str, states: str) -> Check:
    """A check of what lines in `states` (a parameter) take and have, with rows told in words."""
    rows = {row: told(row) for row in ("takes", "has", "differs")}
    return Check("line_claims", statement.format(**rows), of_lines(states))


CHECKS = (
    _takes(_NOT_EXACT, "exact"),
    _takes(_LATE, "late_states"),
    _takes(_OVER, "over"),
    Check("line_claims", _NEVER),
    Check("line_claims", _ENDED),
    _takes(_USED_UP, "used_up"),
    Check("line_claims", _MINUTES),
    Check("line_expiry", _HOLDS),
    Check("line_session", _SESSIONS),
)
