"""What members write is tidied, and what nobody types on purpose is refused."""

from __future__ import annotations

import pytest

from cooperative import text
from cooperative.errors import Invalid


def test_a_line_is_composed_and_its_spaces_made_one() -> None:
    assert text.line("  Lo\u0301d\u017a \n\t Sala\u00a02  ") == "Lód\u017a Sala 2"


def test_prose_keeps_its_lines() -> None:
    assert text.prose("a  b\r\nc\r\n\r\n\r\n\r\n\r\nd \n") == "a b\nc\n\n\nd"


def test_control_characters_go_and_joiners_stay() -> None:
    assert text.line("a\x07b\u200b\ufeffc") == "abc"
    assert text.line("नि\u200dक") == "नि\u200dक"


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ("a\x00b", "text_nul"),
        ("a\ud800b", "text_broken"),
        ("abc\u202edef", "text_direction_override"),
        ("\u2066x", "text_direction_override"),
        ("\u200d\u200d", "text_invisible"),
        ("x" * 201, "text_too_long"),
        ("x" * 10_000_000, "text_too_long"),
    ],
)
def test_a_line_refuses(given: str, code: str) -> None:
    with pytest.raises(text.Unreadable) as refused:
        text.line(given)
    assert refused.value.code == code
    assert str(refused.value.sentence)


@pytest.mark.parametrize("given", ["", "  ", "\u200b", "\ufeff\n"])
def test_what_is_required_must_be_there(given: str) -> None:
    assert text.line(given) == ""
    with pytest.raises(text.Unreadable) as refused:
        text.line(given, required=True)
    assert refused.value.code == "text_required"


def test_prose_drops_direction_marks() -> None:
    assert text.prose("abc\u202edef") == "abcdef"


def test_other_scripts_and_emoji_are_left_alone() -> None:
    for name in ("Центр «Світанок»", "文化交流会", "Zażółć gęślą jaźń", "Święto 🎭"):
        assert text.line(name) == name


def test_fields_collect_all_that_is_wrong() -> None:
    fields = text.Fields("texts.0.")
    assert fields.line("title", "a\x00") == ""
    fields.prose("body", "x" * 30_000)
    fields.wrong("title", "said second")
    with pytest.raises(Invalid) as refused:
        fields.check()
    assert set(refused.value.errors) == {"texts.0.title", "texts.0.body"}
    assert "NUL" in str(refused.value.errors["texts.0.title"][0])


def test_nothing_wrong_passes() -> None:
    text.Fields().check()
