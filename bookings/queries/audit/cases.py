"""Cases: a line is in dispute exactly while a case of it is under way, and what was decided is written down whole."""

from __future__ import annotations

from .checks import Check

_WITHOUT = """
SELECT 'line', line.uid, 'in dispute, but no case of it is under way'
FROM bookings_line AS line WHERE line.state = %(disputed)s AND NOT EXISTS (
    SELECT FROM bookings_case AS one WHERE one.line_id = line.id AND one.state = ANY(%(under_way)s))
"""

_BESIDE = """
SELECT 'line', line.uid, format('%%s, but a case of it is %%s', line.state, one.state)
FROM bookings_case AS one JOIN bookings_line AS line ON line.id = one.line_id
WHERE one.state = ANY(%(under_way)s) AND line.state <> %(disputed)s
"""

_OTHERS = """
SELECT 'line', line.uid, 'its case has other sides than itself'
FROM bookings_case AS one JOIN bookings_line AS line ON line.id = one.line_id
WHERE (one.lender_id, one.borrower_id) IS DISTINCT FROM (line.lender_id, line.borrower_id)
"""

_FOLLOWED = """
SELECT 'line', line.uid, format('decided as %%s, but %%s warnings and pauses follow', one.outcome, count(follows.id))
FROM bookings_case AS one JOIN bookings_line AS line ON line.id = one.line_id
LEFT JOIN bookings_sanction AS follows ON follows.case_id = one.id
    AND follows.kind = one.outcome AND follows.institution_id = one.outcome_for_id
WHERE one.state = 'decided' GROUP BY one.id, line.uid
HAVING count(follows.id) <> (one.outcome = ANY(%(lasting)s))::int
"""

CHECKS = (
    Check("case_line", _WITHOUT),
    Check("case_line", _BESIDE),
    Check("case_line", _OTHERS),
    Check("case_follows", _FOLLOWED),
)
