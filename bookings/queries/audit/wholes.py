"""Capacities and their resources; wholes and their parts."""

from __future__ import annotations

from .checks import Check

# What is used one at a time has one, what has parts none, everything else as many as its listing says.
_SIZES = """
SELECT 'resource', resource.uid, format('there should be %%s of it, its capacity has %%s', there.amount,
    coalesce(capacity.size::text, 'no size'))
FROM sharing_resource AS resource
CROSS JOIN LATERAL (SELECT CASE
    WHEN EXISTS (SELECT FROM sharing_resourcepart AS part WHERE part.whole_id = resource.id) THEN 0
    WHEN resource.kind = 'metered' THEN 1 ELSE resource.units END AS amount) AS there
LEFT JOIN bookings_capacity AS capacity ON capacity.resource_id = resource.id AND capacity.span IS NULL
    AND capacity.mode = standing_mode(resource.kind)
WHERE standing_mode(resource.kind) IS NOT NULL AND capacity.size IS DISTINCT FROM there.amount
UNION ALL
SELECT 'resource', resource.uid, format('it is counted in another way besides (capacity %%s, %%s of %%s)', capacity.id,
    capacity.mode, capacity.size)
FROM bookings_capacity AS capacity JOIN sharing_resource AS resource ON resource.id = capacity.resource_id
WHERE capacity.size > 0 AND CASE WHEN capacity.span IS NULL
    THEN capacity.mode IS DISTINCT FROM standing_mode(resource.kind)
    ELSE (capacity.mode, resource.kind) NOT IN (('peak', 'seated'), ('total', 'metered')) END
"""

_WHOLE_TIME = """
SELECT 'resource', whole.uid, format('it has parts, and claim %%s of its own at %%s', claim.id, claim.span)
FROM bookings_claim AS claim JOIN bookings_capacity AS capacity ON capacity.id = claim.capacity_id
JOIN sharing_resource AS whole ON whole.id = capacity.resource_id
WHERE EXISTS (SELECT FROM sharing_resourcepart AS part WHERE part.whole_id = whole.id)
    AND upper(claim.span) > capacity.size_from
UNION ALL
SELECT 'resource', whole.uid, format('it has parts, but its time ends only at %%s',
    capacity.size_from AT TIME ZONE 'UTC')
FROM bookings_capacity AS capacity JOIN sharing_resource AS whole ON whole.id = capacity.resource_id
WHERE capacity.size_from > %(since)s
    AND EXISTS (SELECT FROM sharing_resourcepart AS part WHERE part.whole_id = whole.id)
"""

_PARTS = """
SELECT 'resource', whole.uid, format('resource %%s cannot be a part of it', part.uid)
FROM sharing_resourcepart AS row JOIN sharing_resource AS whole ON whole.id = row.whole_id
JOIN sharing_resource AS part ON part.id = row.part_id
WHERE whole.owner_id <> part.owner_id OR whole.kind <> 'exclusive' OR part.kind NOT IN ('exclusive', 'pooled')
UNION ALL
SELECT 'resource', whole.uid, format('%%s of resource %%s belong to it, and there are %%s', row.units, part.uid,
    part.units)
FROM sharing_resourcepart AS row JOIN sharing_resource AS whole ON whole.id = row.whole_id
JOIN sharing_resource AS part ON part.id = row.part_id WHERE row.units > part.units
"""

_CIRCLES = """
WITH RECURSIVE below (whole_id, part_id) AS (
    SELECT whole_id, part_id FROM sharing_resourcepart
    UNION
    SELECT below.whole_id, row.part_id FROM below JOIN sharing_resourcepart AS row ON row.whole_id = below.part_id
)
SELECT 'resource', resource.uid, 'it is a part of itself' FROM below JOIN sharing_resource AS resource
    ON resource.id = below.whole_id WHERE below.whole_id = below.part_id
"""

_TWICE = """
SELECT 'resource', whole.uid, format('it takes %%s of resource %%s, of which there are %%s', leaf.units, part.uid,
    capacity.size)
FROM (SELECT DISTINCT whole_id AS id FROM sharing_resourcepart) AS composed
JOIN sharing_resource AS whole ON whole.id = composed.id
CROSS JOIN LATERAL resource_leaves(whole.id) AS leaf
JOIN bookings_capacity AS capacity ON capacity.id = leaf.capacity_id
JOIN sharing_resource AS part ON part.id = capacity.resource_id
WHERE leaf.units > capacity.size
"""

CHECKS = (
    Check("sizes", _SIZES),
    Check("whole_has_time", _WHOLE_TIME),
    Check("parts", _PARTS),
    Check("parts_in_a_circle", _CIRCLES),
    Check("part_twice", _TWICE),
)
