"""Cleaning values: what is put right, what is left out, what somebody should look at."""

from __future__ import annotations

import pytest

from cooperative.institutions.importing import access, audiences, places, spelling
from cooperative.institutions.importing.cleaning import CleanHouse, CleanList, clean_list
from cooperative.institutions.importing.reading import COLUMNS, RawRow
from cooperative.institutions.importing.remarks import Remarks
from cooperative.institutions.importing.umbrellas import Named, roofs


def rows(*given: dict[str, str]) -> list[RawRow]:
    empty = dict.fromkeys(COLUMNS, "")
    return [
        RawRow(line, {**empty, "id": str(line - 1), "nazwa": f"Dom {line}", "rodzaj": "p", **one})
        for line, one in enumerate(given, start=2)
    ]


def cleaned(*given: dict[str, str]) -> CleanList:
    return clean_list(rows(*given), city="Gdańsk", region="PL-22")


def one(**given: str) -> CleanHouse:
    return cleaned(given).houses[0]


ALL = ["children", "youth", "adults", "seniors"]


@pytest.mark.parametrize(
    ("written", "codes", "refused", "unsure"),
    [
        ("d, m, do, s", ALL, 0, 0),
        ("d; m; do; s", ALL, 0, 0),
        ("d , m , do , s", ALL, 0, 0),
        ("d,m,s,do", ALL, 0, 0),
        ("d,m,do,s,d", ALL, 0, 0),
        ("d, m, d, s", ALL, 0, 1),
        ("D;M;DO;S;", ALL, 0, 0),
        ("do ; s", ["adults", "seniors"], 0, 0),
        ("d", ["children"], 0, 0),
        ("zamknięty", [], 1, 0),
        ("d, x", ["children"], 1, 0),
        ("", [], 0, 0),
    ],
)
def test_one_list_of_audiences_in_many_spellings(
    written: str, codes: list[str], refused: int, unsure: int
) -> None:
    remarks = Remarks()
    assert audiences.served(written, remarks) == codes
    assert (len(remarks.refused), len(remarks.unsure)) == (refused, unsure)


@pytest.mark.parametrize(
    ("written", "facts"),
    [
        ("", {}),
        ("p", {"ramp": "yes"}),
        ("s ; w ; t", {"stair_lift": "yes", "lift": "yes", "accessible_toilet": "yes"}),
        ("w - winda; t-toaleta", {"lift": "yes", "accessible_toilet": "yes"}),
        ("s- platforma, w -winda", {"stair_lift": "yes", "lift": "yes"}),
        ("niedostępny", {"wheelchair": "no"}),
        ("brak dostępności", {"wheelchair": "no"}),
        ("brak", {"note": "brak"}),
        ("w sali", {"note": "w sali"}),
        (
            "t,p w sali, wejście parter",
            {
                "accessible_toilet": "yes",
                "ramp": "yes",
                "step_free_entrance": "yes",
                "note": "t,p w sali, wejście parter",
            },
        ),
        (
            "brak możliwosci wprowadzenia podnośnika lub windy",
            {"lift": "no", "note": "brak możliwosci wprowadzenia podnośnika lub windy"},
        ),
        (
            "toaleta nie dostosowana do potrzeb",
            {"accessible_toilet": "no", "note": "toaleta nie dostosowana do potrzeb"},
        ),
        (
            "przy wejściu głównym do pokonania stopień, wejście boczne na poziomie terenu",
            {
                "note": "przy wejściu głównym do pokonania stopień, wejście boczne na poziomie terenu"
            },
        ),
        ("zapraszamy wszystkich", {"note": "zapraszamy wszystkich"}),
    ],
)
def test_words_about_access_become_facts_and_a_note(written: str, facts: dict[str, str]) -> None:
    assert access.facts(written, Remarks()) == facts


def test_a_fact_said_both_ways_is_unknown_and_said() -> None:
    remarks = Remarks()
    assert "lift" not in access.facts("w, brak windy", remarks)
    assert remarks.unsure == ["niepelnospr: lift is said both ways; left unknown"]


@pytest.mark.parametrize(
    ("x", "y", "place"),
    [
        # Długi Targ in Gdańsk, to the metre.
        ("6542525,07", "6024453,08", (54.348615, 18.654019)),
        ("6542525.07", "6024453.08", (54.348615, 18.654019)),
        ("6 542 525,07", "6024453,08", (54.348615, 18.654019)),
        ("6024453,08", "6542525,07", (54.348615, 18.654019)),
        ("", "", None),
        ("NULL", "NULL", None),
        ("6542525,07", "", None),
        ("18,65", "54,35", None),
        ("٦٥٤٢٥٢٥", "6024453", None),
        ("1e99", "inf", None),
    ],
)
def test_metres_of_the_national_grid_become_degrees(
    x: str, y: str, place: tuple[float, float] | None
) -> None:
    assert places.coordinates(x, y, Remarks()) == place


def test_a_place_left_out_is_said_and_an_empty_one_not() -> None:
    said, silent = Remarks(), Remarks()
    places.coordinates("18,65", "54,35", said)
    places.coordinates(" ", "NULL", silent)
    assert said.refused == ["coordinates: '18,65', '54,35' lie outside of EPSG:2177, zone 6"]
    assert not silent


@pytest.mark.parametrize(
    ("street", "number", "flat", "line"),
    [
        ("Piwna", "27/29", "29", "Piwna 27/29"),
        ("Mariacka", "25/26", "25/26", "Mariacka 25/26"),
        ("Gospody", "3B", "B", "Gospody 3B"),
        ("Wyrobka", "5", "A", "Wyrobka 5A"),
        ("Aleja Zwycięstwa", "15", "brak", "Aleja Zwycięstwa 15"),
        ("Szeroka", "34/35, 36, 37 ", "", "Szeroka 34/35, 36, 37"),
        ("Długa", "1", "7", "Długa 1 lok. 7"),
        ("SIEROCA", "6", "", "Sieroca 6"),
        ("Wielkie Młyny", "", "", "Wielkie Młyny"),
    ],
)
def test_an_address_in_one_line(street: str, number: str, flat: str, line: str) -> None:
    assert places.address(street, number, flat, Remarks()) == line


def test_the_usual_spelling_wins() -> None:
    written = ["Śródmieście"] * 3 + [
        "Śródmiescie",
        "DŁUGI TARG",
        "DŁUGI TARG",
        "Długi Targ",
        "SIEROCA",
    ]
    usual = spelling.usual(written)
    assert usual["Śródmiescie"] == "Śródmieście"
    assert usual["DŁUGI TARG"] == "Długi Targ"
    assert usual["SIEROCA"] == "SIEROCA"


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("PlamaSAK", "Plama SAK"),
        ("Muz.Poczty Polskiej", "Muzeum Poczty Polskiej"),
        ("im. Fryderyka  Chopina", "im. Fryderyka Chopina"),
        ('Centrum ""Baranek""', 'Centrum "Baranek"'),
        ("NULL", ""),
        ("  ", ""),
    ],
)
def test_names_are_put_right(written: str, name: str) -> None:
    assert spelling.name(written) == name


def test_umbrellas_are_told_by_names() -> None:
    found = roofs(
        [
            Named("1", "Biblioteka Miejska", "Filia nr 1"),
            Named("2", "Biblioteka Miejska", "Filia nr 2"),
            Named("3", "Muzeum Dawnych Rzeczy w Mieście", "MDR"),
            Named("4", "Muzeum Dawnych Rzeczy w Mieście Oddział Zegarów", ""),
            Named("5", "Muzeum Nowe - Gmach Główny", ""),
            Named("6", "Muzeum Nowe - Galeria", ""),
            Named("7", "Sąsiedzki Archipelag Kultury", "SAK"),
            Named("8", "Winda SAK", "W SAK"),
            Named("9", "Plama SAK", "P SAK"),
            Named("10", "Brama Niska", "MHM"),
            Named("11", "Dom Kupca", "MHM"),
            Named("12", "Dom Kultury", "DK"),
            Named("13", "Dom Kultury Zachodni", "DKZ"),
        ]
    )
    assert {row: (roof.id, roof.name) for row, roof in found.items()} == {
        "1": ("", "Biblioteka Miejska"),
        "2": ("", "Biblioteka Miejska"),
        "4": ("3", "Muzeum Dawnych Rzeczy w Mieście"),
        "5": ("", "Muzeum Nowe"),
        "6": ("", "Muzeum Nowe"),
        "8": ("7", "Sąsiedzki Archipelag Kultury"),
        "9": ("7", "Sąsiedzki Archipelag Kultury"),
        "10": ("", "MHM"),
        "11": ("", "MHM"),
    }


def test_branches_bear_both_names_and_come_after_their_umbrella() -> None:
    listed = cleaned(
        {"nazwa": "Biblioteka Miejska", "nazwa_skr": "Filia nr 1"},
        {"nazwa": "Biblioteka Miejska", "nazwa_skr": "Filia nr 2"},
    )
    umbrella, first, second = listed.houses
    assert (umbrella.id, umbrella.line, umbrella.name) == (
        "umbrella:biblioteka-miejska",
        0,
        "Biblioteka Miejska",
    )
    assert [house.name for house in (first, second)] == [
        "Biblioteka Miejska – Filia nr 1",
        "Biblioteka Miejska – Filia nr 2",
    ]
    assert {house.roof for house in (first, second)} == {umbrella.id}


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (dict.fromkeys(COLUMNS, "NULL"), "the row is empty"),
        ({"id": ""}, "it has no id"),
        ({"id": "x" * 61}, "its id cannot be used"),
        ({"id": "umbrella:x"}, "its id cannot be used"),
        ({"nazwa": "NULL"}, "it has no name"),
    ],
)
def test_rows_that_are_no_institution(row: dict[str, str], reason: str) -> None:
    listed = cleaned(row, {})
    assert (len(listed.houses), len(listed.refused)) == (1, 1)
    assert reason in listed.refused[0].reason


def test_an_id_that_stands_there_twice_is_refused_twice() -> None:
    listed = cleaned({"id": "7"}, {"id": "7"}, {})
    assert [row.reason for row in listed.refused] == ["the id 7 stands there 2 times"] * 2


def test_a_row_of_nulls_with_a_name_is_taken_with_doubts() -> None:
    house = one(
        nazwa="Dom Rzeźbiarza", ulica="SIEROCA", numer="6", rodzaj="galeria", adresat="NULL"
    )
    assert house.fields["street"] == "Sieroca 6"
    assert house.fields["kind"] == "municipal"
    assert [said.split(":")[0] for said in house.remarks.unsure] == [
        "rodzaj",
        "adresat, typ and niepelnospr say nothing; taken with what there is",
    ]


def test_a_tidy_row_has_nothing_said_of_it() -> None:
    house = one(
        nazwa="Klub Stary", ulica="Długa", numer="1", dzielnica="Chełm", adresat="d, m", typ="i"
    )
    assert not house.remarks
    assert house.fields["audiences_served"] == ["children", "youth"]
