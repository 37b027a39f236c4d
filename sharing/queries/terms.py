"""On what terms a resource is there for somebody, and how that is said in one sentence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, npgettext, override, pgettext

from cooperative.access.viewer import Viewer
from sharing.models import Resource, SharingTerms
from sharing.models.terms import FeeKind

HOUR = 60
DAY = 24 * HOUR


def terms_by_resource(resources: Sequence[Resource]) -> dict[int, list[SharingTerms]]:
    """All terms of `resources` by resource id, in the owner's order, with their audience. One statement."""
    found: dict[int, list[SharingTerms]] = {resource.pk: [] for resource in resources}
    rows = SharingTerms.objects.filter(resource_id__in=list(found)).select_related("audience")
    for row in rows.order_by("resource_id", "position", "id"):
        found[row.resource_id].append(row)
    return found


def terms_for(terms: Iterable[SharingTerms], *, viewer: Viewer, day: date) -> SharingTerms | None:
    """The terms that hold for whom `viewer` acts, for a use on `day`: of several the narrowest audience, never a mix.

    None: nothing of this is for them (they may still see it). `day` is local to the resource's owner.
    """
    holding = []
    for row in terms:
        entitlement = viewer.asking.get(row.audience_id)
        if entitlement is not None and row.may_see and entitlement.holds_on(day):
            holding.append((entitlement.rank, -entitlement.depth, row.position, row.pk, row))
    return min(holding, key=lambda found: found[:4])[4] if holding else None


def terms_sentence(
    terms: SharingTerms, *, language: str, answering: str, for_owner: bool = False
) -> str:
    """ "Members may ask 1 day to 12 months ahead, free, you decide." in `language`.

    `answering` is the resource's (`keep_first` or `owner_chooses`); `for_owner` says "you" where others read "the
    owner".
    """
    with override(language):
        who = _who(terms)
        if not terms.may_ask:
            return _("%(who)s may only see it.") % {"who": who}
        parts = [
            part
            for part in (
                _window(terms.notice_minutes, terms.horizon_days),
                _longest(terms.longest_minutes),
                _fee(terms),
                _answer(terms, answering, for_owner=for_owner),
            )
            if part
        ]
        return _("%(who)s may ask %(how)s.") % {"who": who, "how": ", ".join(parts)}


def _who(terms: SharingTerms) -> str:
    match terms.audience.kind:
        case "own":
            return pgettext("who may ask", "Colleagues in the house")
        case "partnership":
            return pgettext("who may ask", "Partners")
        case "network":
            network = terms.audience.network
            return pgettext("who may ask", "Members of %s") % (network.name if network else "")
        case "cooperative":
            return pgettext("who may ask", "Members")
        case _:
            return pgettext("who may ask", "Everybody")


def _length(minutes: int) -> str:
    """How long, as in "for 3 days": whole units only. Accusative in Polish."""
    if minutes % DAY == 0:
        return npgettext("for so long", "%d day", "%d days", minutes // DAY) % (minutes // DAY)
    if minutes % HOUR == 0:
        return npgettext("for so long", "%d hour", "%d hours", minutes // HOUR) % (minutes // HOUR)
    return npgettext("for so long", "%d minute", "%d minutes", minutes) % minutes


def _far(days: int) -> str:
    """A horizon: whole months where it is near to some, else days. Genitive in Polish: "do 12 miesięcy"."""
    months = round(days / 30.4375)
    if months and abs(days - months * 30.4375) <= 2:
        return ngettext("up to %d month", "up to %d months", months) % months
    return ngettext("up to %d day", "up to %d days", days) % days


def _near(minutes: int) -> str:
    if minutes % DAY == 0:
        return ngettext("from %d day", "from %d days", minutes // DAY) % (minutes // DAY)
    if minutes % HOUR == 0:
        return ngettext("from %d hour", "from %d hours", minutes // HOUR) % (minutes // HOUR)
    return ngettext("from %d minute", "from %d minutes", minutes) % minutes


def _window(notice: int | None, horizon: int | None) -> str:
    if notice and horizon:
        return _("%(near)s %(far)s ahead") % {"near": _near(notice), "far": _far(horizon)}
    if horizon:
        return _("%(far)s ahead") % {"far": _far(horizon)}
    if notice:
        return _("%(near)s ahead") % {"near": _near(notice)}
    return _("at any time")


def _longest(minutes: int | None) -> str:
    return _("for %s at most") % _length(minutes) if minutes else ""


def _fee(terms: SharingTerms) -> str:
    return fee_in_words(terms.fee_kind, terms.fee_amount, terms.fee_currency, terms.fee_unit)


def fee_in_words(kind: str, amount: Decimal | None, currency: str, unit: str) -> str:
    """`cost recovery 58 PLN / h`, `free`, in the active language; `kind` is a code of `FeeKind`."""
    if kind == FeeKind.FREE:
        return pgettext("fee", "free")
    if kind == FeeKind.TO_BE_AGREED:
        return pgettext("fee", "fee to be agreed")
    recovery = kind == FeeKind.COST_RECOVERY
    word = pgettext("fee", "cost recovery") if recovery else pgettext("fee", "price")
    if amount is None:
        return word
    whole = amount == amount.to_integral_value()
    said = f"{word} {number_format(amount, decimal_pos=0 if whole else 2)} {currency}"
    return f"{said} / {unit}" if unit else said


def _answer(terms: SharingTerms, answering: str, *, for_owner: bool) -> str:
    if terms.at_once:
        return _("confirmed at once")
    if answering == "keep_first":
        return (
            _("kept for who asks first until you answer")
            if for_owner
            else _("kept for who asks first until the owner answers")
        )
    return _("you decide") if for_owner else _("the owner decides")
