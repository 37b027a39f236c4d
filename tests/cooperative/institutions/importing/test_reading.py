"""Reading a list: encodings, columns, quotes; each mistake is one sentence."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from cooperative.institutions.importing.reading import (
    COLUMNS,
    MOST_ROWS,
    UnreadableList,
    decode,
    read_file,
    read_rows,
)

HEADER = ",".join(COLUMNS)
ROW = "1,Klub Żółw,,Długa,1,,Śródmieście,p,d,m,,,,,"


def test_a_list_is_rows_with_their_lines() -> None:
    two = '2,"Dom\nSztuki",,,,,,,,,,,,,'
    raw = read_rows(f"{HEADER}\n{ROW}\n\n{two}\n")
    assert [(row.line, row.values["nazwa"], row.broken) for row in raw.rows] == [
        (2, "Klub Żółw", ""),
        (5, "Dom\nSztuki", ""),
    ]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_separator_is_found(delimiter: str) -> None:
    raw = read_rows(f"{HEADER}\n{ROW}".replace(",", delimiter))
    assert raw.rows[0].values["ulica"] == "Długa"


def test_columns_may_stand_in_any_order_and_more_may_be_there() -> None:
    raw = read_rows(f"Extra,{HEADER.upper()}\nx,{ROW}")
    assert (raw.unknown_columns, raw.rows[0].values["id"]) == (("extra",), "1")


def test_a_row_that_lost_a_quote_is_broken_alone() -> None:
    raw = read_rows(f"{HEADER}\n{ROW}\n2,Short\n3{ROW[1:]}")
    assert [bool(row.broken) for row in raw.rows] == [False, True, False]
    assert "2 values where the header has 15" in raw.rows[1].broken


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "The file is empty."),
        (" \n ", "The file is empty."),
        (HEADER, "The list has a header and no rows."),
        ("a,b\n1,2", "These columns are missing: id, nazwa,"),
        (HEADER.replace("adresat", "odbiorca") + f"\n{ROW}", "columns are missing: adresat."),
        (f"{HEADER},id\n{ROW},1", "These columns stand there twice: id."),
        (f'{HEADER}\n1,"open', "Quotes or separators are wrong in line 2"),
        (f'{HEADER}\n1,"a"b",', "Quotes or separators are wrong in line 2"),
        (f"{HEADER}\n1,{'x' * 200_000}", "Quotes or separators are wrong in line 2"),
        ("\n".join([HEADER, *[ROW] * (MOST_ROWS + 1)]), f"more than {MOST_ROWS} rows"),
    ],
)
def test_what_is_no_list_is_said_in_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(UnreadableList, match=sentence) as said:
        read_rows(text)
    assert "\n" not in str(said.value)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1250", "iso-8859-2", "utf-16"])
def test_the_right_encoding_reads(encoding: str) -> None:
    assert decode(ROW.encode(encoding), encoding=encoding) == ROW


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("cp1250", "utf-8"),
        ("iso-8859-2", "utf-8"),
        ("utf-8", "cp1250"),
        ("utf-8", "iso-8859-2"),
        ("utf-8", "latin-1"),
        ("cp1250", "iso-8859-2"),
        ("iso-8859-2", "cp1250"),
        ("utf-16", "utf-8"),
        ("utf-16-le", "cp1250"),
        ("utf-8", "klingon"),
        ("utf-8", "base64"),
    ],
)
def test_the_wrong_encoding_is_found_out(written: str, read: str) -> None:
    text = "Gdańska Świątynia, Łaźnia, ślub i jaźń"
    with pytest.raises(UnreadableList, match=r"encoding|written in") as said:
        decode(text.encode(written), encoding=read)
    assert "\n" not in str(said.value)


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    large = tmp_path / "large.csv"
    with large.open("wb") as file:
        file.truncate(10_000_001)
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for path, sentence in (
        (tmp_path / "none.csv", "cannot be opened: No such file"),
        (tmp_path, "is not a file"),
        (pipe, "is not a file"),
        (large, "is larger than 10 MB"),
    ):
        with pytest.raises(UnreadableList, match=sentence):
            read_file(path)
