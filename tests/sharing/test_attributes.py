"""What is said of a thing is held to its definitions."""

from __future__ import annotations

import pytest

from sharing.attributes import still_defined, validated
from sharing.models import AttributeDefinition

PEOPLE = AttributeDefinition(code="people", kind="number", minimum=1, maximum=500)
POWER = AttributeDefinition(code="power", kind="choice", choices=[{"code": "32a", "label": {}}])
LIFT = AttributeDefinition(code="lift", kind="yes_no")
MAKER = AttributeDefinition(code="maker", kind="text")
ALL = [PEOPLE, POWER, LIFT, MAKER]


def test_values_are_made_clean() -> None:
    values, errors = validated(
        {"people": "1 20", "power": "32a", "lift": "no", "maker": " Yamaha  C3 "}, ALL
    )
    assert errors == {}
    assert values == {"people": 120, "power": "32a", "lift": False, "maker": "Yamaha C3"}


def test_unknown_is_missing_never_yes_or_no() -> None:
    assert validated({"people": "", "lift": None, "power": ""}, ALL) == ({}, {})


@pytest.mark.parametrize(
    ("code", "value"),
    [
        ("people", "0"), ("people", "501"), ("people", "1_0"), ("people", "２０"), ("people", "nan"),
        ("people", "inf"), ("people", "1e999"), ("people", True), ("people", [1]), ("power", "63a"),
        ("power", ["32a"]), ("lift", "maybe"), ("maker", "a\x00"), ("maker", "x" * 301), ("stairs", "1"),
    ],
)  # fmt: skip
def test_refused_with_a_sentence(code: str, value: object) -> None:
    values, errors = validated({code: value}, ALL)
    assert values == {}
    assert list(errors) == [f"attributes.{code}"]
    assert str(errors[f"attributes.{code}"])


def test_decimal_comma() -> None:
    height = AttributeDefinition(code="clear-height", kind="number", minimum=1, maximum=60)
    assert validated({"clear-height": "4,2"}, [height])[0] == {"clear-height": 4.2}


def test_a_move_keeps_what_may_still_be_said() -> None:
    assert still_defined({"people": 3, "lift": True}, [LIFT]) == {"lift": True}
