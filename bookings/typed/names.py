"""Things of a house and members, found by their names in a typed line: inflected, without accents, begun."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sharing.words import folded, split, stems

from .letters import TAKEN, Typed, one_of

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_STEMMED = ("pl", "en", "de")
_PIECES = r"(?:\s*(?:x\b|szt\w*\.?|sztuk\w*|stk\.?|stuck\w*|pcs|pieces|шт\.?))?"
_BEFORE = re.compile(rf"(?<![\d.:,/-])(?P<units>\d{{1,6}}){_PIECES}\s*$")
_AFTER = re.compile(rf"^\s*(?:x\s*)?(?P<units>\d{{1,6}}){_PIECES}(?![\d:.]|\s*-)")
_ALONE = re.compile(
    r"(?<![\d.:,/-])(?P<units>\d{1,6})\s*(?:x\b|szt\w*\.?|sztuk\w*|stk\.?|stuck\w*|pcs|pieces|шт\.?)(?!\w)"
)
_FOR = re.compile(rf"\b{one_of('dla for für fur для')}\s+$")
OWN = re.compile(
    rf"\b{one_of('dla_nas dla_siebie for_us for_ourselves für_uns für_uns_selbst для_нас для_себе')}(?!\w)"
)


@dataclass(frozen=True, slots=True)
class Named:
    """A thing or a member: a key, its names in any language, and of a thing whether there are several of it."""

    key: str
    names: tuple[str, ...]
    counted: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """A thing with how many of it, where that was said."""

    key: str
    units: int | None


@dataclass(frozen=True, slots=True)
class _Token:
    word: str
    forms: frozenset[str]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Match:
    key: str
    start: int
    end: int
    words: int
    whole: bool
    """Every word of its name was typed."""
    telling: int
    """How many of the words say something: no "nr", and no number but its own."""


def take_things(typed: Typed, things: Sequence[Named]) -> tuple[Found, ...]:
    """The things that are named, each once, in the order in which they stand. Where several fit equally none does."""
    found: list[tuple[int, Found]] = []
    left = {thing.key: thing for thing in things}
    for _again in range(20):
        best = _best(typed, left.values())
        if len(best) != 1:
            break
        one = best[0]
        start, end, units = _with_number(typed, one)
        typed.take(start, end, "thing")
        found.append((start, Found(one.key, units)))
        del left[one.key]
    else:
        best = []
    if len(best) > 1:
        first = best[0]
        choices = tuple(dict.fromkeys(one.key for one in best))
        typed.doubt("which_thing", typed.text[first.start : first.end], choices)
    ordered = tuple(one for _place, one in sorted(found, key=lambda pair: pair[0]))
    return _count_alone(typed, ordered, {one.key for one in things if one.counted})


def _count_alone(typed: Typed, found: tuple[Found, ...], counted: set[str]) -> tuple[Found, ...]:
    """ "40 pcs" without a name beside it are of the one thing that is counted and has no number yet."""
    number = typed.find(_ALONE)
    open_ = [one for one in found if one.key in counted and one.units is None]
    if number is None or len(open_) != 1:
        return found
    typed.take(number.start(), number.end(), "units")
    units = int(number["units"])
    return tuple(Found(one.key, units) if one is open_[0] else one for one in found)


def lone_number(typed: Typed) -> int | None:
    """ "40 pcs" where no thing is named."""
    found = typed.take_first(_ALONE, "units")
    return int(found["units"]) if found else None


def take_member(typed: Typed, members: Sequence[Named]) -> str | None:
    """The member that is named; one that only might be meant is said, and stays where it stands."""
    matches = [
        one
        for start, end in typed.runs()
        for member in members
        for name in member.names
        if (one := _match(_tokens(typed, start, end), name, member.key, from_first=True))
    ]
    if not matches:
        return None
    longest = max(one.words for one in matches)
    best = [one for one in matches if one.words == longest]
    best = [one for one in best if one.whole] or best
    keys = tuple(dict.fromkeys(one.key for one in best))
    first = best[0]
    if len(keys) == 1 and (first.whole or first.telling > 1):
        lead = _FOR.search(typed.left[: first.start])
        typed.take(lead.start() if lead else first.start, first.end, "member")
        return keys[0]
    typed.doubt("which_member", typed.text[first.start : first.end], keys[:5])
    return None


def _tokens(typed: Typed, start: int, end: int) -> list[_Token]:
    found = []
    for word in _WORD.finditer(typed.left, start, end):
        if TAKEN in word[0]:
            continue
        text = typed.text[word.start() : word.end()].lower()
        found.append(_Token(folded(text), _forms(text), word.start(), word.end()))
    return found


def _forms(word: str) -> frozenset[str]:
    found = {folded(word)}
    for language in _STEMMED:
        found |= stems(word, language)
    return frozenset(found)


def _alike(token: _Token, word: str, forms: frozenset[str]) -> bool:
    """The same word in another form, its beginning, or what shares a long beginning with it."""
    if token.word == word or (len(token.word) > 2 and token.forms & forms):
        return True
    if token.word.isdecimal() or word.isdecimal():
        return False
    if len(token.word) > 2 and word.startswith(token.word):
        return True
    shorter = min(len(token.word), len(word))
    shared = next((n for n in range(shorter) if token.word[n] != word[n]), shorter)
    return shared >= 4 and shared >= 0.7 * shorter and abs(len(token.word) - len(word)) <= 3


def _match(
    tokens: Sequence[_Token], name: str, key: str, *, from_first: bool = False
) -> _Match | None:
    """The longest run of neighbouring words that are all of `name`; of a member they begin with its first word."""
    words = [(folded(word), _forms(word)) for word in split(name)]
    best: _Match | None = None
    for first in range(len(tokens)):
        left = list(words)
        last = first - 1
        for number in range(first, len(tokens)):
            token = tokens[number]
            place = next((n for n, (w, forms) in enumerate(left) if _alike(token, w, forms)), None)
            if place is None or (from_first and number == first and place != 0):
                break
            del left[place]
            last = number
        run = tokens[first : last + 1]
        said = sum(len(one.word) for one in run) > 2 and not _only_numbers(run)
        if said and (best is None or len(run) > best.words):
            telling = sum(len(one.word) > 2 or one.word.isdecimal() for one in run)
            after = tokens[last + 1].word if last + 1 < len(tokens) else ""
            other = after.isdecimal() and any(word.isdecimal() for word, _forms in left)
            best = _Match(
                key, run[0].start, run[-1].end, len(run), not left, 0 if other else telling
            )
    return best


def _only_numbers(run: Iterable[_Token]) -> bool:
    return all(one.word.isdecimal() for one in run)


def _best(typed: Typed, things: Iterable[Named]) -> list[_Match]:
    """The things that fit best: by the words that were typed, whole names before parts of them."""
    matches = [
        one
        for start, end in typed.runs()
        for tokens in [_tokens(typed, start, end)]
        for thing in things
        for name in thing.names
        if (one := _match(tokens, name, thing.key))
    ]
    if not matches:
        return []
    most = max(one.words for one in matches)
    best = [one for one in matches if one.words == most]
    place = min(one.start for one in best)
    best = [one for one in best if one.start == place]
    best = [one for one in best if one.whole] or best
    return list({one.key: one for one in best}.values())


def _with_number(typed: Typed, one: _Match) -> tuple[int, int, int | None]:
    """The number right before a name, or right behind it."""
    before = _BEFORE.search(typed.left[: one.start])
    if before is not None:
        return before.start(), one.end, int(before["units"])
    after = _AFTER.search(typed.left[one.end :])
    if after is not None:
        return one.start, one.end + after.end(), int(after["units"])
    return one.start, one.end, None
