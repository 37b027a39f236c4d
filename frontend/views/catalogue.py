"""The catalogue: words, when, how many, filters; as cards or on a timeline."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bookings.queries.search import Found, Wanted, search
from bookings.queries.surroundings import Surroundings, surroundings
from bookings.queries.timeline import timeline
from bookings.spans import Span, local_day
from cooperative.access.middleware import ViewedRequest
from cooperative.errors import Invalid
from frontend.components import Action, Choice
from frontend.forms.fields import day_or_none
from frontend.forms.searching import SearchForm
from frontend.presenters.catalogue import cards, category_ways, week_timeline
from frontend.presenters.reader import Reader, reader_of
from frontend.views.doors import is_htmx, kindly
from sharing.queries.catalogue import Tree, definitions_for, tree
from sharing.queries.terms import terms_by_resource

PAGE = 24


@require_safe
@kindly
def show(request: ViewedRequest) -> HttpResponse:
    """One page of what was found; htmx gets the results alone."""
    reader = reader_of(request)
    within = tree()
    query = {n: str(value) for n, value in request.GET.items() if value and n != "offset"}
    around = surroundings(reader.viewer)
    form = _form(query, within, reader, around)
    found, problem = _found(form, reader, around, offset=_number(request.GET.get("offset")))
    day = day_or_none(query.get("date")) or reader.clock.today()
    as_timeline = query.get("view") == "timeline"
    ways, below = category_ways(
        within, query.get("category", ""), language=reader.language, query=query
    )
    context: dict[str, Any] = {
        "form": form,
        "ways": ways,
        "below": below,
        "problem": problem,
        "found": found,
        "views": _views(query, as_timeline),
        "hidden": [(name, query[name]) for name in ("category", "view") if name in query],
        "next_url": _page_url(query, found.next_offset),
        "previous_url": _before(request, query),
        "empty_actions": _ways_out(query),
        **_results(
            form, found, reader, day=day, query=query, within=within, as_timeline=as_timeline
        ),
    }
    template = "frontend/catalogue.html"
    return render(request, f"{template}#results" if is_htmx(request) else template, context)


def _form(query: dict[str, str], within: Tree, reader: Reader, around: Surroundings) -> SearchForm:
    row = within.by_code.get(query.get("category", ""))
    return SearchForm(
        query,
        zone=reader.clock.zone,
        networks=around.networks,
        definitions=definitions_for(row, within) if row is not None else (),
        language=reader.language,
        located=around.place is not None,
    )


def _found(
    form: SearchForm, reader: Reader, around: Surroundings, *, offset: int
) -> tuple[Found, str]:
    nothing = Found((), None)
    if not form.is_valid():
        return nothing, _("Please put right what is marked above.")
    data = form.cleaned_data
    near = None
    if data.get("near") and around.place is not None:
        near = (*around.place, float(data["near"]))
    try:
        return (
            search(
                viewer=reader.viewer,
                wanted=Wanted(
                    words=data["q"],
                    category=data["category"],
                    window=form.window,
                    day=form.day,
                    units=data["units"] or 1,
                    network=data.get("where") or None,
                    near=near,
                    attributes=form.attributes,
                    free_of_charge=data["free"],
                    askable=data["askable"],
                ),
                offset=offset,
                limit=PAGE,
            ),
            "",
        )
    except Invalid as error:
        return nothing, " ".join(str(s) for said in error.errors.values() for s in said)


def _results(
    form: SearchForm,
    found: Found,
    reader: Reader,
    *,
    day: date,
    query: dict[str, str],
    within: Tree,
    as_timeline: bool,
) -> dict[str, Any]:
    zone = reader.clock.zone
    first = day
    last = first + timedelta(days=7 if as_timeline else 1)
    # A day to spare on both sides: owners may live by another clock.
    window = Span(local_day(first - timedelta(days=1), zone).start, local_day(last, zone).end)
    ids = [hit.resource.pk for hit in found.results]
    tiles = timeline(ids, window, viewer=reader.viewer) if ids else {}
    kept = urlencode([(n, query[n]) for n in ("date", "start", "end", "units") if n in query])
    if as_timeline:
        turn = [
            _page_url({**query, "date": (first + timedelta(days=step)).isoformat()}, 0)
            for step in (-7, 7)
        ]
        return {
            "timeline": week_timeline(found.results, tiles, day, reader=reader, kept=kept),
            "turn": turn,
        }
    return {
        "cards": cards(
            found.results,
            reader=reader,
            within=within,
            terms=terms_by_resource([hit.resource for hit in found.results]) if ids else {},
            tiles=tiles,
            day=day,
            window=form.window,
            kept=kept,
        ),
        "day": day,
    }


def _views(query: dict[str, str], as_timeline: bool) -> tuple[Choice, ...]:
    plain = {name: value for name, value in query.items() if name != "view"}
    return (
        Choice(value="list", label=_("List"), url=_page_url(plain, 0), current=not as_timeline),
        Choice(
            value="timeline",
            label=_("Timeline"),
            url=_page_url({**plain, "view": "timeline"}, 0),
            current=as_timeline,
        ),
    )


def _page_url(query: dict[str, str], offset: int | None) -> str:
    if offset is None:
        return ""
    full = {**query, "offset": str(offset)} if offset else query
    base = reverse("frontend:catalogue")
    return f"{base}?{urlencode(full)}" if full else base


def _before(request: ViewedRequest, query: dict[str, str]) -> str:
    """Back to the beginning: pages of a search with time are not of equal length."""
    return _page_url(query, 0) if _number(request.GET.get("offset")) else ""


def _ways_out(query: dict[str, str]) -> tuple[Action, ...]:
    """What to change when nothing was found, each by one click."""
    found = []
    times = {"date", "start", "end"}
    narrowing = {n for n in query if n.startswith("a_")} | {"where", "near", "free", "askable"}
    for names, label in (
        ({"start", "end"}, _("At any hour")),
        (narrowing, _("Without filters")),
        ({"category", *(n for n in query if n.startswith("a_"))}, _("In all categories")),
        ({"units"}, _("Any number")),
        ({"q"}, _("Without these words")),
        (times | {"units"}, _("Show what there is at all")),
    ):
        if names & query.keys():
            kept = {name: value for name, value in query.items() if name not in names}
            found.append(Action(label=label, url=_page_url(kept, 0)))
    return tuple(found)


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 5 else 0
