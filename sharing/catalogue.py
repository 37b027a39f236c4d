"""The catalogue that we ship: categories and what may be said of things in them. Data; loaded by migrations.

A row of `CATEGORIES`: code, parent, default kind, names in pl, en, de, uk. The code of a root is also its hue and
shape. Adding a row here needs a new migration that calls `load`; a row that goes is retired, never deleted.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Names = tuple[str, str, str, str]


def by_language(names: Names) -> dict[str, str]:
    return dict(zip(("pl", "en", "de", "uk"), names, strict=True))


ROOTS: tuple[tuple[str, str, Names], ...] = (
    ("spaces", "exclusive", ("Przestrzenie", "Spaces", "Räume", "Приміщення")),
    ("equipment", "pooled", ("Sprzęt", "Equipment", "Ausstattung", "Обладнання")),
    (
        "products",
        "exclusive",
        ("Gotowe wydarzenia", "Culture products", "Kulturangebote", "Готові події"),
    ),
    (
        "people",
        "exclusive",
        (
            "Ludzie i umiejętności",
            "People and expertise",
            "Menschen und Fachwissen",
            "Люди та вміння",
        ),
    ),
    (
        "places",
        "exclusive",
        ("Pobyty i wizyty", "Stays and visits", "Aufenthalte und Besuche", "Проживання та візити"),
    ),
    ("transport", "exclusive", ("Transport", "Transport", "Transport", "Транспорт")),
    ("knowhow", "open", ("Wiedza i wzory", "Know-how", "Wissen und Vorlagen", "Знання та зразки")),
    ("give", "giveaway", ("Oddam", "To give away", "Zu verschenken", "Віддам")),
    ("other", "exclusive", ("Inne", "Other", "Sonstiges", "Інше")),
)

CATEGORIES: tuple[tuple[str, str, str, Names], ...] = (
    ("stage", "spaces", "exclusive", ("Scena i sala widowiskowa", "Stage and performance hall", "Bühne und Veranstaltungssaal", "Сцена та глядацька зала")),
    ("rehearsal-room", "spaces", "exclusive", ("Sala prób", "Rehearsal room", "Proberaum", "Репетиційна зала")),
    ("dance-room", "spaces", "exclusive", ("Sala taneczna", "Dance studio", "Tanzsaal", "Танцювальна зала")),
    ("conference-room", "spaces", "exclusive", ("Sala konferencyjna", "Conference room", "Konferenzraum", "Конференц-зала")),
    ("meeting-room", "spaces", "exclusive", ("Sala spotkań", "Meeting room", "Besprechungsraum", "Кімната для зустрічей")),
    ("workshop-room", "spaces", "exclusive", ("Pracownia", "Studio and workshop", "Atelier und Werkstatt", "Майстерня")),
    ("gallery", "spaces", "exclusive", ("Galeria", "Gallery", "Galerie", "Галерея")),
    ("club", "spaces", "exclusive", ("Klub i kawiarnia", "Club and café", "Club und Café", "Клуб і кав’ярня")),
    ("reading-room", "spaces", "exclusive", ("Czytelnia", "Reading room", "Lesesaal", "Читальна зала")),
    ("outdoor-space", "spaces", "exclusive", ("Podwórze i ogród", "Courtyard and garden", "Hof und Garten", "Подвір’я і сад")),
    ("kitchen", "spaces", "exclusive", ("Kuchnia", "Kitchen", "Küche", "Кухня")),
    ("storage-space", "spaces", "exclusive", ("Magazyn", "Storage space", "Lagerraum", "Склад")),
    ("furniture", "equipment", "pooled", ("Meble", "Furniture", "Möbel", "Меблі")),
    ("chairs", "furniture", "pooled", ("Krzesła", "Chairs", "Stühle", "Стільці")),
    ("tables", "furniture", "pooled", ("Stoły", "Tables", "Tische", "Столи")),
    ("staging", "equipment", "pooled", ("Podesty i konstrukcje", "Stage platforms and structures", "Podeste und Konstruktionen", "Подіуми та конструкції")),
    ("sound", "equipment", "exclusive", ("Nagłośnienie", "Sound", "Beschallung", "Звук")),
    ("lighting", "equipment", "exclusive", ("Oświetlenie", "Lighting", "Beleuchtung", "Світло")),
    ("projection", "equipment", "exclusive", ("Projekcja i obraz", "Projection and video", "Projektion und Video", "Проєкція та відео")),
    ("interpreting", "equipment", "exclusive", ("Tłumaczenie symultaniczne", "Simultaneous interpreting", "Simultandolmetschen", "Синхронний переклад")),
    ("exhibition-equipment", "equipment", "pooled", ("Sprzęt wystawienniczy", "Exhibition equipment", "Ausstellungstechnik", "Виставкове обладнання")),
    ("instruments", "equipment", "exclusive", ("Instrumenty", "Musical instruments", "Musikinstrumente", "Музичні інструменти")),
    ("costumes", "equipment", "pooled", ("Kostiumy i rekwizyty", "Costumes and props", "Kostüme und Requisiten", "Костюми та реквізит")),
    ("tools", "equipment", "exclusive", ("Narzędzia i drabiny", "Tools and ladders", "Werkzeug und Leitern", "Інструменти та драбини")),
    ("tents", "equipment", "pooled", ("Namioty i sprzęt plenerowy", "Tents and outdoor kit", "Zelte und Freiluftausstattung", "Намети та обладнання просто неба")),
    ("access-equipment", "equipment", "exclusive", ("Sprzęt dla dostępności", "Accessibility equipment", "Ausstattung für Barrierefreiheit", "Обладнання для доступності")),
    ("games", "equipment", "exclusive", ("Gry i animacje", "Games and activities", "Spiele und Aktionen", "Ігри та активності")),
    ("show", "products", "exclusive", ("Spektakl", "Show", "Aufführung", "Вистава")),
    ("concert", "products", "exclusive", ("Koncert", "Concert", "Konzert", "Концерт")),
    ("exhibition", "products", "exclusive", ("Wystawa", "Exhibition", "Ausstellung", "Виставка")),
    ("workshop", "products", "exclusive", ("Warsztaty", "Workshop", "Workshop", "Майстер-клас")),
    ("lecture", "products", "exclusive", ("Wykład i spotkanie", "Lecture and talk", "Vortrag und Gespräch", "Лекція та зустріч")),
    ("moderator", "people", "exclusive", ("Prowadzenie i moderacja", "Hosting and moderation", "Moderation", "Ведення та модерація")),
    ("interpreter", "people", "exclusive", ("Tłumaczka, tłumacz", "Interpreter", "Dolmetschen", "Перекладач, перекладачка")),
    ("technician", "people", "exclusive", ("Realizacja techniczna", "Technician", "Veranstaltungstechnik", "Технічний супровід")),
    ("mentor", "people", "metered", ("Doradztwo i mentoring", "Advice and mentoring", "Beratung und Mentoring", "Консультації та менторство")),
    ("volunteers", "people", "pooled", ("Pomoc i wolontariat", "Helping hands", "Helfende Hände", "Допомога та волонтерство")),
    ("residency-flat", "places", "exclusive", ("Mieszkanie rezydencyjne", "Residency flat", "Residenzwohnung", "Резиденційна квартира")),
    ("guest-room", "places", "pooled", ("Pokoje gościnne", "Guest rooms", "Gästezimmer", "Гостьові кімнати")),
    ("study-visit", "places", "seated", ("Wizyta studyjna", "Study visit", "Studienbesuch", "Ознайомчий візит")),
    ("seats", "places", "seated", ("Miejsca na wydarzeniu", "Seats at an event", "Plätze bei einer Veranstaltung", "Місця на події")),
    ("van", "transport", "exclusive", ("Samochód dostawczy", "Van", "Transporter", "Фургон")),
    ("cargo-bike", "transport", "exclusive", ("Rower towarowy", "Cargo bike", "Lastenrad", "Вантажний велосипед")),
    ("trailer", "transport", "exclusive", ("Przyczepa i wózki", "Trailer and trolleys", "Anhänger und Transportwagen", "Причіп і візки")),
    ("template", "knowhow", "open", ("Wzory umów i pism", "Model agreements and letters", "Vertrags- und Briefvorlagen", "Зразки договорів і листів")),
    ("guide", "knowhow", "open", ("Poradniki", "Guides", "Leitfäden", "Порадники")),
    ("recording", "knowhow", "open", ("Nagrania i materiały", "Recordings and materials", "Aufzeichnungen und Materialien", "Записи та матеріали")),
    ("set-parts", "give", "giveaway", ("Scenografia", "Stage sets", "Bühnenbilder", "Декорації")),
    ("materials", "give", "giveaway", ("Materiały", "Materials", "Materialien", "Матеріали")),
    ("print", "give", "giveaway", ("Książki i druki", "Books and print", "Bücher und Drucksachen", "Книги та друк")),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Said:
    """An attribute: what may be said of things in `category` and below. Bounds are inclusive."""

    code: str
    category: str
    kind: str
    label: Names
    unit: str = ""
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[tuple[str, Names], ...] = ()
    searchable: bool = True


_LANGUAGES: tuple[tuple[str, Names], ...] = (
    ("pl", ("polski", "Polish", "Polnisch", "польська")),
    ("en", ("angielski", "English", "Englisch", "англійська")),
    ("de", ("niemiecki", "German", "Deutsch", "німецька")),
    ("uk", ("ukraiński", "Ukrainian", "Ukrainisch", "українська")),
    ("lt", ("litewski", "Lithuanian", "Litauisch", "литовська")),
    ("fr", ("francuski", "French", "Französisch", "французька")),
    ("pjm", ("polski język migowy", "Polish Sign Language", "Polnische Gebärdensprache", "польська жестова мова")),
)  # fmt: skip
_POWER: tuple[tuple[str, Names], ...] = (
    ("230v", ("gniazda 230 V", "230 V sockets", "230-V-Steckdosen", "розетки 230 В")),
    ("16a", ("siła 16 A", "16 A three-phase", "16 A Drehstrom", "трифазна 16 А")),
    ("32a", ("siła 32 A", "32 A three-phase", "32 A Drehstrom", "трифазна 32 А")),
    ("63a", ("siła 63 A", "63 A three-phase", "63 A Drehstrom", "трифазна 63 А")),
    ("125a", ("siła 125 A", "125 A three-phase", "125 A Drehstrom", "трифазна 125 А")),
)
_FLOOR: tuple[tuple[str, Names], ...] = (
    ("wood", ("drewniana", "wooden", "Holz", "дерев’яна")),
    ("dance", ("taneczna", "dance floor", "Tanzboden", "танцювальна")),
    ("stone", ("kamienna lub beton", "stone or concrete", "Stein oder Beton", "камінь або бетон")),
    ("carpet", ("wykładzina", "carpet", "Teppich", "килимове покриття")),
)
_SEATING: tuple[tuple[str, Names], ...] = (
    ("fixed", ("stałe", "fixed", "fest", "стаціонарні")),
    ("retractable", ("składane trybuny", "retractable", "ausziehbar", "розсувні трибуни")),
    ("loose", ("wolno stojące", "loose", "lose", "окремі")),
    ("none", ("bez krzeseł", "none", "keine", "без стільців")),
)

ATTRIBUTES: tuple[Said, ...] = (
    Said("people", "spaces", "number", ("Ile osób", "People", "Personen", "Кількість осіб"), "", 1, 20_000),
    Said("area", "spaces", "number", ("Powierzchnia", "Area", "Fläche", "Площа"), "m²", 1, 100_000),
    Said("seating", "spaces", "choice", ("Miejsca siedzące", "Seating", "Bestuhlung", "Місця для сидіння"), choices=_SEATING),
    Said("stage-width", "spaces", "number", ("Szerokość sceny", "Stage width", "Bühnenbreite", "Ширина сцени"), "m", 0.5, 100, searchable=False),
    Said("stage-depth", "spaces", "number", ("Głębokość sceny", "Stage depth", "Bühnentiefe", "Глибина сцени"), "m", 0.5, 100, searchable=False),
    Said("clear-height", "spaces", "number", ("Wysokość w świetle", "Clear height", "Lichte Höhe", "Висота у просвіті"), "m", 1, 60),
    Said("power", "spaces", "choice", ("Największe przyłącze prądu", "Strongest power supply", "Stärkster Stromanschluss", "Найпотужніше підключення"), choices=_POWER),
    Said("floor", "spaces", "choice", ("Podłoga", "Floor", "Boden", "Підлога"), choices=_FLOOR, searchable=False),
    Said("daylight", "spaces", "yes_no", ("Światło dzienne", "Daylight", "Tageslicht", "Денне світло")),
    Said("blackout", "spaces", "yes_no", ("Można zaciemnić", "Can be darkened", "Verdunkelbar", "Можна затемнити")),
    Said("piano", "spaces", "yes_no", ("Fortepian lub pianino", "Piano", "Klavier oder Flügel", "Фортепіано")),
    Said("projector", "spaces", "yes_no", ("Projektor na miejscu", "Projector in place", "Projektor vorhanden", "Проєктор на місці")),
    Said("sound-system", "spaces", "yes_no", ("Nagłośnienie na miejscu", "Sound system in place", "Tonanlage vorhanden", "Звук на місці")),
    Said("internet", "spaces", "yes_no", ("Internet dla gości", "Internet for guests", "Internet für Gäste", "Інтернет для гостей")),
    Said("parking", "spaces", "yes_no", ("Parking", "Parking", "Parkplatz", "Паркування")),
    Said("loading-door", "spaces", "text", ("Wjazd i drzwi do montażu", "Loading door", "Ladetor", "Двері для завантаження"), searchable=False),
    Said("step-free", "spaces", "yes_no", ("Wejście bez stopni", "Step-free entrance", "Stufenloser Zugang", "Вхід без сходинок")),
    Said("wheelchair-toilet", "spaces", "yes_no", ("Toaleta dla osób na wózkach", "Wheelchair-accessible toilet", "Rollstuhlgerechte Toilette", "Туалет для людей на кріслах колісних")),
    Said("lift", "spaces", "yes_no", ("Winda", "Lift", "Aufzug", "Ліфт")),
    Said("induction-loop", "spaces", "yes_no", ("Pętla indukcyjna", "Hearing loop", "Induktionsschleife", "Індукційна петля")),
    Said("quiet-room", "spaces", "yes_no", ("Pokój wyciszenia", "Quiet room", "Ruheraum", "Кімната тиші")),
    Said("weight", "equipment", "number", ("Waga jednej sztuki", "Weight of one", "Gewicht pro Stück", "Вага однієї штуки"), "kg", 0, 20_000, searchable=False),
    Said("length", "equipment", "number", ("Długość", "Length", "Länge", "Довжина"), "m", 0, 500),
    Said("width", "equipment", "number", ("Szerokość", "Width", "Breite", "Ширина"), "m", 0, 500, searchable=False),
    Said("maker", "equipment", "text", ("Producent i model", "Maker and model", "Hersteller und Modell", "Виробник і модель"), searchable=False),
    Said("consumption", "equipment", "number", ("Pobór mocy", "Power consumption", "Leistungsaufnahme", "Споживана потужність"), "W", 0, 500_000, searchable=False),
    Said("outdoor-use", "equipment", "yes_no", ("Nadaje się w plener", "Fit for outdoor use", "Für draußen geeignet", "Придатне просто неба")),
    Said("needs-training", "equipment", "yes_no", ("Wymaga przeszkolenia", "Needs training", "Einweisung nötig", "Потребує інструктажу")),
    Said("stackable", "furniture", "yes_no", ("Można sztaplować", "Stackable", "Stapelbar", "Можна штабелювати")),
    Said("load-limit", "staging", "number", ("Nośność", "Load limit", "Traglast", "Навантаження"), "kg/m²", 0, 10_000),
    Said("light-output", "projection", "number", ("Jasność", "Brightness", "Helligkeit", "Яскравість"), "lm", 1, 200_000),
    Said("channels", "sound", "number", ("Liczba kanałów", "Channels", "Kanäle", "Кількість каналів"), "", 1, 1_000),
    Said("receivers", "interpreting", "number", ("Odbiorniki", "Receivers", "Empfänger", "Приймачі"), "", 0, 10_000),
    Said("duration", "products", "number", ("Czas trwania", "Duration", "Dauer", "Тривалість"), "min", 1, 10_000),
    Said("age-from", "products", "number", ("Od ilu lat", "From what age", "Ab welchem Alter", "Від якого віку"), "", 0, 99),
    Said("team", "products", "number", ("Ile osób przyjeżdża", "Team travelling", "Reisende Personen", "Скільки осіб приїздить"), "", 1, 500, searchable=False),
    Said("sign-language", "products", "yes_no", ("Z językiem migowym", "With sign language", "Mit Gebärdensprache", "З жестовою мовою")),
    Said("audio-description", "products", "yes_no", ("Z audiodeskrypcją", "With audio description", "Mit Audiodeskription", "З аудіодискрипцією")),
    Said("working-language", "people", "choice", ("Język pracy", "Working language", "Arbeitssprache", "Робоча мова"), choices=_LANGUAGES),
    Said("second-language", "people", "choice", ("Drugi język", "Second language", "Zweite Sprache", "Друга мова"), choices=_LANGUAGES),
    Said("online", "people", "yes_no", ("Także zdalnie", "Also online", "Auch online", "Також онлайн")),
    Said("beds", "places", "number", ("Miejsca do spania", "Beds", "Betten", "Спальні місця"), "", 1, 500),
    Said("kitchen-use", "places", "yes_no", ("Kuchnia", "Kitchen", "Küche", "Кухня")),
    Said("step-free-stay", "places", "yes_no", ("Dojście bez stopni", "Step-free access", "Stufenloser Zugang", "Доступ без сходинок")),
    Said("payload", "transport", "number", ("Ładowność", "Payload", "Nutzlast", "Вантажопідйомність"), "kg", 1, 50_000),
    Said("with-driver", "transport", "yes_no", ("Z kierowcą", "With driver", "Mit Fahrer:in", "З водієм")),
)  # fmt: skip


def load(apps: Any) -> None:
    """Bring the tables to what stands above; running it again changes nothing."""
    category = apps.get_model("sharing", "Category")
    definition = apps.get_model("sharing", "AttributeDefinition")
    kept: dict[str, Any] = {}
    for position, (code, kind, names) in enumerate(ROOTS):
        kept[code], _ = category.objects.update_or_create(
            code=code,
            defaults={
                "parent": None, "name": by_language(names), "position": position, "shape": code, "hue": code,
                "default_kind": kind, "retired": False,
            },
        )  # fmt: skip
    for position, (code, parent, kind, names) in enumerate(CATEGORIES):
        above = kept[parent]
        kept[code], _ = category.objects.update_or_create(
            code=code,
            defaults={
                "parent": above, "name": by_language(names), "position": position, "shape": above.shape,
                "hue": above.hue, "default_kind": kind, "retired": False,
            },
        )  # fmt: skip
    category.objects.exclude(code__in=kept).update(retired=True)
    for position, said in enumerate(ATTRIBUTES):
        definition.objects.update_or_create(
            code=said.code,
            defaults={
                "category": kept[said.category], "kind": said.kind, "label": by_language(said.label),
                "unit": said.unit, "minimum": said.minimum, "maximum": said.maximum, "position": position,
                "searchable": said.searchable,
                "choices": [{"code": code, "label": by_language(label)} for code, label in said.choices],
            },
        )  # fmt: skip
