"""Words as they are searched and sorted: folded to plain letters, stemmed per language. Pure, no database.

PostgreSQL cannot stem Polish, and what its own parser and trigrams take for a letter depends on the locale of the
database. So lexemes are made here, in ASCII as far as there is a transliteration, and stored as they are.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock

import snowballstemmer

MOST_QUERY_WORDS = 8
LONGEST_WORD = 40
MOST_WORDS = 4_000

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_STEMMERS = {
    "pl": snowballstemmer.stemmer("polish"),
    "en": snowballstemmer.stemmer("english"),
    "de": snowballstemmer.stemmer("german"),
}
_LOCK = Lock()

# What decomposition leaves as it is: Latin letters of one piece, and Cyrillic as Ukrainian passports write it.
_PLAIN = str.maketrans(
    {
        "ł": "l", "ß": "ss", "ø": "o", "æ": "ae", "œ": "oe", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ŋ": "n",
        "а": "a", "б": "b", "в": "v", "г": "h", "ґ": "g", "д": "d", "е": "e", "є": "ie", "ж": "zh", "з": "z",
        "и": "y", "і": "i", "ї": "i", "й": "i", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p",
        "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch",
        "ь": "", "ю": "iu", "я": "ia", "ё": "e", "ы": "y", "э": "e", "ъ": "", "’": "", "'": "", "ʼ": "",
    }
)  # fmt: skip

_POLISH = "aąbcćdeęfghijklłmnńoópqrsśtuvwxyzźż"
_SIGNS = "0123456789abcdefghijklmnopqrstuvwxyz"


def folded(text: str) -> str:
    """Lower case, no accents, Cyrillic transliterated; other scripts stay as they are."""
    plain = text.lower().translate(_PLAIN)
    marked = unicodedata.normalize("NFKD", plain)
    return "".join(sign for sign in marked if not unicodedata.combining(sign)).translate(_PLAIN)


def split(text: str) -> list[str]:
    """The words of a text in lower case, as written."""
    return [
        word[:LONGEST_WORD] for word in _WORD.findall(unicodedata.normalize("NFC", text).lower())
    ]


@lru_cache(maxsize=20_000)
def stems(word: str, language: str) -> frozenset[str]:
    """The folded stems of a word (in lower case): with its accents, and as if typed without them."""
    stemmer = _STEMMERS.get(language)
    plain = folded(word)
    if stemmer is None or len(plain) < 3:
        return frozenset({plain})
    with _LOCK:  # a stemmer keeps its word in itself
        return frozenset({folded(stemmer.stemWord(word)), folded(stemmer.stemWord(plain))})


@dataclass(frozen=True, slots=True)
class Passage:
    """Text of one language and weight: A title, B summary, C body, D words around it."""

    text: str
    language: str
    weight: str


def document(passages: Iterable[Passage]) -> str:
    """The text form of a `tsvector`: every word folded, and its stems, at its place with its weight."""
    places: dict[str, list[tuple[int, str]]] = {}
    position = 0
    for passage in passages:
        for word in split(passage.text):
            if position >= MOST_WORDS:
                break
            position += 1
            for lexeme in {folded(word), *stems(word, passage.language)}:
                if lexeme and len(places.setdefault(lexeme, [])) < 40:
                    places[lexeme].append((position, passage.weight))
    return " ".join(
        f"{quoted(lexeme)}:" + ",".join(f"{place}{weight}" for place, weight in found)
        for lexeme, found in sorted(places.items())
    )


def distinct(texts: Iterable[str], *, longest: int = 4_000) -> str:
    """Folded words of `texts`, each once, for likeness of letters."""
    seen: dict[str, None] = {}
    for text in texts:
        for word in split(text):
            if len(word) > 1:
                seen.setdefault(folded(word))
    return " ".join(seen)[:longest]


@dataclass(frozen=True, slots=True)
class Wanted:
    """One word of a search: `plain` as folded, `query` the text form of a `tsquery` that finds its forms."""

    plain: str
    query: str


def wanted(words: str) -> list[Wanted]:
    """The words somebody looks for; the language is unknown, so stems of all three are tried."""
    result: dict[str, Wanted] = {}
    for word in split(words[:400]):
        plain = folded(word)
        if not plain or plain in result:
            continue
        forms = set().union(*(stems(word, language) for language in _STEMMERS)) - {plain, ""}
        start = f"{quoted(plain)}:*" if len(plain) > 1 else quoted(plain)
        alternatives = [start, *(quoted(form) for form in sorted(forms))]
        result[plain] = Wanted(plain, "(" + " | ".join(alternatives) + ")")
        if len(result) == MOST_QUERY_WORDS:
            break
    return list(result.values())


def quoted(lexeme: str) -> str:
    """`lexeme` as it stands in the text form of a `tsvector` or `tsquery`."""
    return "'" + lexeme.replace("\\", "").replace("'", "") + "'"


def sort_key(title: str) -> str:
    """A key that any collation sorts as a Polish reader would: a ą b c ć ...; numbers by value, then other scripts."""
    key: list[str] = []
    for part in re.findall(r"\d+|\D", unicodedata.normalize("NFC", title.lower())):
        if part.isdecimal():
            key.append("".join("1" + sign for sign in str(int(part)).zfill(6)[:9]))
        else:
            key.append(_letter(part))
    return "".join(key)[:250]


def _letter(sign: str) -> str:
    place = _POLISH.find(sign)
    if place >= 0:
        return _pair(place)
    if not sign.isalpha():
        return "" if not sign.isspace() else "00"
    plain = folded(sign)
    if sign < "\u0370" and plain:
        return "".join(_pair(_POLISH.find(one)) for one in plain if one in _POLISH)
    # Other scripts stand behind Latin, in the order of their code points.
    return "z" + "".join(_SIGNS[(ord(sign) // 36**power) % 36] for power in (3, 2, 1, 0))


def _pair(place: int) -> str:
    return _SIGNS[10 + place // 10] + _SIGNS[place % 10]
