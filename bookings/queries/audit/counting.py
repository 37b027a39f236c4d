"""The sweep line: at no instant is more claimed of a capacity than there is."""

from __future__ import annotations

from .checks import Check

# Ends come before starts at one instant, so the sum after an instant's last step is what holds until the next one.
# Before `size_from` another number held; of what is used one at a time there was never more than one.
_OVERSOLD = """
WITH step AS (
    SELECT capacity_id, lower(span) AS at, units::bigint AS delta FROM bookings_claim WHERE mode <> 'total'
    UNION ALL
    SELECT capacity_id, upper(span), -units::bigint FROM bookings_claim WHERE mode <> 'total'
), swept AS (
    SELECT capacity_id, at, sum(delta) OVER sweep AS load, lead(at) OVER (PARTITION BY capacity_id ORDER BY at, delta)
        AS until
    FROM step WINDOW sweep AS (PARTITION BY capacity_id ORDER BY at, delta ROWS UNBOUNDED PRECEDING)
)
SELECT 'resource', resource.uid, format('%%s of %%s taken at %%s (capacity %%s, %%s)', max(swept.load), capacity.size,
    min(swept.at) AT TIME ZONE 'UTC', capacity.id, capacity.mode)
FROM swept JOIN bookings_capacity AS capacity ON capacity.id = swept.capacity_id
JOIN sharing_resource AS resource ON resource.id = capacity.resource_id
WHERE swept.until > swept.at AND (
    (capacity.mode = 'exclusive' AND swept.load > 1)
    OR (swept.load > capacity.size AND (capacity.span IS NOT NULL OR swept.until > capacity.size_from)))
GROUP BY resource.uid, capacity.id
"""

_USED_UP = """
SELECT 'resource', resource.uid, format('%%s of %%s taken in all (capacity %%s)', sum(claim.units), capacity.size,
    capacity.id)
FROM bookings_claim AS claim JOIN bookings_capacity AS capacity ON capacity.id = claim.capacity_id
JOIN sharing_resource AS resource ON resource.id = capacity.resource_id
WHERE claim.mode = 'total'
GROUP BY resource.uid, capacity.id, capacity.size HAVING sum(claim.units) > capacity.size
"""

# Of a month an offer may take fewer minutes than it lasts: it is counted net of what its line has.
_OUT_OF_TIME = """
SELECT 'resource', resource.uid, format('claim %%s of %%s units at %%s does not agree with capacity %%s of %%s',
    claim.id, claim.units, claim.span, capacity.id, capacity.span)
FROM bookings_claim AS claim JOIN bookings_capacity AS capacity ON capacity.id = claim.capacity_id
JOIN sharing_resource AS resource ON resource.id = capacity.resource_id
CROSS JOIN LATERAL (SELECT extract(epoch FROM upper(claim.span) - lower(claim.span)) / 60 AS minutes) AS length
WHERE capacity.span IS NOT NULL AND (claim.mode <> capacity.mode OR CASE capacity.mode
    WHEN 'peak' THEN claim.span <> capacity.span
    ELSE NOT claim.span <@ capacity.span OR claim.units > minutes OR (claim.cause <> 'offer' AND claim.units < minutes)
    END)
"""

_SESSIONS = """
SELECT 'resource', resource.uid, format('session %%s is not at the time of its capacity %%s', session.uid, capacity.id)
FROM bookings_seatedsession AS session JOIN bookings_capacity AS capacity ON capacity.id = session.capacity_id
JOIN sharing_resource AS resource ON resource.id = session.resource_id
WHERE capacity.mode <> 'peak' OR capacity.resource_id <> session.resource_id
    OR capacity.span IS DISTINCT FROM tstzrange(session.starts_at, session.ends_at)
    OR (session.cancelled_at IS NULL AND capacity.size <> session.units)
    OR (session.cancelled_at IS NOT NULL AND capacity.size <> 0)
"""

CHECKS = (
    Check("oversold", _OVERSOLD),
    Check("oversold", _USED_UP),
    Check("claim_out_of_time", _OUT_OF_TIME),
    Check("session_disagrees", _SESSIONS),
)
