"""Finding by words and facts, in Polish first, and never past the audience."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.core.management import call_command

from cooperative.access.querysets import SYSTEM
from cooperative.access.viewer import Viewer
from cooperative.errors import Invalid
from sharing.models import Resource
from sharing.presets import terms_of
from sharing.queries.catalogue import definitions_for, tree
from sharing.queries.search import (
    free_of_charge,
    in_category,
    matching,
    may_be_asked,
    with_attributes,
    with_distance,
)
from sharing.services.edit_resource import edit_resource
from sharing.services.set_texts import set_texts
from sharing.wishes import TextWish

from .factories import keeper_of, make_house, make_listing, viewer

pytestmark = pytest.mark.django_db


def found(words: str, by: Viewer = SYSTEM) -> list[str]:
    rows = matching(Resource.objects.visible_to(by), words)
    return [row.texts.visible_to(SYSTEM).get(is_original=True).title for row in rows]


@pytest.fixture
def shelf() -> Viewer:
    """A house in Łódź with some things; its keeper."""
    by = keeper_of(make_house(name="Dom Kultury Zachodni", city="Łódź"))
    make_listing(
        by, "Rzutnik multimedialny", category="projection", attributes={"light-output": 5000}
    )
    make_listing(by, "Krzesła sztaplowane", category="chairs", units=120, english="Stacking chairs")
    make_listing(
        by,
        category="stage",
        texts=[TextWish("pl", "Duża Scena", "Teatr z widownią", "Na scenie stoi rzutnik.")],
        attributes={"people": 420, "induction-loop": True, "lift": False, "power": "63a"},
    )
    make_listing(
        by, category="club", texts=[TextWish("uk", "Клуб «Світанок»", "Зала для зустрічей")]
    )
    make_listing(
        by, category="workshop", texts=[TextWish("de", "Töpferkurs", "Kurse für Anfänger")]
    )
    return by


@pytest.mark.parametrize(
    ("words", "titles"),
    [
        ("rzutnik", ["Rzutnik multimedialny", "Duża Scena"]),
        ("rzutników", ["Rzutnik multimedialny", "Duża Scena"]),
        ("RZUTNIKI multimedialne", ["Rzutnik multimedialny"]),
        ("rzut", ["Rzutnik multimedialny", "Duża Scena"]),
        ("krzesło", ["Krzesła sztaplowane"]),
        ("krzesla", ["Krzesła sztaplowane"]),
        ("krzeseł", ["Krzesła sztaplowane"]),
        ("chair", ["Krzesła sztaplowane"]),
        ("duza scena", ["Duża Scena"]),
        ("scenę", ["Duża Scena"]),
        ("pętla indukcyjna", ["Duża Scena"]),
        ("hearing loop", ["Duża Scena"]),
        ("winda", []),
        ("світанок", ["Клуб «Світанок»"]),
        ("svitanok", ["Клуб «Світанок»"]),
        ("світанку", ["Клуб «Світанок»"]),
        ("töpferkurse", ["Töpferkurs"]),
        ("topferkurs", ["Töpferkurs"]),
        ("rzutnki", ["Rzutnik multimedialny", "Duża Scena"]),
        ("krzeslla", ["Krzesła sztaplowane"]),
        ("rzutnik krokodyl", []),
        ("???", []),
        ("'; DROP TABLE x; --", []),
        ("!!! & | <-> :*", []),
    ],
)
def test_words(shelf: Viewer, words: str, titles: list[str]) -> None:
    assert found(words) == titles


@pytest.mark.parametrize("words", ["Łódź", "lodz", "łodzi", "LODZI"])
def test_the_city_of_the_owner(shelf: Viewer, words: str) -> None:
    make_listing(keeper_of(make_house(city="Wrocław")), "Sala")
    assert len(found(words)) == 5


def test_no_words_mean_all_in_polish_order(shelf: Viewer) -> None:
    for title in ("Łada", "Ława", "Lampa", "Żyrandol"):
        make_listing(shelf, title, category="other")
    assert found(" ") == [
        "Duża Scena", "Krzesła sztaplowane", "Lampa", "Łada", "Ława", "Rzutnik multimedialny",
        "Töpferkurs", "Żyrandol", "Клуб «Світанок»",
    ]  # fmt: skip


def test_long_and_odd_words_are_harmless(shelf: Viewer) -> None:
    for words in (
        "x" * 10_000,
        "q " * 5_000,
        "\u202e\ud7ff",
        "文化",
        "0",
        "\\",
        "a'b''c",
        "%s %(x)s",
    ):
        assert found(words) == []


def test_what_one_may_not_see_is_not_found_nor_counted(shelf: Viewer) -> None:
    secret = keeper_of(make_house())
    make_listing(secret, "Kanarek tajny", audience="own", published=False)
    make_listing(secret, "Kanarek szkic", published=False)
    reader, nobody = keeper_of(make_house()), viewer(None)
    assert found("kanarek", secret) == ["Kanarek szkic", "Kanarek tajny"]
    for words in ("kanarek", "kanrek", "tajny"):
        for by in (reader, nobody):
            assert found(words, by) == []
            assert matching(Resource.objects.visible_to(by), words).count() == 0


def test_a_typo_looks_only_at_what_may_be_seen(shelf: Viewer) -> None:
    # Somebody else's exact hit must not turn off likeness for this reader: that would tell it is there.
    make_listing(keeper_of(make_house()), "Rzutnki", audience="own", published=False)
    reader = keeper_of(make_house())
    assert found("rzutnki", reader) == ["Rzutnik multimedialny", "Duża Scena"]


def test_at_most_three_statements(shelf: Viewer, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(2):
        list(matching(Resource.objects.visible_to(shelf), "rzutnik"))
    with django_assert_num_queries(3):
        list(matching(Resource.objects.visible_to(shelf), "rzutnki"))


def test_the_document_follows_what_is_written(shelf: Viewer) -> None:
    listing = make_listing(shelf, "Stół", category="tables", units=3)
    set_texts(by=shelf, resource=listing.uid, texts=[TextWish("pl", "Biurko")])
    assert (found("stół"), found("biurka")) == (
        ["Biurko"],
        ["Biurko"],
    )  # still among tables: "Stoły"
    edit_resource(by=shelf, resource=listing.uid, category="gallery")
    assert (found("stół"), found("galeria")) == ([], ["Biurko"])


def test_rebuilding_gives_the_same(shelf: Viewer) -> None:
    columns = ("pk", "search_document", "search_words", "sort_key")
    before = list(Resource.objects.visible_to(SYSTEM).order_by("pk").values_list(*columns))
    Resource.objects.visible_to(SYSTEM).update(search_document=None, search_words="", sort_key="")
    call_command("rebuild_search", verbosity=0)
    assert list(Resource.objects.visible_to(SYSTEM).order_by("pk").values_list(*columns)) == before


def titles(rows: Any) -> list[str]:
    return [
        row.sort_key and row.texts.visible_to(SYSTEM).get(is_original=True).title for row in rows
    ]


def test_categories_and_attributes(shelf: Viewer) -> None:
    within = tree()
    everything = Resource.objects.visible_to(SYSTEM).order_by("sort_key")
    assert titles(in_category(everything, "equipment", within)) == [
        "Krzesła sztaplowane", "Rzutnik multimedialny",
    ]  # fmt: skip
    with pytest.raises(Invalid):
        in_category(everything, "castles", within)
    known = definitions_for(within.by_code["stage"], within)

    def said(**wanted: Any) -> list[str]:
        wanted = {code.replace("_", "-"): value for code, value in wanted.items()}
        return titles(with_attributes(everything, wanted, known))

    assert said(people=400) == ["Duża Scena"]
    assert said(people="421") == []
    assert said(power=["32a", "63a"]) == ["Duża Scena"]
    assert said(induction_loop=True, lift="no") == ["Duża Scena"]
    assert said(lift=True) == []
    assert len(said(people="")) == 5
    with pytest.raises(Invalid):
        said(people="many")
    with pytest.raises(Invalid):
        said(wings=2)


def test_free_and_may_be_asked(shelf: Viewer) -> None:
    make_listing(
        shelf,
        "Płatna",
        terms=terms_of(audience="cooperative_public", fee_kind="price", fee_amount=Decimal(50)),
    )
    reader = keeper_of(make_house())
    seen = Resource.objects.visible_to(reader)
    assert seen.count() == 6
    assert free_of_charge(seen, reader).count() == 5
    assert may_be_asked(seen, reader).count() == 6
    anonymous = viewer(None)
    assert titles(Resource.objects.visible_to(anonymous)) == ["Płatna"]
    assert may_be_asked(Resource.objects.visible_to(anonymous), anonymous).count() == 0


def test_distance(shelf: Viewer) -> None:
    place = keeper_of(make_house(latitude=51.1079, longitude=17.0385))
    make_listing(place, "Wrocławska")
    make_listing(place, "Poznańska", latitude=52.4064, longitude=16.9252)
    rows = with_distance(Resource.objects.visible_to(SYSTEM), latitude=51.1079, longitude=17.0385)
    measured: list[Any] = list(rows)  # the queryset's type does not tell what it annotates
    by_title = {
        title: row.distance_km for title, row in zip(titles(measured), measured, strict=True)
    }
    assert by_title["Wrocławska"] == pytest.approx(0, abs=0.01)
    assert by_title["Poznańska"] == pytest.approx(144.6, abs=1)
    assert by_title["Duża Scena"] is None
    near = with_distance(
        Resource.objects.visible_to(SYSTEM), latitude=51.1079, longitude=17.0385, within_km=50
    )
    assert titles(near) == ["Wrocławska"]
