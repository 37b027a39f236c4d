"""A booking typed in one line: what is read of real lines in four languages, and what is said to be unsure."""

from __future__ import annotations

from datetime import date

import pytest

from bookings.typed import Named, TypedBooking, read_line

MONDAY = date(2027, 3, 1)
THINGS = (
    Named("mirror", ("Sala lustrzana", "Mirror room")),
    Named("hall", ("Sala widowiskowa", "Main hall", "Großer Saal")),
    Named("chairs", ("Krzesła", "Chairs", "Stühle", "Стільці"), counted=True),
    Named("projector", ("Projektor", "Projector", "Beamer")),
    Named("mikes", ("Mikrofon bezprzewodowy",), counted=True),
)
MEMBERS = (
    Named("nadrzecze", ("Dom Kultury Nadrzecze", "DK Nadrzecze")),
    Named("echo", ("Chór Echo",)),
    Named("school", ("Szkoła Podstawowa nr 12",)),
)


def read(text: str, language: str = "pl") -> TypedBooking:
    return read_line(text, today=MONDAY, language=language, things=THINGS, members=MEMBERS)


def clock(minute: int | None) -> str:
    return "?" if minute is None else f"{minute // 60}:{minute % 60:02}"


def told(text: str, language: str = "pl") -> str:
    """What was read as one line: day, hours, how it repeats; things; for whom; title; then what is unsure."""
    found = read(text, language)
    repeats, when = found.repeats, ""
    if found.day or found.start is not None:
        when = f"{found.day or '?'} {clock(found.start)}-{clock(found.end)}"
    if repeats is not None:
        days = ",".join(str(day) for day in sorted(repeats.weekdays))
        when += (
            f" /{repeats.interval} {repeats.every} {days}>{repeats.until or repeats.times or '?'}"
        )
    things = "+".join(f"{one.key}{one.units or ''}" for one in found.things)
    whom = [found.member, "own" if found.own else "", found.person, found.phone, found.email]
    people = f"{found.people}p" if found.people else ""
    said = [
        when.strip(),
        things,
        *whom,
        people,
        found.came_by,
        f"'{found.title}'" if found.title else "",
    ]
    doubts = [f"?{one.code}({one.text})" for one in found.doubts]
    return " | ".join(one for one in [*said, *doubts] if one)


POLISH = [
    (
        "wt 17-18:30, chór, p. Nowak 600 100 200",
        "2027-03-02 17:00-18:30 | p. Nowak | 600 100 200 | 'chór' | ?which_member(chór)",
    ),
    (
        "sala lustrzana śr 17.03 10-12, szkoła 12, p. Nowak 600100200",
        "2027-03-17 10:00-12:00 | mirror | school | p. Nowak | 600100200",
    ),
    (
        "śr 17.03 10-12 sala lustrzana szkoła podstawowa nr 12",
        "2027-03-17 10:00-12:00 | mirror | school",
    ),
    ("jutro 17:00–18.30 sala widowiskowa, próba", "2027-03-02 17:00-18:30 | hall | 'próba'"),
    ("dziś od 17 do 19 w sali lustrzanej joga", "2027-03-01 17:00-19:00 | mirror | 'joga'"),
    ("w piątek o 17 na 2h, projektor, DKF", "2027-03-05 17:00-19:00 | projector | 'DKF'"),
    ("12.03 10-14 40 krzeseł, festyn", "2027-03-12 10:00-14:00 | chairs40 | 'festyn'"),
    ("12 marca 18-22 koncert, krzesła x 100", "2027-03-12 18:00-22:00 | chairs100 | 'koncert'"),
    ("12.03.2027 22-2 bal, sala widowiskowa", "2027-03-12 22:00-26:00 | hall | 'bal'"),
    (
        "sob 13.3 cały dzień, sala widowiskowa + 40 krzeseł, wesele p. Anny Kowalskiej",
        "2027-03-13 0:00-24:00 | hall+chairs40 | p. Anny Kowalskiej | 'wesele'",
    ),
    ("niedziela wieczorem lustrzana salsa", "2027-03-07 18:00-23:00 | mirror | 'salsa'"),
    ("pon rano mikrofony 4 szt.", "2027-03-01 8:00-13:00 | mikes4"),
    (
        "co tydzień we wtorek 17-18 do 20.06 sala lustrzana zumba",
        "2027-03-02 17:00-18:00 /1 week >2027-06-20 | mirror | 'zumba'",
    ),
    (
        "co wtorek 17-18:30 do końca czerwca, lustrzana, chór",
        "2027-03-02 17:00-18:30 /1 week 1>2027-06-30 | mirror | 'chór' | ?which_member(chór)",
    ),
    (
        "co 2 tygodnie 10 razy, czw 18-20, sala lustrzana, klub książki",
        "2027-03-04 18:00-20:00 /2 week >10 | mirror | 'klub książki'",
    ),
    (
        "co wtorek w marcu 10-12 sala lustrzana szkoła nr 7",
        "2027-03-02 10:00-12:00 /1 week 1>2027-03-31 | mirror | 'szkoła nr 7' | ?which_member(szkoła nr)",
    ),
    (
        "wtorki i czwartki 16-17 do 30.06 balet",
        "2027-03-02 16:00-17:00 /1 week 1,3>2027-06-30 | 'balet'",
    ),
    ("codziennie 9-10 do 12.03 gimnastyka", "? 9:00-10:00 /1 day >2027-03-12 | 'gimnastyka'"),
    ("12-14 marca sala widowiskowa, festiwal", "2027-03-12 0:00-72:00 | hall | 'festiwal'"),
    ("12.03-14.03 krzesła 60", "2027-03-12 0:00-72:00 | chairs60 | ?day_or_hour(12.03-14.03)"),
    (
        "5.03 17.00-18.30 zebranie rady, 30 osób, sala lustrzana",
        "2027-03-05 17:00-18:30 | mirror | 30p | 'zebranie rady'",
    ),
    (
        "wt 17-18.30 klasy 4-6 lekcja teatralna, sala widowiskowa",
        "2027-03-02 17:00-18:30 | hall | 'klasy 4-6 lekcja teatralna'",
    ),
    ("czwartek 5 po południu na godzinę spotkanie", "2027-03-04 17:00-18:00 | 'spotkanie'"),
    (
        "p. Kowalski 71 123 45 67 sob 10-12 krzesła 20",
        "2027-03-06 10:00-12:00 | chairs20 | p. Kowalski | 71 123 45 67",
    ),
    (
        "anna@szkola.example, pt 9-11, projektor, mailem",
        "2027-03-05 9:00-11:00 | projector | anna@szkola.example | email",
    ),
    ("dla Chóru Echo wt 18-20 lustrzana", "2027-03-02 18:00-20:00 | mirror | echo"),
    ("chór echo wt 18-20 lustrzana próba", "2027-03-02 18:00-20:00 | mirror | echo | 'próba'"),
    ("dla nas pt 8-16 sala widowiskowa montaż", "2027-03-05 8:00-16:00 | hall | own | 'montaż'"),
    ("sala wt 10-12", "2027-03-02 10:00-12:00 | 'sala' | ?which_thing(sala)"),
    ("wt 12 marca 10-11 narada", "2027-03-12 10:00-11:00 | 'narada' | ?weekday_differs(wt)"),
    (
        "przyszły czwartek 10-12 warsztaty",
        "2027-03-11 10:00-12:00 | 'warsztaty' | ?which_week(przyszły czwartek)",
    ),
    ("12.III 17-19 wernisaż", "2027-03-12 17:00-19:00 | 'wernisaż'"),
    ("wczoraj 17-18 lustrzana joga", "2027-02-28 17:00-18:00 | mirror | 'joga'"),
    ("o 17:30 lustrzana", "? 17:30-? | mirror | ?no_end(o 17:30)"),
    ("2027-03-15 18:00-20:00 lustrzana", "2027-03-15 18:00-20:00 | mirror"),
    (
        "w poniedziałek od 8:00 do 15:30 egzaminy, sala widowiskowa, 120 osób, +48 600 100 200",
        "2027-03-01 8:00-15:30 | hall | +48 600 100 200 | 120p | 'egzaminy'",
    ),
    (
        "tel. 600-100-200 pani Maria jutro 15-17 lustrzana urodziny",
        "2027-03-02 15:00-17:00 | mirror | pani Maria | 600-100-200 | 'urodziny'",
    ),
    ("próba wt 17-19", "2027-03-02 17:00-19:00 | 'próba'"),
    ("17-18:30 wt chór", "2027-03-02 17:00-18:30 | 'chór' | ?which_member(chór)"),
    ("wt 9.00 - 11.30 sala lustrzana", "2027-03-02 9:00-11:30 | mirror"),
    ("sr 14-16 krzesla 15", "2027-03-03 14:00-16:00 | chairs15"),
    ("lustrzana 22-24 sylwester 31.12", "2027-12-31 22:00-24:00 | mirror | 'sylwester'"),
    (
        "pt 18-20 wieczór poezii, sala widowiskowa",
        "2027-03-05 18:00-20:00 | hall | 'wieczór poezii'",
    ),
    ("29.02.2028 10-12 narada", "2028-02-29 10:00-12:00 | 'narada'"),
    ("31.02 10-12 narada", "? 10:00-12:00 | '31.02 narada'"),
    (
        "w każdą środę 17:30-19:00 do 23.06.2027 lustrzana, tango",
        "2027-03-03 17:30-19:00 /1 week 2>2027-06-23 | mirror | 'tango'",
    ),
    (
        "co drugi czwartek 18-20 do końca roku lustrzana",
        "2027-03-04 18:00-20:00 /2 week 3>2027-12-31 | mirror",
    ),
    (
        "co miesiąc 6 razy 4.03 17-19 rada seniorów",
        "2027-03-04 17:00-19:00 /1 month >6 | 'rada seniorów'",
    ),
    (
        "pojutrze 9-10:30 projektor p. dyrektor listem",
        "2027-03-03 9:00-10:30 | projector | p. dyrektor | letter",
    ),
    ("so 10-12 próba", "2027-03-06 10:00-12:00 | 'próba'"),
]
ENGLISH = [
    (
        "tue 5-7pm mirror room, choir rehearsal, Mr Smith +44 20 7946 0958",
        "2027-03-02 17:00-19:00 | mirror | Mr Smith | +44 20 7946 0958 | 'choir rehearsal'",
    ),
    ("tomorrow at 5pm for 2 hours, projector", "2027-03-02 17:00-19:00 | projector"),
    (
        "every tuesday 5pm-6pm until 30 June, mirror room, yoga",
        "2027-03-02 17:00-18:00 /1 week 1>2027-06-30 | mirror | 'yoga'",
    ),
    ("march 12 10:00-12:00 40 chairs", "2027-03-12 10:00-12:00 | chairs40"),
    (
        "every other friday 6pm-8pm 5 times mirror room, book club",
        "2027-03-05 18:00-20:00 /2 week 4>5 | mirror | 'book club'",
    ),
    ("12/03 9:30-11 main hall, for us", "2027-03-12 9:30-11:00 | hall | own"),
    (
        "sat 13 March all day main hall + 60 chairs, wedding",
        "2027-03-13 0:00-24:00 | hall+chairs60 | 'wedding'",
    ),
    (
        "weekly on thu 18:00-19:30 until the end of May, mirror room, tango",
        "2027-03-04 18:00-19:30 /1 week >2027-05-31 | mirror | 'tango'",
    ),
    (
        "fri in the evening main hall, school play, 80 people",
        "2027-03-05 18:00-23:00 | hall | 80p | 'school play'",
    ),
    (
        "next tuesday 10-12 mirror room",
        "2027-03-09 10:00-12:00 | mirror | ?which_week(next tuesday)",
    ),
    ("today 4pm projector", "2027-03-01 16:00-? | projector | ?no_end(4pm)"),
    (
        "wed 10 to 12 mirror room, Mrs Brown brown@school.example by e-mail",
        "2027-03-03 10:00-12:00 | mirror | Mrs Brown | brown@school.example | email",
    ),
]
GERMAN = [
    (
        "Di 17-18:30 Uhr Beamer, Frau Müller 030 1234567",
        "2027-03-02 17:00-18:30 | projector | Frau Müller | 030 1234567",
    ),
    (
        "jeden Dienstag 17-18 Uhr bis Ende Juni, Großer Saal, Chor",
        "2027-03-02 17:00-18:00 /1 week 1>2027-06-30 | hall | 'Chor' | ?which_member(Chor)",
    ),
    ("morgen ab 17 Uhr für 2 Stunden 40 Stühle", "2027-03-02 17:00-19:00 | chairs40"),
    ("Do 18.3. 9 bis 12 Uhr Tagung 50 Personen", "2027-03-18 9:00-12:00 | 50p | 'Tagung'"),
    ("Mi 10-12 Uhr Großer Saal, 60 Stühle", "2027-03-03 10:00-12:00 | hall+chairs60"),
    (
        "am Freitag um 18 Uhr Konzert, Großer Saal",
        "2027-03-05 18:00-? | hall | 'Konzert' | ?no_end(um 18 Uhr)",
    ),
    (
        "jeden zweiten Montag 17:00-18:30 10 mal Tanzkurs",
        "2027-03-01 17:00-18:30 /2 week 0>10 | 'Tanzkurs'",
    ),
    ("12. März 18-22 Uhr Großer Saal, Ball", "2027-03-12 18:00-22:00 | hall | 'Ball'"),
    ("heute abends Probe", "2027-03-01 18:00-23:00 | 'Probe'"),
    ("13.3. ganztägig Beamer", "2027-03-13 0:00-24:00 | projector"),
    (
        "Donnerstags 10-11 bis 24.06. Gymnastik",
        "2027-03-04 10:00-11:00 /1 week 3>2027-06-24 | 'Gymnastik'",
    ),
    (
        "übermorgen 9.30-11.00 Beamer, Herr Schmidt",
        "2027-03-03 9:30-11:00 | projector | Herr Schmidt",
    ),
    (
        "nächsten Dienstag vormittags Beamer",
        "2027-03-09 8:00-13:00 | projector | ?which_week(nächsten Dienstag)",
    ),
]
UKRAINIAN = [
    (
        "вт 17-18:30, хор, пані Олена 067 123 45 67",
        "2027-03-02 17:00-18:30 | пані Олена | 067 123 45 67 | 'хор'",
    ),
    ("завтра з 10 до 12, 40 стільців", "2027-03-02 10:00-12:00 | chairs40"),
    (
        "щовівторка 17-18 до кінця червня, танці",
        "2027-03-02 17:00-18:00 /1 week 1>2027-06-30 | 'танці'",
    ),
    ("у п'ятницю о 18:00 на 2 год, концерт", "2027-03-05 18:00-20:00 | 'концерт'"),
    ("12 березня 18-22 вечір поезії", "2027-03-12 18:00-22:00 | 'вечір поезії'"),
    ("субота цілий день, 40 стільців", "2027-03-06 0:00-24:00 | chairs40"),
    (
        "кожної середи 18:00-19:30 до 23.06 танго",
        "2027-03-03 18:00-19:30 /1 week 2>2027-06-23 | 'танго'",
    ),
    ("12.03 з 9:00 до 11:00 нарада, 30 осіб", "2027-03-12 9:00-11:00 | 30p | 'нарада'"),
    ("сьогодні ввечері кіно", "2027-03-01 18:00-23:00 | 'кіно'"),
    ("кожен вівторок 17-18 10 разів хор", "2027-03-02 17:00-18:00 /1 week 1>10 | 'хор'"),
    ("в неділю 10-14 базар 20 стільців", "2027-03-07 10:00-14:00 | chairs20 | 'базар'"),
    (
        "чт 10-12, пан Петренко, +380 67 123 45 67",
        "2027-03-04 10:00-12:00 | пан Петренко | +380 67 123 45 67",
    ),
    (
        "наступний четвер 12-13 зустріч",
        "2027-03-11 12:00-13:00 | 'зустріч' | ?which_week(наступний четвер)",
    ),
]


@pytest.mark.parametrize(("text", "expected"), POLISH)
def test_polish_lines(text: str, expected: str) -> None:
    assert told(text) == expected


@pytest.mark.parametrize(("text", "expected"), ENGLISH)
def test_english_lines(text: str, expected: str) -> None:
    assert told(text, "en") == expected


@pytest.mark.parametrize(("text", "expected"), GERMAN)
def test_german_lines(text: str, expected: str) -> None:
    assert told(text, "de") == expected


@pytest.mark.parametrize(("text", "expected"), UKRAINIAN)
def test_ukrainian_lines(text: str, expected: str) -> None:
    assert told(text, "uk") == expected


def test_each_piece_is_said_with_the_words_it_came_from() -> None:
    found = read("wt 17-18:30, chór, p. Nowak 600 100 200")
    pieces = [(one.what, one.text) for one in found.pieces]
    assert pieces == [
        ("phone", "600 100 200"),
        ("day", "wt"),
        ("hours", "17-18:30"),
        ("person", "p. Nowak"),
    ]


def test_what_might_be_meant_is_offered_and_not_taken() -> None:
    found = read("sala wt 10-12, chór")
    assert [(one.code, one.choices) for one in found.doubts] == [
        ("which_thing", ("mirror", "hall")),
        ("which_member", ("echo",)),
    ]
    assert (found.things, found.member, found.title) == ((), None, "sala, chór")


def test_a_very_long_line_is_read_as_far_as_anybody_types() -> None:
    found = read("wt 10-12 " + "bardzo długi tytuł " * 500)
    assert (found.day, len(found.title) <= 200) == (date(2027, 3, 2), True)
