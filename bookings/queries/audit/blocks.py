"""Blocks: their claims lie inside them, and at every instant they have as much as fits (decision 0025)."""

from __future__ import annotations

from .checks import Check

# What each block would have, as `filling` has it: of a session all seats, of what is used up all the time alike.
_WANTS = """
WITH wants AS MATERIALIZED (
    SELECT block.id AS block_id, block.uid, capacity.id AS capacity_id, capacity.mode, capacity.size,
        block.units * leaf.units AS units, greatest(block.starts_at, %(since)s) AS starts, block.ends_at AS ends
    FROM bookings_block AS block CROSS JOIN LATERAL resource_leaves(block.resource_id) AS leaf
    JOIN bookings_capacity AS capacity ON capacity.id = leaf.capacity_id
    WHERE block.ends_at > %(since)s
    UNION ALL
    SELECT block.id, block.uid, session.id, session.mode, session.size, session.size, lower(session.span),
        upper(session.span)
    FROM bookings_block AS block JOIN sharing_resource AS resource ON resource.id = block.resource_id
    JOIN bookings_capacity AS session ON session.resource_id = block.resource_id AND session.mode = 'peak'
        AND session.span && tstzrange(block.starts_at, block.ends_at)
    WHERE resource.kind = 'seated' AND session.size > 0 AND upper(session.span) > %(since)s
)
"""

_SWEPT = """
, step AS (
    SELECT block_id, capacity_id, starts AS at, 0::bigint AS load, 0::bigint AS own FROM wants
    UNION ALL
    SELECT wants.block_id, wants.capacity_id, step.at, step.sign * claim.units,
        CASE WHEN claim.block_id = wants.block_id THEN step.sign * claim.units ELSE 0 END
    FROM wants JOIN bookings_claim AS claim ON claim.capacity_id = wants.capacity_id
        AND (claim.mode = 'total' OR claim.span && tstzrange(wants.starts, wants.ends))
    CROSS JOIN LATERAL (VALUES
        (CASE WHEN claim.mode = 'total' AND claim.block_id IS DISTINCT FROM wants.block_id THEN wants.starts
            ELSE greatest(lower(claim.span), wants.starts) END, 1),
        (CASE WHEN claim.mode = 'total' AND claim.block_id IS DISTINCT FROM wants.block_id THEN wants.ends
            ELSE least(upper(claim.span), wants.ends) END, -1)) AS step (at, sign)
), summed AS (
    SELECT block_id, capacity_id, at, sum(sum(load)) OVER sweep AS load, sum(sum(own)) OVER sweep AS own,
        lead(at) OVER sweep AS until
    FROM step GROUP BY block_id, capacity_id, at WINDOW sweep AS (PARTITION BY block_id, capacity_id ORDER BY at)
)
"""

_AS_MUCH_AS_FITS = """
SELECT 'block', wants.uid, format('has %%s of capacity %%s at %%s, where it would have %%s and %%s of %%s are taken',
    summed.own, wants.capacity_id, summed.at AT TIME ZONE 'UTC', wants.units, summed.load, wants.size)
FROM summed JOIN wants USING (block_id, capacity_id)
WHERE coalesce(summed.until, wants.ends) > summed.at AND summed.at < wants.ends
    AND (summed.own > wants.units OR (summed.own < wants.units AND summed.load < wants.size))
"""

_OUTSIDE = """
SELECT 'block', block.uid, format('claim %%s of capacity %%s at %%s is not its', claim.id, claim.capacity_id,
    claim.span)
FROM bookings_claim AS claim JOIN bookings_block AS block ON block.id = claim.block_id
JOIN bookings_capacity AS capacity ON capacity.id = claim.capacity_id
WHERE CASE WHEN capacity.span IS NULL THEN NOT claim.span <@ tstzrange(block.starts_at, block.ends_at)
        ELSE NOT capacity.span && tstzrange(block.starts_at, block.ends_at) END
    OR (upper(claim.span) > %(since)s AND (claim.block_id, claim.capacity_id)
        NOT IN (SELECT block_id, capacity_id FROM wants))
"""

CHECKS = (
    Check("block_claims", _AS_MUCH_AS_FITS, _WANTS + _SWEPT),
    Check("block_claims", _OUTSIDE, _WANTS),
)
