"""Which column is what: guessed from the words of its header, in the four languages of the pages."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence

# The first word of each language is the header of the files that we write, so that what we write we understand.
WORDS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "id": {
        "pl": ("Id", "identyfikator", "nr", "numer", "nr rezerwacji"),
        "en": ("Id", "uid", "number", "booking id", "no"),
        "de": ("Id", "kennung", "nummer"),
        "uk": ("Id", "номер", "ідентифікатор"),
    },
    "thing": {
        "pl": ("Rzecz", "sala", "pomieszczenie", "zasób", "co", "miejsce", "sprzęt", "pracownia"),
        "en": ("Thing", "room", "hall", "resource", "what", "space", "location", "venue"),
        "de": ("Sache", "raum", "saal", "ort", "gegenstand", "ressource", "was"),
        "uk": ("Річ", "зал", "зала", "приміщення", "ресурс", "місце", "що"),
    },
    "weekday": {
        "pl": ("Dzień tygodnia", "dni tygodnia", "dzień zajęć"),
        "en": ("Weekday", "day of week", "day of the week", "weekdays"),
        "de": ("Wochentag", "wochentage"),
        "uk": ("День тижня", "дні тижня"),
    },
    "day": {
        "pl": ("Dzień", "data", "data od", "od dnia", "pierwszy dzień", "termin", "start zajęć"),
        "en": ("Day", "date", "first day", "start date", "from day", "dtstart"),
        "de": ("Tag", "datum", "ab", "ab datum", "startdatum", "erster tag"),
        "uk": ("День", "дата", "дата з", "перший день"),
    },
    "start": {
        "pl": ("Od", "od godz", "godz od", "godzina od", "początek", "godzina", "godziny", "godz"),
        "en": ("From", "start", "start time", "begin", "begins", "time", "hours", "starts at"),
        "de": ("Von", "beginn", "uhrzeit", "zeit", "start", "anfang"),
        "uk": ("Від", "з", "початок", "час", "години"),
    },
    "end_day": {
        "pl": ("Do dnia", "data do", "data zakończenia", "ostatni dzień", "koniec dnia"),
        "en": ("Until day", "end date", "to date", "last day", "end day"),
        "de": ("Bis Tag", "enddatum", "bis datum", "letzter tag"),
        "uk": ("До дня", "дата до", "дата кінця", "останній день"),
    },
    "end": {
        "pl": ("Do", "do godz", "godz do", "godzina do", "koniec", "zakończenie"),
        "en": ("To", "end", "end time", "until", "ends", "ends at", "dtend"),
        "de": ("Bis", "ende", "schluss"),
        "uk": ("До", "кінець"),
    },
    "until": {
        "pl": ("Powtarza się do", "co tydzień do", "powtarzane do", "powtarzać do", "zajęcia do"),
        "en": ("Repeats until", "weekly until", "repeat until", "every week until"),
        "de": ("Wiederholt bis", "wöchentlich bis", "jede woche bis"),
        "uk": ("Повторюється до", "щотижня до"),
    },
    "except": {
        "pl": ("Bez", "oprócz", "poza", "wyjątki", "bez dni"),
        "en": ("Except", "without", "exdate", "not on"),
        "de": ("Außer", "ohne", "nicht am"),
        "uk": ("Крім", "без", "окрім"),
    },
    "title": {
        "pl": ("Tytuł", "nazwa", "zajęcia", "wydarzenie", "temat", "nazwa zajęć", "przedmiot"),
        "en": ("Title", "event", "name", "summary", "class", "activity", "subject"),
        "de": ("Titel", "veranstaltung", "kurs", "bezeichnung", "thema"),
        "uk": ("Назва", "подія", "заняття", "тема"),
    },
    "whom": {
        "pl": ("Dla kogo", "kto", "najemca", "grupa", "organizator", "klient", "prowadzący"),
        "en": ("For whom", "who", "hirer", "customer", "group", "organizer", "organiser"),
        "de": ("Für wen", "wer", "mieter", "gruppe", "veranstalter", "kunde"),
        "uk": ("Для кого", "хто", "орендар", "група", "організатор"),
    },
    "phone": {
        "pl": ("Telefon", "tel", "nr tel", "nr telefonu", "komórka"),
        "en": ("Phone", "telephone", "mobile", "phone number"),
        "de": ("Telefon", "handy", "mobil", "telefonnummer"),
        "uk": ("Телефон", "тел", "мобільний"),
    },
    "email": {
        "pl": ("E-mail", "email", "mail", "adres e-mail", "poczta"),
        "en": ("E-mail", "email", "e-mail address", "mail"),
        "de": ("E-Mail", "email", "mail"),
        "uk": ("Ел. пошта", "пошта", "e-mail", "імейл"),
    },
    "units": {
        "pl": ("Ile", "liczba", "sztuk", "ilość", "szt", "liczba sztuk"),
        "en": ("How many", "quantity", "units", "count", "pieces", "amount"),
        "de": ("Wie viele", "anzahl", "menge", "stück"),
        "uk": ("Скільки", "кількість", "штук"),
    },
    "remarks": {
        "pl": ("Uwagi", "notatki", "opis", "komentarz", "informacje"),
        "en": ("Remarks", "notes", "comment", "comments", "description"),
        "de": ("Bemerkungen", "notizen", "anmerkung", "anmerkungen", "kommentar"),
        "uk": ("Примітки", "коментар", "опис", "нотатки"),
    },
    "rule": {"pl": (), "en": ("RRULE",), "de": (), "uk": ()},
    "also": {"pl": (), "en": ("RDATE",), "de": (), "uk": ()},
}
FIELDS = tuple(WORDS)
SHOWN = tuple(field for field in FIELDS if field not in {"rule", "also"})
"""What the columns of a table are; the other two are a calendar's own."""
CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
"""Days of the week as rules name them."""
_APART = re.compile(r"[^\w]+")


def plain(text: str) -> str:
    """A text as one compares it: small letters without their marks, single spaces."""
    bare = unicodedata.normalize("NFKD", text.replace("ł", "l").replace("Ł", "l").casefold())
    kept = "".join(sign for sign in bare if not unicodedata.combining(sign))
    return _APART.sub(" ", kept).strip()


_BY_WORD: dict[str, str] = {
    plain(word): field
    for field, languages in reversed(list(WORDS.items()))
    for words in languages.values()
    for word in words
}


def field_of(header: str) -> str | None:
    """The field whose word the header is, or begins with."""
    words = plain(header).split()
    for length in range(len(words), 0, -1):
        if found := _BY_WORD.get(" ".join(words[:length])):
            return found
    return None


def guess(headers: Sequence[str]) -> dict[str, str]:
    """{field: header}: each field once, a header that is the very word before one that only begins with it."""
    exact = [(_BY_WORD.get(plain(header)), header) for header in headers]
    vague = [(field_of(header), header) for header in headers]
    found: dict[str, str] = {}
    for field, header in (*exact, *vague):
        if field is not None and field not in found and header not in found.values():
            found[field] = header
    # Hours that stand in two columns under one merged header.
    second = f"{found.get('start')} (2)"
    if "end" not in found and second in headers:
        found["end"] = second
    return found


def header_in(field: str, language: str) -> str:
    """The header of a field in the files that we write."""
    words = WORDS[field].get(language) or WORDS[field]["en"]
    return (words or WORDS[field]["en"])[0]
