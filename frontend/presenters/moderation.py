"""The moderators' desk: institutions and listings that wait."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from cooperative.institutions.models import Application, InstitutionKind
from frontend.components import Category, Fact, Photo
from frontend.forms.moderation import DecisionForm
from sharing.models import Resource, Review, SharingTerms
from sharing.queries.catalogue import Tree
from sharing.queries.terms import terms_sentence
from sharing.queries.texts import text_for

from .lines import language
from .listing import category_name
from .moments import moment_label
from .texts import amount

ZONE = "Europe/Warsaw"


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationCard:
    uid: str
    name: str
    when: str
    message: str
    facts: tuple[Fact, ...]
    alike: str
    url: str
    form: DecisionForm


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A field of a published listing: what stands there, what is wished for."""

    term: str
    old: str
    new: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewCard:
    uid: str
    title: str
    owner: str
    by: str
    when: str
    category: Category
    summary: str
    body: str
    terms: tuple[str, ...]
    units: str
    photo: Photo | None
    first: bool
    differences: tuple[Difference, ...]
    chosen: bool


def applications(
    rows: Sequence[Application],
    alike: Mapping[int, Sequence[str]],
    *,
    sent: Mapping[str, DecisionForm],
    zone: str = ZONE,
) -> tuple[ApplicationCard, ...]:
    return tuple(
        ApplicationCard(
            uid=str(row.uid),
            name=row.institution.name,
            when=moment_label(row.submitted_at, zone),
            message=row.message,
            facts=_facts(row),
            alike=", ".join(alike.get(row.institution_id, ())),
            url=reverse("frontend:moderation-application", args=[row.uid]),
            form=sent.get(str(row.uid)) or DecisionForm(prefix=str(row.uid)[-8:]),
        )
        for row in rows
    )


def _facts(row: Application) -> tuple[Fact, ...]:
    house = row.institution
    address = " ".join(word for word in (house.postal_code, house.city) if word)
    applicant = f"{row.applicant.name}, {row.applicant.email}" if row.applicant else ""
    rows = [
        (_("Kind"), str(InstitutionKind(house.kind).label)),
        (_("Address"), ", ".join(word for word in (house.street, address) if word)),
        (_("Applied by"), applicant),
        (_("Contact"), ", ".join(w for w in (house.contact_email, house.contact_phone) if w)),
        (_("Web page"), house.website),
        (_("Registers"), ", ".join(f"{k.upper()} {v}" for k, v in house.registry.items())),
        (_("About"), house.about),
    ]
    return tuple(Fact(term=term, detail=detail) for term, detail in rows if detail)


def reviews(
    rows: Sequence[Review],
    *,
    within: Tree,
    terms: Mapping[int, Sequence[SharingTerms]],
    chosen: Iterable[str],
    zone: str = ZONE,
) -> tuple[ReviewCard, ...]:
    marked = set(chosen)
    return tuple(
        _review(row, within, terms.get(row.resource_id, ()), str(row.uid) in marked, zone)
        for row in rows
    )


def _review(
    row: Review, within: Tree, terms: Sequence[SharingTerms], chosen: bool, zone: str
) -> ReviewCard:
    listing = row.resource
    text = text_for(listing.texts.all(), language())
    root = within.root(within.by_id[listing.category_id])
    photo = next(iter(listing.photos.all()), None)
    return ReviewCard(
        uid=str(row.uid),
        title=text.title,
        owner=str(listing.owner),
        by=row.submitted_by.name if row.submitted_by is not None else "",
        when=moment_label(row.submitted_at, zone),
        category=Category(code=root.code, label=category_name(listing.category)),
        summary=text.summary,
        body=text.body,
        terms=_sentences(listing, terms),
        units=amount(listing),
        photo=Photo(
            url=reverse("frontend:photo", args=[photo.uid, 320]),
            alt=photo.alternative_text,
            width=320,
            height=max(round(320 * photo.height / photo.width), 1),
        )
        if photo is not None
        else None,
        first=row.change is None,
        differences=_differences(listing, row.change or {}, within, terms),
        chosen=chosen,
    )


def _sentences(listing: Resource, terms: Sequence[SharingTerms]) -> tuple[str, ...]:
    return tuple(
        terms_sentence(row, language=language(), answering=listing.answering) for row in terms
    )


def _differences(
    listing: Resource,
    change: Mapping[str, Any],
    within: Tree,
    terms: Sequence[SharingTerms],
) -> tuple[Difference, ...]:
    found: list[Difference] = []
    texts = {text.language: text for text in listing.texts.all()}
    for wish in change.get("texts", ()):
        old = texts.get(wish["language"])
        found.append(
            Difference(
                term=_("Name (%(language)s)") % {"language": wish["language"]},
                old=old.title if old is not None else "–",
                new=wish["title"],
            )
        )
    if "category" in change:
        target = within.by_code.get(change["category"])
        found.append(
            Difference(
                term=_("Kind of thing"),
                old=category_name(listing.category),
                new=category_name(target) if target is not None else change["category"],
            )
        )
    if "terms" in change:
        found.append(
            Difference(
                term=_("Who may see it and ask"),
                old=", ".join(_audience(row.audience.kind, row.may_ask) for row in terms) or "–",
                new=", ".join(
                    _audience(wish["audience"].partition(":")[0], wish["may_ask"])
                    for wish in change["terms"]
                ),
            )
        )
    return tuple(found)


def _audience(kind: str, may_ask: bool) -> str:
    names = {
        "own": _("the own house"),
        "partnership": _("partners"),
        "network": _("members of a network"),
        "cooperative": _("members"),
        "public": _("everybody"),
    }
    may = _("may ask") if may_ask else _("may see")
    return f"{names.get(kind, kind)} {may}"
