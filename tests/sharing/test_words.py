"""Words are folded, stemmed and sorted the same whatever the database's locale."""

from __future__ import annotations

import pytest

from sharing import words


@pytest.mark.parametrize(
    ("given", "plain"),
    [
        ("Łódź", "lodz"),
        ("straße", "strasse"),
        ("ЇЖАК", "izhak"),
        ("Ænima", "aenima"),
        ("żółw", "zolw"),
    ],
)
def test_folded(given: str, plain: str) -> None:
    assert words.folded(given) == plain


def test_forms_of_a_polish_word_meet_with_and_without_accents() -> None:
    assert words.stems("rzutników", "pl") & words.stems("rzutnik", "pl")
    assert words.stems("krzesła", "pl") & words.stems("krzesło", "pl")
    assert words.folded("krzesła") == "krzesla"


def test_document_is_plain_text_with_places_and_weights() -> None:
    made = words.document(
        [words.Passage("Sale 2", "pl", "A"), words.Passage("O'Hara sal", "pl", "B")]
    )
    assert made == "'2':2A 'ohar':3B 'ohara':3B 'sal':1A,4B 'sale':1A"


def test_signs_never_reach_a_query() -> None:
    assert words.wanted("!!! ' \\ & | :* <->") == []
    found = words.wanted("a'b\\c | d:*")
    assert [word.plain for word in found] == ["ab", "c", "d"]
    assert len(words.wanted(" ".join(f"word{n}" for n in range(50)))) == words.MOST_QUERY_WORDS


def test_polish_order() -> None:
    titles = ["Zamość", "Łódź", "Świdnica", "Lublin", "Ćma", "Cma", "Filia 12", "Filia 2", "Äpfel",
              "Київ", "Ala", "Sala B", "Sal", "Sala"]  # fmt: skip
    assert sorted(titles, key=words.sort_key) == [
        "Ala", "Äpfel", "Cma", "Ćma", "Filia 2", "Filia 12", "Lublin", "Łódź", "Sal", "Sala", "Sala B",
        "Świdnica", "Zamość", "Київ",
    ]  # fmt: skip


def test_a_key_fits_its_column_and_is_plain() -> None:
    key = words.sort_key("Ż文化交流会" * 80)
    assert len(key) == 250
    assert key.isascii()
    assert key.isalnum()
