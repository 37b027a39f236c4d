"""What a use takes of each capacity, in SQL and for all at once, as `ResourceFacts.demands` has it for one."""

from __future__ import annotations

# A whole may be made of other parts by now, and what was claimed before that stays as it is: standing capacities are
# compared from `since` on. What is used up, and sessions, keep all (`fixed`). With the turnover that was agreed.
_TAKES = """
WITH use AS MATERIALIZED (
    SELECT given.*, resource.kind, CASE resource.kind WHEN 'seated' THEN given.ends
        ELSE greatest(given.ends, least(given.ends + given.turnover_minutes * interval '1 minute',
            timestamptz '2199-12-31 23:59:00+00')) END AS claimed_until
    FROM ({uses}) AS given JOIN sharing_resource AS resource ON resource.id = given.resource_id
), leaf AS MATERIALIZED (
    SELECT used.resource_id, leaf.capacity_id, leaf.units, capacity.mode
    FROM (SELECT DISTINCT resource_id FROM use) AS used CROSS JOIN LATERAL resource_leaves(used.resource_id) AS leaf
    JOIN bookings_capacity AS capacity ON capacity.id = leaf.capacity_id
), takes AS MATERIALIZED (
    SELECT use.id, leaf.capacity_id, (use.units * leaf.units)::bigint AS units, leaf.mode = 'total' AS fixed,
        CASE leaf.mode WHEN 'total' THEN use.starts ELSE greatest(use.starts, %(since)s) END AS starts,
        use.claimed_until AS ends
    FROM use JOIN leaf USING (resource_id) WHERE leaf.mode = 'total' OR use.claimed_until > %(since)s
    UNION ALL
    SELECT use.id, session.id, use.units, true, use.starts, use.ends
    FROM use LEFT JOIN bookings_capacity AS session ON session.resource_id = use.resource_id AND session.mode = 'peak'
        AND session.size > 0 AND session.span = tstzrange(use.starts, use.ends)
    WHERE use.kind = 'seated'
    UNION ALL
    SELECT use.id, month.id, (extract(epoch FROM month.ends - month.starts) / 60)::bigint, true, month.starts,
        month.ends
    FROM use CROSS JOIN LATERAL (
        SELECT month.id, greatest(use.starts, lower(month.span)) AS starts, least(use.ends, upper(month.span)) AS ends
        FROM bookings_capacity AS month WHERE month.resource_id = use.resource_id AND month.mode = 'total'
            AND month.span && tstzrange(use.starts, use.ends)) AS month
    WHERE use.kind = 'metered'
), has AS MATERIALIZED (
    SELECT use.id, claim.capacity_id, claim.units::bigint, claim.mode = 'total' OR capacity.span IS NOT NULL AS fixed,
        CASE WHEN claim.mode = 'total' OR capacity.span IS NOT NULL THEN lower(claim.span)
            ELSE greatest(lower(claim.span), %(since)s) END AS starts,
        upper(claim.span) AS ends
    FROM bookings_claim AS claim JOIN use ON use.id = claim.{cause}_id
    JOIN bookings_capacity AS capacity ON capacity.id = claim.capacity_id
    WHERE claim.mode = 'total' OR capacity.span IS NOT NULL OR upper(claim.span) > %(since)s
)
"""

_LINES = """
    SELECT id, uid, state, state_since, resource_id,
        units - coalesce((SELECT sum(rest.units) FROM bookings_line AS rest WHERE rest.rest_of_id = line.id), 0)
            AS units,
        use_starts_at AS starts, use_ends_at AS ends, turnover_minutes
    FROM bookings_line AS line WHERE state = ANY(%({states})s)
"""

_OFFERS = """
    SELECT offer.id, offer.uid, offer.line_id, line.state AS line_state,
        offer.offered_for_id = offer.lender_id AS by_owner, offer.units, offer.use_starts_at AS starts,
        offer.use_ends_at AS ends, offer.turnover_minutes,
        coalesce(offer.resource_id, line.resource_id) AS resource_id
    FROM bookings_offer AS offer LEFT JOIN bookings_line AS line ON line.id = offer.line_id
    WHERE offer.state = %(open)s AND offer.expires_at > %(now)s
"""


def of_lines(states: str) -> str:
    """Tables `use`, `leaf`, `takes`, `has` for the lines whose state is in the parameter `states`."""
    return _TAKES.format(uses=_LINES.format(states=states), cause="line")


def of_offers() -> str:
    """The same for open offers that have not run out."""
    return _TAKES.format(uses=_OFFERS, cause="offer")


def told(row: str) -> str:
    """A row of `takes` or `has` in words, as an expression."""
    return (
        f"format('%%s of capacity %%s from %%s until %%s', {row}.units, coalesce({row}.capacity_id::text, '(none)'),"
        f" {row}.starts AT TIME ZONE 'UTC', {row}.ends AT TIME ZONE 'UTC')"
    )
