"""Offers: what an open one proposes is claimed, net of what its line holds; a decided one claims nothing."""

from __future__ import annotations

from .checks import Check
from .takes import of_offers

# Instant by instant; what is used up is counted as a sum, so all of it is laid over the time of the offer. What who
# asked proposes claims all or nothing. A line that ran out, was hit or is late since holds other time than it did then.
_SWEPT = """
, part AS (
    SELECT id, capacity_id, starts, ends, units AS asked, 0::bigint AS held, 0::bigint AS claimed, fixed FROM takes
    UNION ALL
    SELECT id, capacity_id, starts, ends, 0, 0, units, fixed FROM has
    UNION ALL
    SELECT use.id, claim.capacity_id, greatest(lower(claim.span), %(since)s), upper(claim.span), 0, claim.units, 0,
        claim.mode = 'total' OR capacity.span IS NOT NULL
    FROM use JOIN bookings_claim AS claim ON claim.line_id = use.line_id
    JOIN bookings_capacity AS capacity ON capacity.id = claim.capacity_id
    WHERE claim.mode = 'total' OR capacity.span IS NOT NULL OR upper(claim.span) > %(since)s
), step AS (
    SELECT part.id, part.capacity_id, step.at, step.sign * part.asked AS asked, step.sign * part.held AS held,
        step.sign * part.claimed AS claimed
    FROM part JOIN use USING (id) CROSS JOIN LATERAL (VALUES
        (CASE WHEN part.fixed THEN use.starts ELSE part.starts END, 1),
        (CASE WHEN part.fixed THEN use.ends ELSE part.ends END, -1)) AS step (at, sign)
), summed AS (
    SELECT id, capacity_id, at, sum(sum(asked)) OVER sweep AS asked, sum(sum(held)) OVER sweep AS held,
        sum(sum(claimed)) OVER sweep AS claimed
    FROM step GROUP BY id, capacity_id, at WINDOW sweep AS (PARTITION BY id, capacity_id ORDER BY at)
)
"""

_NET = """
SELECT 'offer', use.uid, format('%%s of capacity %%s at %%s, of which its line has %%s, and it claims %%s',
    summed.asked, coalesce(summed.capacity_id::text, '(none)'), summed.at AT TIME ZONE 'UTC', summed.held,
    summed.claimed)
FROM summed JOIN use USING (id)
WHERE summed.claimed > summed.asked OR (summed.claimed <> greatest(summed.asked - summed.held, 0)
    AND (use.by_owner OR EXISTS (SELECT FROM has WHERE has.id = use.id))
    AND (use.line_state IS NULL OR NOT use.line_state = ANY(%(moved)s)))
"""

_DECIDED = """
SELECT 'offer', offer.uid, format('%%s, but it has %%s claims', offer.state, count(*))
FROM bookings_claim AS claim JOIN bookings_offer AS offer ON offer.id = claim.offer_id
WHERE offer.state <> %(open)s GROUP BY offer.uid, offer.state
"""

_EXPIRY = """
SELECT 'offer', offer.uid, format('it ends %%s, its claim %%s', offer.expires_at AT TIME ZONE 'UTC',
    claim.expires_at AT TIME ZONE 'UTC')
FROM bookings_claim AS claim JOIN bookings_offer AS offer ON offer.id = claim.offer_id
WHERE claim.expires_at IS DISTINCT FROM offer.expires_at
"""

_CAUSES = """
SELECT 'resource', resource.uid, format('claim %%s of capacity %%s is said to be caused by a %%s', claim.id,
    claim.capacity_id, claim.cause)
FROM bookings_claim AS claim JOIN bookings_capacity AS capacity ON capacity.id = claim.capacity_id
JOIN sharing_resource AS resource ON resource.id = capacity.resource_id
WHERE num_nonnulls(claim.line_id, claim.offer_id, claim.block_id) <> 1 OR CASE claim.cause
    WHEN 'line' THEN claim.line_id WHEN 'offer' THEN claim.offer_id WHEN 'block' THEN claim.block_id END IS NULL
"""

CHECKS = (
    Check("offer_claims", _NET, of_offers() + _SWEPT),
    Check("offer_claims", _DECIDED),
    Check("offer_expiry", _EXPIRY),
    Check("claim_cause", _CAUSES),
)
