"""The search document of a resource, kept by whoever writes what it is made of."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection

from cooperative.access.querysets import SYSTEM
from sharing.models import AttributeDefinition, Category, Resource
from sharing.queries.catalogue import Tree, tree
from sharing.queries.listings import with_parts_shown
from sharing.words import Passage, distinct, document, sort_key

_STORE = """
UPDATE sharing_resource AS kept
SET search_document = made.document::tsvector, search_words = made.words, sort_key = made.key
FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[]) AS made(id, document, words, key)
WHERE kept.id = made.id
"""

# Sorted, so that two writers of the same new words wait for each other in one order.
_WORDS = """
INSERT INTO sharing_word (word)
SELECT DISTINCT word FROM unnest(%s::text[]) AS word WHERE length(word) BETWEEN 4 AND 40 ORDER BY word
ON CONFLICT DO NOTHING
"""


def refresh(resources: Sequence[int], *, within: Tree | None = None) -> int:
    """Make the documents of `resources` (database ids) anew; how many. Six statements whatever their number."""
    categories = within or tree()
    labels = {definition.code: definition for definition in AttributeDefinition.objects.all()}
    listed = with_parts_shown(Resource.objects.visible_to(SYSTEM)).filter(pk__in=list(resources))
    rows = [_made(resource, categories, labels) for resource in listed]
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(_STORE, [list(column) for column in zip(*rows, strict=True)])
            cursor.execute(_WORDS, [sorted({word for row in rows for word in row[2].split()})])
    return len(rows)


def _made(
    resource: Resource, categories: Tree, labels: dict[str, AttributeDefinition]
) -> tuple[int, str, str, str]:
    """Id, document, words and sort key of one resource."""
    texts = list(resource.texts.all())
    passages = [Passage(text.title, text.language, "A") for text in texts]
    passages += [Passage(text.summary, text.language, "B") for text in texts]
    passages += [Passage(text.body, text.language, "C") for text in texts]
    around = [*_category_names(categories.path(resource.category)), *_said(resource, labels)]
    passages += [Passage(words, language, "D") for language, words in around]
    place = " ".join(
        (resource.owner.name, resource.owner.short_name, resource.owner.city, resource.place)
    )
    passages.append(Passage(place, "pl", "D"))
    shown = next((text for text in texts if text.language == "pl"), None)
    shown = shown or next((text for text in texts if text.is_original), None)
    words = distinct(
        [
            *(text.title for text in texts),
            *(text.summary for text in texts),
            *(names for _, names in around),
            place,
        ]
    )
    return resource.pk, document(passages), words, sort_key(shown.title if shown else "")


def _category_names(path: Sequence[Category]) -> list[tuple[str, str]]:
    return [(language, name) for category in path for language, name in category.name.items()]


def _said(resource: Resource, labels: dict[str, AttributeDefinition]) -> list[tuple[str, str]]:
    """Labels of what is said with yes, and of what was chosen; a "no" must not be found."""
    found: list[tuple[str, str]] = []
    for code, value in resource.attributes.items():
        definition = labels.get(code)
        if definition is None or value is False:
            continue
        if definition.kind == "text":
            found.append(("pl", str(value)))
            continue
        found += definition.label.items()
        for choice in definition.choices:
            if choice["code"] == value:
                found += choice["label"].items()
    return found
