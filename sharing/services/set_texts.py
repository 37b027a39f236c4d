"""What a listing says, language by language. A new title of a published listing may have to wait for moderators."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from cooperative.access.querysets import SYSTEM
from cooperative.access.viewer import Viewer
from cooperative.text import LANGUAGES, Fields
from sharing.models import Resource, ResourceText
from sharing.wishes import TextWish

from .listing import opened, tell, touched
from .propose_change import is_looked_at, propose_change
from .search_document import refresh


@transaction.atomic
def set_texts(
    *,
    by: Viewer,
    resource: UUID,
    texts: Sequence[TextWish],
    original: str = "",
    version: int | None = None,
) -> Resource:
    """Replace the texts; `original` names the language they were written in (default: the first given).

    The same as before changes nothing. Raises as `opened`, and `Invalid`.
    """
    listing = opened(by=by, resource=resource, version=version)
    clean = clean_texts(texts, original=original)
    before = {text.language: text for text in _stored(listing)}
    waiting = [
        text
        for text in clean
        if is_looked_at(listing)
        and (text.language not in before or before[text.language].title != text.title)
    ]
    at_once = [
        replace(text, title=before[text.language].title) if text in waiting else text
        for text in clean
        if text not in waiting or text.language in before
    ]
    written_in = original or clean[0].language
    # While a title waits, no language goes: what is published stays whole.
    if store_texts(listing, at_once, original=written_in, only_add=bool(waiting)):
        touched(listing)
        refresh([listing.pk])
        tell(by=by, listing=listing, verb="edit", data={"fields": ["texts"]})
    if waiting:
        propose_change(by=by, listing=listing, change={"texts": [asdict(text) for text in waiting]})
    return listing


def clean_texts(texts: Sequence[TextWish], *, original: str = "") -> list[TextWish]:
    """Tidied, empty ones left out; at least one, each language once. Raises `Invalid`."""
    fields = Fields()
    clean: list[TextWish] = []
    for index, text in enumerate(texts):
        row = Fields(f"texts.{index}.")
        title = row.line("title", text.title, longest=120)
        summary = row.line("summary", text.summary, longest=300)
        body = row.prose("body", text.body, longest=20_000)
        if text.language not in LANGUAGES or text.language in {one.language for one in clean}:
            row.wrong("language", _("Please choose another language."))
        if not title and (summary or body):
            row.wrong("title", _("Please give it a name in this language too."))
        fields.take(row)
        if title:
            clean.append(TextWish(text.language, title, summary, body))
    if not clean:
        fields.wrong("texts.0.title", _("Please give it a name."))
    if original and original not in {text.language for text in clean}:
        fields.wrong("original", _("Please write the original text too."))
    fields.check()
    return clean


def store_texts(
    listing: Resource, texts: Sequence[TextWish], *, original: str, only_add: bool = False
) -> bool:
    """Write `texts`, remove languages that are not among them (unless `only_add`); whether anything changed."""
    stored = {text.language: text for text in _stored(listing)}
    languages = {text.language for text in texts} | (set(stored) if only_add else set())
    if original not in languages:
        kept_original = [text.language for text in stored.values() if text.is_original]
        original = next(code for code in (*kept_original, *LANGUAGES) if code in languages)
    wanted = {text.language: text for text in texts}
    changed = False
    gone = [text.pk for language, text in stored.items() if language not in languages]
    if gone:
        ResourceText.objects.visible_to(SYSTEM).filter(pk__in=gone).delete()
        changed = True
    demoted = [
        text.pk for text in stored.values() if text.is_original and text.language != original
    ]  # the unique constraint lets only one be the original at any moment
    if demoted:
        ResourceText.objects.visible_to(SYSTEM).filter(pk__in=demoted).update(is_original=False)
        changed = True
    for language in sorted(languages):
        kept = stored.get(language)
        wish = wanted.get(language) or TextWish(language, kept.title, kept.summary, kept.body)  # type: ignore[union-attr]  # one of the two is there
        row = (wish.title, wish.summary, wish.body, language == original)
        if kept is not None and row == (
            kept.title, kept.summary, kept.body, kept.is_original and kept.pk not in demoted
        ):  # fmt: skip
            continue
        ResourceText.objects.visible_to(SYSTEM).update_or_create(
            resource=listing,
            language=language,
            defaults={
                "title": wish.title,
                "summary": wish.summary,
                "body": wish.body,
                "is_original": language == original,
            },
        )
        changed = True
    return changed


def _stored(listing: Resource) -> list[ResourceText]:
    return list(ResourceText.objects.visible_to(SYSTEM).filter(resource=listing))
