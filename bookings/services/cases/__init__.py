"""Something was wrong: said first to the other side, and only then, if one of the two wishes, to a moderator.

It begins with a complaint, which is an action on a line (`actions.act`). Who may do what and when stands in
`permissions.case_actions`, where a case goes in `case_steps`.
"""

from .clock import lapse_case, tell_unanswered
from .deciding import answer_objection, decide_case, object_to, read_case
from .talking import answer_case, bring_case, settle_case

__all__ = [
    "answer_case",
    "answer_objection",
    "bring_case",
    "decide_case",
    "lapse_case",
    "object_to",
    "read_case",
    "settle_case",
    "tell_unanswered",
]
