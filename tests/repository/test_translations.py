"""Extraction of messages without gettext, and complete catalogues."""

from __future__ import annotations

from pathlib import Path

import pytest
from babel.messages.mofile import read_mo

from cooperative import translations

TEMPLATE = """{% load i18n %}
  <p>{% translate "Ask" %} {% trans 'Lend' context "verb" %}</p>
    {% blocktranslate count n=units %}{{ n }} chair{% plural %}{{ n }} chairs{% endblocktranslate %}
{% if a %}
      {% blocktranslate trimmed with name=owner.name %}
        {{ name }}
        answers 100%
      {% endblocktranslate %}
{% endif %}
{# Translators: said to the keeper #}
{% translate "Out and back" %}
{{ _("Said in a variable") }}
"""
CODE = """
from django.utils.translation import gettext_lazy, ngettext, pgettext
ONE = gettext_lazy("One")
def two(n):
    return ngettext("%(n)s thing", "%(n)s things", n) % {"n": n}, pgettext("month", "May")
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A small project with one template and one module."""
    templates = tmp_path / "frontend" / "templates"
    templates.mkdir(parents=True)
    (templates / "page.html").write_text(TEMPLATE, encoding="utf-8")
    (tmp_path / "frontend" / "words.py").write_text(CODE, encoding="utf-8")
    return tmp_path


def test_templates_and_code_are_read(root: Path) -> None:
    found = {(m.context, m.id) for m in translations.template_catalog(root) if m.id}
    assert found == {
        (None, "Ask"),
        ("verb", "Lend"),
        (None, ("%(n)s chair", "%(n)s chairs")),
        (None, "%(name)s answers 100%%"),
        (None, "Out and back"),
        (None, "Said in a variable"),
        (None, "One"),
        (None, ("%(n)s thing", "%(n)s things")),
        ("month", "May"),
    }


def test_what_is_translated_survives_the_next_extraction(root: Path) -> None:
    translations.extract(root)
    po = root / "locale" / "pl" / "LC_MESSAGES" / "django.po"
    text = po.read_text(encoding="utf-8")
    po.write_text(text.replace('msgid "Ask"\nmsgstr ""', 'msgid "Ask"\nmsgstr "Zapytaj"'), "utf-8")
    translations.extract(root)
    once = po.read_text(encoding="utf-8")
    translations.extract(root)
    assert po.read_text(encoding="utf-8") == once
    known = translations.load("pl", root)
    assert known["Ask"].string == "Zapytaj"
    assert known["One"].string == ""


def test_what_lacks_is_named(root: Path) -> None:
    translations.extract(root)
    po = root / "locale" / "pl" / "LC_MESSAGES" / "django.po"
    text = po.read_text(encoding="utf-8")
    text = text.replace('msgid "One"\nmsgstr ""', 'msgid "One"\nmsgstr "Jeden"')
    text = text.replace(
        'msgid "%(name)s answers 100%%"\nmsgstr ""',
        'msgid "%(name)s answers 100%%"\nmsgstr "%(nazwa)s odpowiada"',
    )
    po.write_text(text, encoding="utf-8")
    told = translations.problems(root)
    assert not any("'One'" in line for line in told)
    assert "pl: 'Ask' (frontend/templates/page.html) is not translated" in told
    assert any("'%(nazwa)'" in line for line in told)


def test_compiled_catalogues_say_the_same(root: Path) -> None:
    translations.extract(root)
    po = root / "locale" / "pl" / "LC_MESSAGES" / "django.po"
    text = po.read_text(encoding="utf-8")
    po.write_text(text.replace('msgid "Ask"\nmsgstr ""', 'msgid "Ask"\nmsgstr "Zapytaj"'), "utf-8")
    translations.compile_all(root)
    with po.with_suffix(".mo").open("rb") as file:
        assert read_mo(file)["Ask"].string == "Zapytaj"


def test_our_own_catalogues_are_complete() -> None:
    assert translations.problems() == []
