"""Our things: the list, one listing as its form shows it, and what somebody else changed meanwhile."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from frontend.components import Action, Choice, StateChip, Waiting
from frontend.forms.listing.choices import DAY, HOUR, LANGUAGES
from frontend.forms.listing.form import ListingForm
from sharing.models import Category, Resource, ResourceState, Review, SharingTerms
from sharing.presets import audience_choice
from sharing.queries.catalogue import Tree
from sharing.queries.terms import terms_sentence
from sharing.queries.texts import shipped, text_for
from sharing.wishes import TermsWish

from .lines import language
from .moments import moment_label
from .texts import amount


def title_of(resource: Resource) -> str:
    return text_for(resource.texts.all(), language()).title


def category_name(category: Category) -> str:
    return shipped(category.name, language())


def category_choices(within: Tree) -> list[tuple[str, Any]]:
    """Roots as groups, all below them inside, in the order of the catalogue."""
    groups: list[tuple[str, Any]] = []
    for root in within.roots:
        if root.retired:
            continue
        name = category_name(root)
        rows = [(root.code, _("%(category)s in general") % {"category": name})]
        rows += [
            (child.code, " › ".join(category_name(one) for one in within.path(child)[1:]))
            for child in _below(within, root)
        ]
        groups.append((name, rows) if len(rows) > 1 else (root.code, name))
    return groups


def _below(within: Tree, category: Category) -> list[Category]:
    return [one for child in within.below(category) for one in (child, *_below(within, child))]


def rows_of(
    resources: Sequence[Resource],
    *,
    reviews: Mapping[int, Review],
    next_uses: Mapping[int, datetime],
    waiting: Mapping[int, int],
) -> tuple[Waiting, ...]:
    """The list of our things, each with its state and what comes next."""
    return tuple(
        _row(one, reviews.get(one.pk), next_uses.get(one.pk), waiting.get(one.pk, 0))
        for one in resources
    )


def _row(resource: Resource, review: Review | None, used: datetime | None, asked: int) -> Waiting:
    facts = [category_name(resource.category)]
    if counts := amount(resource):
        facts.append(counts)
    if resource.place:
        facts.append(resource.place)
    if used is not None:
        facts.append(_("next used %(when)s") % {"when": moment_label(used, resource.time_zone)})
    uid = resource.uid
    return Waiting(
        title=title_of(resource),
        url=reverse("frontend:thing", args=[uid]),
        detail=" · ".join(facts),
        chip=state_chip(resource, review),
        due=ngettext("%d request", "%d requests", asked) % asked if asked else "",
        actions=()
        if resource.kind == "open"
        else (Action(label=_("Week"), url=reverse("frontend:week", args=[uid])),),
    )


def state_chip(resource: Resource, review: Review | None) -> StateChip:
    """What state it is in, said with what waits for moderators or for us."""
    if review is not None and review.state == "changes_asked":
        return StateChip(state="changes_asked", label=_("moderators ask for changes"))
    if review is not None and resource.state == "draft":
        return StateChip(state="submitted", label=_("moderators are looking at it"))
    if review is not None:
        return StateChip(state="submitted", label=_("published, a change is being looked at"))
    return StateChip(state=resource.state, label=str(ResourceState(resource.state).label))


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingHead:
    """What stands above each of a listing's pages."""

    title: str
    chip: StateChip
    tabs: tuple[Choice, ...]
    notice: str
    reason: str
    tone: str
    terms: tuple[str, ...]
    may_publish: bool
    may_unpublish: bool
    publish_label: str
    state_url: str
    public_url: str
    label_url: str
    waits: str


def head(
    resource: Resource,
    *,
    review: Review | None,
    terms: Sequence[SharingTerms],
    current: str,
    active: bool,
) -> ListingHead:
    named = (
        ("week", _("Week"), resource.kind != "open"),
        ("broken", _("Out of order"), resource.kind not in {"seated", "open"}),
        ("thing", _("Description and terms"), True),
        ("thing-photos", _("Photos"), True),
        ("thing-dates", pgettext("places", "Dates"), resource.kind == "seated"),
        ("thing-hours", _("Hours"), resource.kind not in {"seated", "open"}),
        ("thing-parts", _("Made of, and goes with"), resource.kind != "open"),
    )
    open_review = review if review is not None and review.state in _OPEN else None
    notice, tone = _notice(resource, review, active=active)
    submitted = open_review is not None and open_review.state == "submitted"
    return ListingHead(
        title=title_of(resource),
        chip=state_chip(resource, open_review),
        tabs=tuple(
            Choice(
                value=name,
                label=label,
                current=name == current,
                url=reverse(f"frontend:{name}", args=[resource.uid]),
            )
            for name, label, fits in named
            if fits
        ),
        notice=notice,
        reason=review.reason if review is not None and notice and not submitted else "",
        tone=tone,
        terms=tuple(
            terms_sentence(row, language=language(), answering=resource.answering, for_owner=True)
            for row in terms
        ),
        may_publish=active
        and not submitted
        and (resource.state == "draft" or (open_review is not None)),
        may_unpublish=resource.state == "published" or submitted,
        publish_label=_("Publish")
        if resource.owner.trusted
        else (_("Send to the moderators again") if open_review else _("Send to be published")),
        state_url=reverse("frontend:thing-state", args=[resource.uid]),
        public_url=reverse("frontend:resource", args=[resource.uid]),
        label_url=reverse("frontend:thing-label", args=[resource.uid]),
        waits=_change_that_waits(open_review),
    )


_OPEN = ("submitted", "changes_asked")


def _notice(resource: Resource, review: Review | None, *, active: bool) -> tuple[str, str]:
    """One sentence on where the listing stands, and its tone."""
    if resource.state == "suspended":
        return _("The moderators have taken it out of sight."), "bad"
    if review is not None and review.state == "submitted":
        return _("The moderators look at it. Colleagues in your house can use it already."), "info"
    if review is not None and review.state == "changes_asked":
        return _("The moderators ask you to change something, then send it again."), "warn"
    if review is not None and review.state == "refused" and resource.state == "draft":
        return _("The moderators did not publish it."), "bad"
    if review is not None and review.state == "refused" and review.change:
        return _("The moderators did not take over the last change."), "warn"
    if resource.state == "draft" and active:
        return _("Only your own house sees and uses it so far."), "info"
    if resource.state == "draft":
        return (
            _("Only your own house sees it until the cooperative has admitted your institution."),
            "info",
        )
    return "", "info"


def _change_that_waits(review: Review | None) -> str:
    if review is None or not review.change:
        return ""
    names = {
        "texts": _("the name"),
        "category": _("the kind of thing"),
        "terms": _("who may see it and ask"),
    }
    return ", ".join(names[code] for code in names if code in review.change)


# --- the form ----------------------------------------------------------------------------------------
def audience_name(row: SharingTerms) -> str:
    kind = row.audience.kind
    if kind == "network" and row.audience.network is not None:
        return f"network:{row.audience.network.uid}"
    return f"{kind}:{row.audience.pk}" if kind == "partnership" else kind


def wishes_of(rows: Sequence[SharingTerms]) -> dict[str, TermsWish]:
    """The terms that hold now, as wishes by audience."""
    names = [name for name in TermsWish.__dataclass_fields__ if name != "audience"]
    return {
        audience_name(row): TermsWish(
            audience_name(row), **{name: getattr(row, name) for name in names}
        )
        for row in rows
    }


def initial_of(resource: Resource, rows: Sequence[SharingTerms]) -> dict[str, Any]:
    """What the form of this listing shows."""
    kept = wishes_of(rows)
    texts = {text.language: text for text in resource.texts.all()}
    first = next((text for text in texts.values() if text.is_original), None)
    first = first or next(iter(texts.values()), None)
    written_in = first.language if first is not None else language()
    other = next((code for code, _name in LANGUAGES if code in texts and code != written_in), "")
    other = other or ("en" if written_in == "pl" else "pl")
    second = texts.get(other)
    members = kept.get("cooperative") or next(
        (wish for name, wish in kept.items() if name != "own"), kept.get("own")
    )
    members = members or TermsWish("own")
    notice, notice_unit = _amount(members.notice_minutes)
    longest, longest_unit = _amount(members.longest_minutes)
    return {
        "title": first.title if first is not None else "",
        "summary": first.summary if first is not None else "",
        "body": first.body if first is not None else "",
        "written_in": written_in,
        "other_language": other,
        "other_title": second.title if second is not None else "",
        "other_summary": second.summary if second is not None else "",
        "other_body": second.body if second is not None else "",
        "category": resource.category.code,
        "units": resource.units,
        "kind": resource.kind,
        "place": resource.place,
        "hours_source": resource.hours_source,
        "audience": audience_choice(list(kept.values())) or "custom",
        "fee_kind": members.fee_kind,
        "fee_amount": "" if members.fee_amount is None else f"{members.fee_amount:f}",
        "fee_unit": members.fee_unit,
        "fee_ground": members.fee_ground,
        "answer": "at_once" if members.at_once else resource.answering,
        "notice": notice,
        "notice_unit": notice_unit,
        "horizon_days": members.horizon_days,
        "longest": longest,
        "longest_unit": longest_unit,
        "ask_anyway": members.ask_anyway,
        "conditions": members.conditions,
        "turnover_minutes": resource.turnover_minutes,
        "handover": resource.handover,
        "belongings": "\n".join(resource.belongings),
        "rider": resource.rider,
        "needs_from_asker": list(resource.needs_from_asker),
        "funding_restriction": resource.funding_restriction,
        "inventory_number": resource.inventory_number,
        "arrival_note": resource.arrival_note,
        "day_contact_name": resource.day_contact_name,
        "day_contact_phone": resource.day_contact_phone,
        "version": resource.version,
        **{f"a_{code}": _said(value) for code, value in resource.attributes.items()},
    }


def _said(value: Any) -> str:
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)


def _amount(minutes: int | None) -> tuple[int | None, str]:
    if minutes is None:
        return None, "days"
    return (minutes // DAY, "days") if minutes % DAY == 0 else (minutes // HOUR, "hours")


def differences(form: ListingForm, now: Mapping[str, Any]) -> dict[str, str]:
    """What stands there now where it is not what was typed, by field: both values are shown."""
    found: dict[str, str] = {}
    for name, field in form.fields.items():
        if name == "version" or name not in form.cleaned_data:
            continue
        typed, there = form.cleaned_data[name], now.get(name, "")
        if _flat(typed) != _flat(there):
            labels = {
                str(value): str(label)
                for value, label in _flat_choices(getattr(field, "choices", ()))
            }
            shown = there if isinstance(there, list) else [there]
            words = ", ".join(
                labels.get(str(one), str(one)) for one in shown if one not in ("", None)
            )
            found[name] = words or _("nothing")
    return found


def _flat(value: Any) -> Any:
    if value is None or value == "" or value is False:
        return ""
    return [str(one) for one in value] if isinstance(value, list) else str(value).strip()


def _flat_choices(choices: Any) -> list[tuple[str, str]]:
    rows: list[tuple[str, str]] = []
    for value, label in choices:
        if isinstance(label, list | tuple):
            rows.extend(_flat_choices(label))
        else:
            rows.append((value, label))
    return rows
