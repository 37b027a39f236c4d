"""A picture of cost against stored claims, as SVG written by hand: two axes, a line and its name for each measure."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

WIDTH, HEIGHT = 720, 400
LEFT, RIGHT, TOP, BOTTOM = 70, 230, 30, 50
COLOURS = ("#0b57d0", "#b3261e", "#146c2e", "#7a4100", "#6b21a8", "#00687a", "#5c5c00")
STYLE = (
    "text{font:13px system-ui,sans-serif;fill:#1f1f1f}.grid{stroke:#dadce0}.axis{stroke:#5f6368}"
    "@media(prefers-color-scheme:dark){svg{background:#1f1f1f}text{fill:#e8eaed}.grid{stroke:#3c4043}}"
)

Points = Sequence[tuple[int, float]]


def drawn(title: str, measures: Mapping[str, Points]) -> str:
    """`measures`: name -> (stored claims, milliseconds). Both axes are logarithmic; lines are named at their ends."""
    xs = sorted({x for points in measures.values() for x, _y in points})
    ys = [y for points in measures.values() for _x, y in points]
    low, high = 10 ** math.floor(math.log10(min(ys))), 10 ** math.ceil(math.log10(max(ys)))
    x = _scale(xs[0], xs[-1], LEFT, WIDTH - RIGHT)
    y = _scale(low, high, HEIGHT - BOTTOM, TOP)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{title}">',
        f"<title>{title}</title><style>{STYLE}</style>",
    ]
    for tick in _ticks(low, high):
        at = y(tick)
        parts.append(f'<path class="grid" d="M{LEFT} {at:.1f}H{WIDTH - RIGHT}"/>')
        parts.append(f'<text x="{LEFT - 8}" y="{at + 4:.1f}" text-anchor="end">{tick:g} ms</text>')
    for tick in xs:
        at = x(tick)
        parts.append(f'<path class="axis" d="M{at:.1f} {HEIGHT - BOTTOM}v6"/>')
        parts.append(
            f'<text x="{at:.1f}" y="{HEIGHT - BOTTOM + 22}" text-anchor="middle">{tick:,}</text>'
        )
    parts.append(f'<path class="axis" d="M{LEFT} {HEIGHT - BOTTOM}H{WIDTH - RIGHT}"/>')
    parts.append(
        f'<text x="{(LEFT + WIDTH - RIGHT) / 2}" y="{HEIGHT - 8}" text-anchor="middle">stored claims</text>'
    )
    names = _apart({name: y(points[-1][1]) for name, points in measures.items()})
    for number, (name, points) in enumerate(measures.items()):
        colour = COLOURS[number % len(COLOURS)]
        line = " ".join(f"{x(at):.1f},{y(cost):.1f}" for at, cost in points)
        parts.append(f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [
            f'<circle cx="{x(at):.1f}" cy="{y(cost):.1f}" r="3.5" fill="{colour}"><title>{cost:.2f} ms</title></circle>'
            for at, cost in points
        ]
        parts.append(
            f'<text x="{WIDTH - RIGHT + 10}" y="{names[name] + 4:.1f}" style="fill:{colour}">{name}</text>'
        )
    return "\n".join([*parts, "</svg>", ""])


def _scale(low: float, high: float, first: float, last: float) -> Callable[[float], float]:
    def at(value: float) -> float:
        share = (math.log10(value) - math.log10(low)) / (math.log10(high) - math.log10(low))
        return first + share * (last - first)

    return at


def _ticks(low: float, high: float) -> list[float]:
    steps = round(math.log10(high / low))
    return [low * 10**step * part for step in range(steps) for part in (1, 2, 5)] + [high]


def _apart(places: Mapping[str, float], *, least: float = 16) -> dict[str, float]:
    """The places of names, moved down where they would lie over each other."""
    found: dict[str, float] = {}
    last = -least
    for name, at in sorted(places.items(), key=lambda item: item[1]):
        last = max(at, last + least)
        found[name] = last
    return found
