"""Sample days, weeks and months of the style page."""

from frontend.components import (
    Mark,
    MonthDay,
    MonthGrid,
    Tick,
    Tile,
    TileKind,
    Timeline,
    TimelineRow,
    cut,
)

WORDS: dict[TileKind, str] = {
    "free": "wolne",
    "some": "częściowo wolne",
    "asked": "jest prośba",
    "held": "wstępnie zarezerwowane",
    "taken": "zajęte",
    "closed": "zamknięte",
    "past": "minione",
}
DAYS = ("poniedziałek", "wtorek", "środa", "czwartek", "piątek", "sobota", "niedziela")
HOURS = tuple(f"{hour}:00" for hour in range(8, 23))


def hours(*marks: tuple[int, int, TileKind, str]) -> tuple[Tile, ...]:
    """A day from 8:00 to 22:00, free where nothing is said."""
    return cut(
        [
            Mark(
                start=(start - 8) * 60,
                end=(end - 8) * 60,
                kind=kind,
                label=WORDS[kind],
                text=text,
                mine=text == "Wasza próba",
            )
            for start, end, kind, text in marks
        ],
        minutes=14 * 60,
        unit=60,
        labels=HOURS,
        base="free",
        base_label="wolne",
    )


WEEK = (
    hours((8, 10, "closed", ""), (17, 20, "taken", "Próba chóru")),
    hours((8, 10, "closed", ""), (12, 15, "asked", "2 prośby")),
    hours((8, 10, "closed", ""), (16, 19, "held", "do pt. 12:00")),
    hours((8, 10, "closed", ""), (10, 14, "taken", ""), (18, 21, "taken", "Wasza próba")),
    hours((8, 10, "closed", "")),
    hours((8, 12, "closed", ""), (12, 20, "taken", "Festiwal")),
    hours((8, 22, "closed", "dzień wolny")),
)
RULER = tuple(Tick(label=str(hour)) for hour in range(8, 22))


def month_day(number: int, outside: bool = False) -> MonthDay:
    kinds: list[TileKind] = ["free", "free", "free"]
    if number % 7 in {5, 6}:
        kinds[0] = "closed"
    if number % 3 == 0:
        kinds[1] = "asked" if number % 2 else "taken"
    if number % 5 == 0:
        kinds[2] = "held" if number % 2 else "taken"
    parts = ("rano", "po południu", "wieczorem")
    return MonthDay(
        number=number,
        label=f"{number} kwietnia 2027",
        url="" if outside else f"#d{number}",
        today=number == 8 and not outside,
        chosen=number == 15 and not outside,
        outside=outside,
        tiles=()
        if outside
        else tuple(
            Tile(kind=kind, label=WORDS[kind], start_label=part, end_label=part)
            for kind, part in zip(kinds, parts, strict=True)
        ),
    )


def month() -> MonthGrid:
    days = [month_day(n, True) for n in (29, 30, 31)]
    days += [month_day(n) for n in range(1, 31)] + [month_day(n, True) for n in (1, 2)]
    return MonthGrid(
        caption="kwiecień 2027",
        weekdays=tuple((name[:2], name) for name in DAYS),
        weeks=tuple(tuple(days[i : i + 7]) for i in range(0, 35, 7)),
        previous_url="#m3",
        next_url="#m5",
    )


def timeline() -> Timeline:
    things = (
        ("Sala prób na parterze", "Dom Kultury Nadrzecze"),
        ("120 krzeseł składanych", "Ośrodek Kultury Wiadukt"),
        ("Sala kameralna", "Biblioteka Przy Moście"),
        ("Kabina tłumacza", "Fundacja Dwugłos"),
        ("Scena plenerowa z podestów", "Teatr Podwórko"),
    )
    kinds: tuple[TileKind, ...] = ("free", "taken", "free", "held", "some", "free", "asked")
    rows = []
    for shift, (title, owner) in enumerate(things):
        order = kinds[shift:] + kinds[:shift]
        tiles = tuple(
            Tile(
                kind=kind,
                label=WORDS[kind],
                start_label=f"{i * 4 + 1}.04",
                end_label=f"{i * 4 + 4}.04",
                span=4,
            )
            for i, kind in enumerate(order)
        )
        rows.append(TimelineRow(title=title, url="#r", subtitle=owner, tiles=tiles))
    ticks = tuple(Tick(label=str(day), now=day == 8) for day in range(1, 29))
    return Timeline(caption="Co jest wolne w kwietniu", ticks=ticks, rows=tuple(rows))
