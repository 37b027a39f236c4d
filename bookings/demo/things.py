"""What the fictional houses share. Polish and English; every name is made up."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

DAY = 24 * 60
Text = tuple[str, str, str]
"""Title, summary, body."""


@dataclass(frozen=True, slots=True)
class Thing:
    """`extra` are terms besides own and audience: (audience, at once). `fate` tells how far it came as a listing."""

    key: str
    owner: str
    category: str
    pl: Text
    en: Text
    units: int = 1
    kind: str = ""
    attributes: dict[str, Any] = field(default_factory=dict)
    audience: str = "cooperative"
    answer: str = "owner_chooses"
    notice: int = 3 * DAY
    horizon: int = 365
    longest: int | None = None
    shortest: int | None = None
    fee: tuple[str, str, str] = ("free", "", "")
    details: dict[str, Any] = field(default_factory=dict)
    hours: tuple[tuple[str, str, str], ...] = ()
    extra: tuple[tuple[str, bool], ...] = ()
    photo: bool = True
    fate: str = "published"


KIT: dict[str, Any] = {"answer": "keep_first", "notice": DAY, "longest": 14 * DAY}

THINGS: tuple[Thing, ...] = (
    Thing(
        "r1", "m1", "stage",
        ("Duża Scena", "Scena 14 × 11 m, widownia na 420 miejsc.",
         "Widownia stała, w tym 6 miejsc dla osób na wózkach. 24 sztankiety po 250 kg. Zawsze z realizatorem."),
        ("Main Stage", "Stage 14 × 11 m, 420 fixed seats.",
         "Fixed seats, 6 of them for wheelchair users. 24 bars, 250 kg each. Always with one of our technicians."),
        attributes={"people": 420, "seating": "fixed", "stage-width": 14, "stage-depth": 11, "clear-height": 7,
                    "power": "125a", "step-free": True, "wheelchair-toilet": True, "induction-loop": True,
                    "blackout": True, "loading-door": "2,5 × 2,25 m"},
        audience="cooperative_public", notice=14 * DAY, longest=3 * DAY,
        fee=("cost_recovery", "58", "h"),
        details={"turnover_minutes": 60, "needs_from_asker": ["purpose", "expected_people"]},
    ),
    Thing(
        "r2", "m1", "stage",
        ("Scena Kameralna", "Black box na 120 osób.", "8,75 × 7,3 m, płaska podłoga, siatka na 4,2 m."),
        ("Studio Stage", "A black box for 120.", "8.75 × 7.3 m, flat floor, grid at 4.2 m."),
        attributes={"people": 120, "seating": "retractable", "stage-width": 8.75, "stage-depth": 7.3,
                    "clear-height": 4.2, "power": "32a", "blackout": True, "step-free": True},
        audience="cooperative_public", notice=7 * DAY,
    ),
    Thing(
        "r3", "m1", "rehearsal-room",
        ("Sala prób", "10 × 12 m, lustra i pianino.", "Podłoga baletowa. Prosimy o buty na zmianę."),
        ("Rehearsal room", "10 × 12 m, mirrors and an upright piano.", "Dance floor. Please bring indoor shoes."),
        attributes={"people": 30, "area": 120, "piano": True, "floor": "dance", "daylight": True},
        answer="at_once", notice=DAY, longest=6 * 60,
    ),
    Thing(
        "r4", "m2", "stage",
        ("Sala widowiskowa", "200 osób, w tym 72 miejsca na trybunie.",
         "Trybuna się chowa, zostaje płaska podłoga. Nagłośnienie i projektor na miejscu."),
        ("Performance hall", "For 200, with 72 retractable seats.", "Sound system and projector in place."),
        attributes={"people": 200, "area": 240, "seating": "retractable", "projector": True, "sound-system": True,
                    "step-free": True, "wheelchair-toilet": True, "lift": True, "power": "63a", "parking": True},
        audience="cooperative_public", details={"turnover_minutes": 45},
    ),
    Thing(
        "r5", "m2", "meeting-room",
        ("Sala kameralna", "Na 60 osób, z widokiem na ogród.", "Krzesła na miejscu, ekran i tablica."),
        ("Chamber room", "For 60, looking on the garden.", "Chairs, a screen and a whiteboard are there."),
        attributes={"people": 60, "daylight": True, "projector": True, "step-free": True, "seating": "loose"},
        audience="cooperative_public", notice=2 * DAY,
    ),
    Thing(
        "r6", "m2", "dance-room",
        ("Sala taneczna", "Lustra, drążki, parkiet.", "Do 25 osób w ruchu."),
        ("Dance studio", "Mirrors, barres, wooden floor.", "For up to 25 moving people."),
        attributes={"people": 25, "floor": "wood", "daylight": True, "sound-system": True},
        answer="at_once", notice=DAY, longest=4 * 60,
    ),
    Thing(
        "chairs2", "m2", "chairs",
        ("Krzesła sztaplowane", "120 krzeseł, szare, z wózkami.",
         "Stoją w piwnicy domu kultury; winda jest, wózki też."),
        ("Stacking chairs", "120 grey chairs with trolleys.", "Kept in our basement; there is a lift."),
        units=120, attributes={"stackable": True, "weight": 4.5},
        details={"place": "Piwnica, wejście od podwórza", "belongings": ["wózki na krzesła", "pasy"],
                 "value_amount": "180"}, **KIT,
    ),
    Thing(
        "platforms", "m2", "staging",
        ("Podesty sceniczne 2 × 1 m", "24 podesty, nogi 20, 40 i 60 cm.", "Nośność 750 kg/m². Montaż w dwie osoby."),
        ("Stage platforms 2 × 1 m", "24 platforms, legs of 20, 40 and 60 cm.", "750 kg/m². Two people set them up."),
        units=24, attributes={"load-limit": 750, "length": 2, "width": 1, "weight": 32}, **KIT,
    ),
    Thing(
        "panels", "m2", "exhibition-equipment",
        ("Panele wystawiennicze", "6 paneli 100 × 200 cm.", "Białe, ze stopami."),
        ("Exhibition panels", "6 panels 100 × 200 cm.", "White, with feet."), units=6, photo=False, **KIT,
    ),
    Thing(
        "ladder4", "m2", "tools",
        ("Drabina 4 m", "Aluminiowa, rozstawna.", "Do wieszania wystaw i lamp."),
        ("Ladder 4 m", "Aluminium step ladder.", "For hanging exhibitions and lamps."),
        kind="exclusive", attributes={"length": 4, "weight": 11}, photo=False, answer="keep_first", notice=0,
    ),
    Thing(
        "r7", "m3", "meeting-room",
        ("Sala spotkań", "40 osób, parter biblioteki.",
         "Cicho, jasno, bez stopni. Czajnik i filiżanki w cenie uśmiechu."),
        ("Meeting room", "For 40, on the library's ground floor.", "Quiet, bright, step-free."),
        attributes={"people": 40, "daylight": True, "step-free": True, "wheelchair-toilet": True,
                    "induction-loop": True, "internet": True},
        audience="cooperative_public", answer="at_once", notice=DAY, longest=5 * 60,
    ),
    Thing(
        "r8", "m3", "reading-room",
        ("Czytelnia po godzinach", "24 osoby, tylko wieczorem.", "Po zamknięciu biblioteki, od 19:00."),
        ("Reading room after hours", "For 24, evenings only.", "After the library has closed, from 19:00."),
        attributes={"people": 24, "step-free": True, "daylight": False},
        hours=(("01234", "19:00", "22:00"),),
    ),
    Thing(
        "chairs3", "m3", "chairs",
        ("Krzesła składane", "80 krzeseł drewnianych.", "Lekkie, składane, w pokrowcach po cztery."),
        ("Folding chairs", "80 wooden chairs.", "Light, folding, four to a bag."),
        units=80, attributes={"stackable": True, "weight": 3.2}, **KIT,
    ),
    Thing(
        "easels", "m3", "exhibition-equipment",
        ("Sztalugi", "20 sztalug studyjnych.", "Do 120 cm wysokości obrazu."),
        ("Easels", "20 studio easels.", "For pictures up to 120 cm."), units=20, **KIT,
    ),
    Thing(
        "projector", "m3", "projection",
        ("Rzutnik multimedialny", "5000 lumenów, HDMI.", "Z pilotem, kablem 10 m i torbą."),
        ("Projector", "5,000 lumens, HDMI.", "With remote control, a 10 m cable and a bag."),
        attributes={"light-output": 5000, "maker": "Lumen L5"},
        details={"belongings": ["pilot", "kabel HDMI 10 m", "torba"], "value_amount": "3200"}, **KIT,
    ),
    Thing(
        "mod-de", "m4", "moderator",
        ("Moderator polsko-niemiecki", "Debaty, warsztaty, spotkania partnerskie.",
         "Do 6 godzin dziennie, także w trasie."),
        ("Polish-German moderator", "Debates, workshops, partner meetings.",
         "Up to 6 hours a day, also on the road."),
        attributes={"working-language": "pl", "second-language": "de", "online": True}, notice=7 * DAY,
        longest=10 * 60, photo=False,
    ),
    Thing(
        "mod-uk", "m4", "moderator",
        ("Moderatorka polsko-ukraińska", "Także po angielsku.", "Specjalność: spotkania sąsiedzkie."),
        ("Polish-Ukrainian moderator", "Also in English.", "Neighbourhood meetings a speciality."),
        attributes={"working-language": "pl", "second-language": "uk", "online": True}, notice=7 * DAY,
        longest=10 * 60, photo=False,
    ),
    Thing(
        "mentor", "m4", "mentor",
        ("Doradczyni od rozliczania dotacji", "Konsultacje, godzina lub dwie; dla wszystkich 12 godzin w miesiącu.",
         "Prosimy przysłać umowę i budżet dzień wcześniej."),
        ("Adviser on grant settlement", "An hour or two of advice; 12 hours a month for everybody.",
         "Please send agreement and budget a day before."),
        units=12, attributes={"working-language": "pl", "online": True}, notice=2 * DAY, longest=2 * 60,
        answer="at_once", photo=False,
    ),
    Thing(
        "pack", "m4", "template",
        ("Szkic: wzór listu intencyjnego", "Jeszcze nad nim pracujemy.", "Wersja robocza, tylko dla nas."),
        ("Draft: model letter of intent", "Still being written.", "Our own working version."),
        audience="own", fate="draft", photo=False,
    ),
    Thing(
        "ladder6", "m5", "tools",
        ("Drabina 6 m", "Trzyczęściowa, do pracy na wysokości.", "Tylko dla osób po przeszkoleniu."),
        ("Ladder 6 m", "Three sections, for work at height.", "For trained people only."),
        kind="exclusive", attributes={"length": 6, "needs-training": True}, answer="keep_first", notice=0,
        longest=7 * DAY, fate="reviewed",
    ),
    Thing(
        "bike", "m5", "cargo-bike",
        ("Rower towarowy", "Ładowność 80 kg, skrzynia z plandeką.", "Stoi w bramie. Kluczyk u opiekuna."),
        ("Cargo bike", "Carries 80 kg, box with a cover.", "Parked in the gateway; the keeper has the key."),
        attributes={"payload": 80, "with-driver": False}, answer="keep_first", notice=DAY, fate="submitted",
    ),
    Thing(
        "tools", "m5", "tools",
        ("Skrzynka narzędzi", "Wiertarka, poziomica, klucze.", "Tanio!!!"),
        ("Toolbox", "Drill, spirit level, spanners.", "Cheap!!!"), kind="exclusive", answer="keep_first", notice=0,
        fate="changes_asked", photo=False,
    ),
    Thing(
        "r9", "m6", "club",
        ("Klub Neon", "80 osób, bar, mała scena.", "Wieczory, spotkania, koncerty akustyczne. Do 23:00."),
        ("Neon Club", "For 80, with a bar and a small stage.", "Evenings, talks, acoustic concerts. Until 23:00."),
        attributes={"people": 80, "sound-system": True, "power": "32a", "step-free": False, "projector": True},
        audience="cooperative_public", extra=(("network:yard", True),), details={"turnover_minutes": 30},
    ),
    Thing(
        "r10", "m6", "gallery",
        ("Galeria na parterze", "50 osób, białe ściany, system zawieszeń.", "Wystawy do miesiąca, wernisaże."),
        ("Ground-floor gallery", "For 50, white walls, hanging rails.", "Exhibitions up to a month, openings."),
        attributes={"people": 50, "area": 85, "daylight": True, "step-free": True}, notice=7 * DAY,
        longest=31 * DAY, extra=(("partnership:p1", False), ("partnership:p3", False)),
        hours=(("0123456", "00:00", "24:00"),),
    ),
    Thing(
        "chairs6", "m6", "chairs",
        ("Krzesła klubowe", "60 krzeseł, czarne.", "Po imprezie liczymy razem."),
        ("Club chairs", "60 black chairs.", "We count them together afterwards."),
        units=60, attributes={"stackable": True}, extra=(("network:yard", True),), **KIT,
    ),
    Thing(
        "booth-a", "m6", "interpreting",
        ("Kabina tłumacza A", "ISO 4043, z 60 odbiornikami.", "Montaż 4 godziny, dwie osoby. Kupiona ze środków UE."),
        ("Interpreter booth A", "ISO 4043, with 60 receivers.",
         "Set-up takes two people 4 hours. Bought with EU money."),
        attributes={"receivers": 60, "needs-training": True}, notice=7 * DAY, answer="keep_first", longest=7 * DAY,
        details={"funding_restriction": "Trwałość projektu: nie wolno wynajmować odpłatnie do 2030.",
                 "belongings": ["60 odbiorników", "2 pulpity", "promiennik", "walizki"], "value_amount": "48000",
                 "handover": "signed"},
    ),
    Thing(
        "van", "m6", "van",
        ("Bus 3,5 t z kierowcą", "Do 1200 kg, winda załadowcza.", "Prosimy podać adresy i godziny."),
        ("Van 3.5 t with driver", "Up to 1,200 kg, tail lift.", "Please give addresses and times."),
        attributes={"payload": 1200, "with-driver": True}, notice=2 * DAY, longest=12 * 60,
        fee=("cost_recovery", "2.10", "km"), details={"handover": "none"},
    ),
    Thing(
        "flat", "m6", "residency-flat",
        ("Mieszkanie rezydencyjne", "2 osoby, od 28 nocy.",
         "Kuchnia, pralka, dwa rowery. Dzień na sprzątanie po pobycie."),
        ("Residency flat", "For 2, from 28 nights.",
         "Kitchen, washing machine, two bicycles. A day for cleaning afterwards."),
        attributes={"beds": 2, "kitchen-use": True, "step-free-stay": False}, notice=14 * DAY, shortest=28 * DAY,
        longest=92 * DAY, extra=(("partnership:p1", False), ("partnership:p3", False), ("partnership:p6", False)),
        details={"turnover_minutes": DAY, "handover": "signed"},
    ),
    Thing(
        "r11", "m7", "conference-room",
        ("Sala konferencyjna", "90 osób, w zabytkowej przędzalni.", "Ekran 4 m, mikrofony, wejście od dziedzińca."),
        ("Conference room", "For 90, in a listed spinning mill.",
         "4 m screen, microphones, entrance from the courtyard."),
        attributes={"people": 90, "projector": True, "sound-system": True, "step-free": True, "lift": True,
                    "induction-loop": True},
        audience="cooperative_public", extra=(("network:yard", True),), fee=("cost_recovery", "80", "h"),
    ),
    Thing(
        "booth-b", "m7", "interpreting",
        ("Kabina tłumacza B", "ISO 4043, z 60 odbiornikami.", "Druga z pary; pasuje do kabiny A z Instytutu."),
        ("Interpreter booth B", "ISO 4043, with 60 receivers.", "The second of a pair."),
        attributes={"receivers": 60}, notice=7 * DAY, answer="keep_first", longest=7 * DAY,
        details={"handover": "signed", "value_amount": "46000"},
    ),
    Thing(
        "showcases", "m7", "exhibition-equipment",
        ("Gabloty z kontrolą klimatu", "8 gablot.", "Potrzebna polisa i stała wilgotność w sali."),
        ("Climate-controlled showcases", "8 showcases.", "Insurance and a stable climate are required."),
        units=8, answer="owner_chooses", notice=30 * DAY, longest=120 * DAY,
        details={"handover": "signed", "value_amount": "9500"},
    ),
    Thing(
        "chairs7", "m7", "chairs",
        ("Krzesła muzealne", "40 krzeseł z pulpitem.", "Tylko do wnętrz."),
        ("Museum chairs", "40 chairs with writing tablets.", "Indoors only."), units=40, photo=False, **KIT,
    ),
    Thing(
        "r12", "m8", "stage",
        ("Black box", "150 osób, 12 × 10 m.", "5 m w świetle, 32 A, pełne okotarowanie."),
        ("Black box", "For 150, 12 × 10 m.", "5 m clear, 32 A, full masking."),
        attributes={"people": 150, "stage-width": 12, "stage-depth": 10, "clear-height": 5, "power": "32a",
                    "blackout": True, "step-free": True},
    ),
    Thing(
        "r13", "m8", "workshop-room",
        ("Pracownia graficzna", "12 osób, prasy i zlew.", "Farby wodne. Po pracy myjemy wszystko."),
        ("Print studio", "For 12, presses and a sink.", "Water-based inks. Everything is washed afterwards."),
        attributes={"people": 12, "daylight": True, "area": 64}, notice=2 * DAY,
    ),
    Thing(
        "chairs8", "m8", "chairs",
        ("Krzesła z auli", "60 krzeseł.", "Nie w czasie sesji."), ("Hall chairs", "60 chairs.", "Not in exam time."),
        units=60, photo=False, **KIT,
    ),
    Thing(
        "r14", "m9", "stage",
        ("Sala koncertowa", "180 osób, fortepian.", "Fortepian 2,2 m, strojony co miesiąc. Garderoby na 12 osób."),
        ("Concert hall", "For 180, with a grand piano.", "2.2 m grand, tuned monthly. Dressing rooms for 12."),
        attributes={"people": 180, "piano": True, "step-free": True, "sound-system": True, "parking": True},
        audience="cooperative_public", extra=tuple((f"partnership:p{n}", False) for n in range(1, 6)),
    ),
    Thing(
        "rooms9", "m9", "guest-room",
        ("Pokoje gościnne", "4 łóżka w dwóch pokojach.", "Śniadanie w kawiarni na dole. Cisza nocna od 22."),
        ("Guest rooms", "4 beds in two rooms.", "Breakfast in the café downstairs. Quiet after 22:00."),
        units=4, attributes={"beds": 4, "kitchen-use": True}, notice=5 * DAY, longest=14 * DAY,
        fee=("cost_recovery", "45", "os./noc"), extra=tuple((f"partnership:p{n}", False) for n in range(1, 6)),
        details={"handover": "simple", "turnover_minutes": 180},
    ),
    Thing(
        "wireless", "m10", "sound",
        ("Zestaw mikrofonów bezprzewodowych", "6 kanałów, nagłowne.",
         "Baterie po stronie biorących. Wartość 1850 zł za zestaw."),
        ("Wireless microphone set", "6 channels, headsets.", "Bring your own batteries. PLN 1,850 a pack."),
        kind="pooled", units=6, attributes={"channels": 6}, answer="keep_first", notice=3 * DAY, longest=7 * DAY,
        details={"value_amount": "1850", "belongings": ["nadajnik", "mikrofon nagłowny", "walizka"],
                 "handover": "signed"},
    ),
    Thing(
        "costumes", "m10", "costumes",
        ("Kostiumy: lata dwudzieste", "40 kompletów, różne rozmiary.", "Zwrot po praniu, na wieszakach."),
        ("Costumes: the 1920s", "40 sets in various sizes.", "Return them washed, on hangers."),
        units=40, notice=5 * DAY, longest=30 * DAY, fee=("price", "25", "kpl."), answer="owner_chooses",
        details={"handover": "signed"},
    ),
    Thing(
        "ladder8", "m1", "tools",
        ("Drabina 8 m", "Przesuwna, do sztankietów.", "Potrzebne dwie osoby."),
        ("Ladder 8 m", "Sliding, reaches the bars.", "Takes two people."),
        kind="exclusive", attributes={"length": 8, "needs-training": True}, answer="keep_first", notice=0,
        longest=7 * DAY, photo=False,
    ),
    Thing(
        "vilnius", "p1", "meeting-room",
        ("Sala spotkań w Wilnie", "50 osób, blisko starówki.", "Dla partnerów z listem intencyjnym."),
        ("Meeting hall in Vilnius", "For 50, close to the old town.", "For partners with a letter of intent."),
        attributes={"people": 50, "projector": True}, audience="own",
        extra=(("partnership:m9", False), ("partnership:m6", False)), photo=False,
    ),
    Thing(
        "kyiv", "p3", "workshop-room",
        ("Pracownia w Kijowie", "15 osób, z generatorem.", "Na warsztaty i spotkania partnerskie."),
        ("Studio in Kyiv", "For 15, with a generator.", "For workshops and partner meetings."),
        attributes={"people": 15, "daylight": True}, audience="own",
        extra=(("partnership:m9", False), ("partnership:m6", False)), photo=False,
    ),
    Thing(
        "foyer2", "m2", "gallery",
        ("Foyer", "80 osób na stojąco, szatnia.", "Między salą widowiskową a kameralną; wejście z ulicy bez stopni."),
        ("Foyer", "For 80 standing, with a cloakroom.", "Between the two halls; step-free from the street."),
        attributes={"people": 80, "step-free": True, "daylight": True}, photo=False,
    ),
    Thing(
        "floor2", "m2", "stage",
        ("Cały parter", "Obie sale i foyer razem.", "Na festiwale, targi i kongresy: 340 osób, jedno wejście."),
        ("The whole ground floor", "Both halls and the foyer together.", "For festivals, fairs and congresses: 340."),
        attributes={"people": 340, "step-free": True, "parking": True}, audience="cooperative_public",
        notice=14 * DAY, longest=7 * DAY, photo=False,
    ),
    Thing(
        "tech2", "m2", "technician",
        ("Realizator sali widowiskowej", "Światło i dźwięk, zawsze na miejscu.",
         "Zna naszą salę jak nikt; od 8:00 do 22:00, z przerwą."),
        ("Technician of the performance hall", "Light and sound, always there.", "Knows our hall like nobody else."),
        audience="own", photo=False,
    ),
    Thing(
        "mics1", "m1", "sound",
        ("Mikrofony dynamiczne", "6 sztuk ze statywami.", "Kable 10 m w komplecie."),
        ("Dynamic microphones", "6 pieces with stands.", "10 m cables included."),
        kind="pooled", units=6, photo=False, **KIT,
    ),
    Thing(
        "mixer1", "m1", "sound",
        ("Mikser 12-kanałowy", "Analogowy, w walizce.", "Z zasilaczem i lampką."),
        ("12-channel mixer", "Analogue, in a case.", "With power supply and lamp."), photo=False, **KIT,
    ),
    Thing(
        "speakers1", "m1", "sound",
        ("Kolumny aktywne", "4 sztuki po 400 W.", "Ze statywami i kablami."),
        ("Active speakers", "4 of 400 W each.", "With stands and cables."), kind="pooled", units=4, photo=False, **KIT,
    ),
    Thing(
        "kit1", "m1", "sound",
        ("Zestaw nagłośnieniowy", "Mikser, dwie kolumny i cztery mikrofony.",
         "Na spotkania i małe koncerty do 150 osób. Do rozstawienia w pół godziny."),
        ("Sound kit", "A mixer, two speakers and four microphones.", "For meetings and small concerts up to 150."),
        **KIT,
    ),
    Thing(
        "binding", "m3", "workshop",
        ("Warsztat introligatorski", "Dla grup i osób, 12 miejsc.",
         "Zszywamy, oprawiamy, złocimy. Narzędzia i papier są na miejscu; fartuchy warto mieć swoje."),
        ("Bookbinding workshop", "For groups and single people, 12 places.", "Tools and paper are there."),
        kind="seated", units=12, answer="at_once", notice=DAY, audience="cooperative_public",
    ),
    Thing(
        "panels7", "m7", "set-parts",
        ("Ścianki po wystawie", "14 ścianek 2,5 × 1 m, do odbioru do końca kwartału.",
         "Białe, dwustronne, z otworami po zawieszkach. Oddajemy, nie trzeba zwracać."),
        ("Walls of an exhibition", "14 walls 2.5 × 1 m, to be fetched.", "White on both sides. They are a gift."),
        units=14, answer="keep_first", notice=0,
    ),
    Thing(
        "guide4", "m4", "guide",
        ("Poradnik: dostępne wydarzenie", "24 strony, z listą do odhaczania.",
         "Od zaproszenia po sprzątanie: co zrobić, żeby przyjść mógł każdy. Napisz, prześlemy plik."),
        ("Guide: an event for everybody", "24 pages with a check-list.", "Write to us and we send the file."),
        audience="cooperative_public", photo=False,
    ),
)  # fmt: skip
