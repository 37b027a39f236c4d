"""Sample data of the style page: fictional, in Polish, as a page would hand it over."""

from typing import Any

from django import forms
from django.templatetags.static import static

from frontend.components import (
    Action,
    Category,
    Cell,
    Choice,
    Column,
    Fact,
    Message,
    NavItem,
    OptionItem,
    Photo,
    ReasonItem,
    ResourceCard,
    Rival,
    Rivals,
    StateChip,
    StoryItem,
    Strip,
    Table,
    Waiting,
    WeekDay,
    WeekGrid,
)
from frontend.views.styleguide_time import DAYS, RULER, WEEK, month, timeline

ROOM = Category(code="spaces", label="Przestrzenie")
GEAR = Category(code="equipment", label="Sprzęt")
CATEGORIES = (
    ROOM,
    GEAR,
    Category(code="products", label="Gotowe wydarzenia"),
    Category(code="people", label="Ludzie i umiejętności"),
    Category(code="places", label="Rezydencje i wizyty"),
    Category(code="transport", label="Transport"),
    Category(code="knowhow", label="Wiedza"),
    Category(code="give", label="Oddam"),
    Category(code="other", label="Inne"),
)
STATES = (
    StateChip(state="draft", label="szkic"),
    StateChip(state="asked", label="czeka na odpowiedź"),
    StateChip(state="held", label="wstępnie zarezerwowane do pt. 12:00"),
    StateChip(state="confirmed", label="potwierdzone"),
    StateChip(state="handed_over", label="wydane"),
    StateChip(state="to_settle", label="do ustalenia"),
    StateChip(state="declined", label="odmowa"),
    StateChip(state="closed", label="zakończone"),
)


class AskForm(forms.Form):
    """Shows every kind of field, and errors in place."""

    title = forms.CharField(label="Na co", initial="Próba generalna orkiestry")
    date = forms.DateField(
        label="Dzień", widget=forms.DateInput(attrs={"type": "date"}), initial="2027-04-15"
    )
    start = forms.CharField(
        label="Od", initial="18:00", widget=forms.TextInput(attrs={"class": "time"})
    )
    end = forms.CharField(
        label="Do", initial="17:00", widget=forms.TextInput(attrs={"class": "time"})
    )
    units = forms.IntegerField(label="Ile sztuk", initial=80, required=False, help_text="Jest 120.")
    kind = forms.ChoiceField(
        label="Kto przyjdzie",
        choices=[("open", "Każdy, wstęp wolny"), ("closed", "Tylko nasza grupa")],
        widget=forms.RadioSelect,
        initial="open",
    )
    where = forms.ChoiceField(label="Gdzie", choices=[("1", "Śródmieście"), ("2", "Nadodrze")])
    note = forms.CharField(
        label="Słowo do gospodarza", widget=forms.Textarea(attrs={"rows": 3}), required=False
    )
    plan = forms.FileField(label="Plan ustawienia", required=False, help_text="PDF lub zdjęcie.")
    together = forms.BooleanField(label="Potrzebuję wszystkiego razem", required=False)

    def clean_end(self) -> str:
        raise forms.ValidationError("Koniec jest przed początkiem.")


def form() -> AskForm:
    fields = AskForm.base_fields.items()
    data = {name: field.initial or "" for name, field in fields}
    return AskForm(data | {"where": "1", "together": "on"})


def action(label: str, kind: Any = "plain", icon: str = "", method: Any = "get") -> Action:
    return Action(label=label, url="#", kind=kind, icon=icon, method=method)


def cards() -> tuple[ResourceCard, ...]:
    return (
        ResourceCard(
            title="Sala prób na parterze",
            url="#1",
            owner="Dom Kultury Nadrzecze",
            place="Wrocław",
            category=ROOM,
            terms="Członkowie mogą prosić od 1 dnia do 12 miesięcy naprzód, bezpłatnie.",
            free="Wolna w czwartek od 14:00 do 18:00",
            tiles=WEEK[3],
        ),
        ResourceCard(
            title="120 krzeseł składanych z wózkami",
            url="#2",
            owner="Ośrodek Kultury Wiadukt",
            place="Wrocław, Nadodrze",
            category=GEAR,
            terms="Od razu, bez pytania, do 40 sztuk.",
            free="Wolne 84 z 120 sztuk",
            tiles=WEEK[5],
        ),
        ResourceCard(
            title="Prawniczka: umowy i prawa autorskie",
            url="#3",
            owner="Fundacja Dwugłos",
            place="zdalnie",
            category=CATEGORIES[3],
            terms="6 godzin w miesiącu dla członków, bezpłatnie.",
            state=StateChip(state="draft", label="szkic"),
        ),
    )


def rivals() -> Rivals:
    def one(title: str, who: str, when: str, *actions: Action, note: str = "") -> Rival:
        return Rival(
            title=title,
            who=who,
            url="#",
            when=when,
            state=STATES[1],
            note=note,
            actions=actions,
            facts=(
                Fact(term="Czeka od", detail="wtorku, 9:12"),
                Fact(term="W tym roku u nas", detail="2 razy"),
            ),
        )

    return Rivals(
        caption="Trzy prośby o salę prób, czwartek 15 kwietnia",
        strip=Strip(label="czwartek", ticks=RULER, tiles=WEEK[1]),
        requests=(
            one(
                "Próba generalna orkiestry",
                "Filharmonia Podwórkowa",
                "18:00–21:00",
                action("Zatwierdź", "next"),
                action("Odmów"),
            ),
            one(
                "Warsztaty dla seniorów",
                "Biblioteka Przy Moście",
                "16:00–19:00",
                action("Zatwierdź"),
                action("Odmów"),
                note="Może też w piątek.",
            ),
            one(
                "Casting do spektaklu",
                "Teatr Podwórko",
                "17:00–22:00",
                action("Zatwierdź"),
                action("Odmów"),
            ),
        ),
    )


DONE = Cell(text="", chip=STATES[7])


def numbers(*texts: str) -> tuple[Cell, ...]:
    return tuple(Cell(text=text, number=True) for text in texts)


def context() -> dict[str, Any]:
    """Everything that the style page shows."""
    picture = static("frontend/mark.svg")
    return {
        "nav": NAV,
        "acting_for": "Dom Kultury Nadrzecze",
        "acting_url": "#",
        "acting_choices": (
            Choice(value="1", label="Dom Kultury Nadrzecze", current=True),
            Choice(value="2", label="Fundacja Dwugłos"),
        ),
        "inbox_url": "#inbox",
        "inbox_count": 3,
        "tokens": ("paper", "sheet", "sunk", "ink", "ink-2", "line", "edge", "neon"),
        "categories": CATEGORIES,
        "states": STATES,
        "cards": cards(),
        "head_actions": (action("Poproś o salę", "next"), action("Zapisz na później", "quiet")),
        "buttons": (
            action("Wyślij prośbę", "next", "paper-airplane"),
            action("Zapisz szkic"),
            action("Anuluj", "quiet"),
            action("Odwołaj", "danger", "trash"),
        ),
        "form": form(),
        "day": Strip(label="czwartek, 15 kwietnia", ticks=RULER, tiles=WEEK[3]),
        "week": WeekGrid(
            caption="12–18 kwietnia 2027",
            hours=RULER,
            first_minute=8 * 60,
            last_minute=22 * 60,
            step=15,
            date_field="id_date",
            start_field="id_start",
            end_field="id_end",
            previous_url="#w14",
            next_url="#w16",
            days=tuple(
                WeekDay(
                    date=f"2027-04-{12 + i}",
                    label=f"{name}, {12 + i} kwietnia",
                    short=f"{name[:2]} {12 + i}",
                    tiles=WEEK[i],
                    today=i == 3,
                )
                for i, name in enumerate(DAYS)
            ),
        ),
        "month": month(),
        "timeline": timeline(),
        "reasons": (
            ReasonItem(
                code="taken",
                kind="fact",
                message="Sala jest zajęta w czwartek od 18:00 do 21:00.",
                relax="Wolna od 14:00 do 18:00.",
            ),
            ReasonItem(
                code="notice",
                kind="rule",
                message="Ten dom chce wiedzieć 14 dni wcześniej, zostało 9.",
            ),
        ),
        "options": (
            OptionItem(
                label="Ta sama sala, czwartek 14:00–17:00",
                description="Najbliższy wolny termin tej samej długości.",
                action=action("Wybierz", method="post"),
            ),
            OptionItem(
                label="Sala kameralna, czwartek 18:00–21:00",
                description="Biblioteka Przy Moście, 1,2 km, 60 miejsc, bezpłatnie.",
                action=action("Wybierz", method="post"),
            ),
            OptionItem(
                label="Poproś mimo to",
                description="Napisz dlaczego; gospodarz może zrobić wyjątek.",
                action=action("Napisz", method="post"),
            ),
        ),
        "waiting": (
            Waiting(
                title="Próba generalna orkiestry: sala prób",
                url="#",
                detail="Filharmonia Podwórkowa, czwartek 15 kwietnia 18:00–21:00",
                due="Odpowiedz do jutra, 12:00",
                urgent=True,
                chip=STATES[1],
                actions=(action("Zatwierdź", "next"), action("Odmów")),
            ),
            Waiting(
                title="80 krzeseł składanych",
                url="#",
                detail="Teatr Podwórko, dziś 16:00, magazyn przy ul. Mostowej",
                due="Dziś, 16:00",
                chip=STATES[3],
                actions=(action("Wydaj"),),
            ),
        ),
        "rivals": rivals(),
        "talk": (
            Message(
                author="Anna Zielińska",
                institution="Filharmonia Podwórkowa",
                body="Czy możemy wnieść fortepian wejściem od podwórza?",
                at_iso="2027-04-08T09:12+02:00",
                at_label="8 kwietnia, 9:12",
            ),
            Message(
                author="Marek Wolny",
                institution="Dom Kultury Nadrzecze",
                side="ours",
                body="Tak, brama ma 2,4 m. Klucz jest na portierni.",
                at_iso="2027-04-08T09:40+02:00",
                at_label="8 kwietnia, 9:40",
            ),
        ),
        "story": (
            StoryItem(
                text="Anna Zielińska poprosiła o salę",
                at_iso="2027-04-08T09:10+02:00",
                at_label="8 kwietnia, 9:10",
                tone="wait",
            ),
            StoryItem(
                text="Gospodarz zrobił wyjątek od reguły 14 dni",
                note="„Znamy się, wszystko gra.”",
                at_iso="2027-04-08T11:02+02:00",
                at_label="8 kwietnia, 11:02",
                tone="kept",
            ),
            StoryItem(
                text="Marek Wolny potwierdził",
                at_iso="2027-04-08T11:03+02:00",
                at_label="8 kwietnia, 11:03",
                tone="yes",
            ),
        ),
        "facts": (
            Fact(term="Gdzie", detail="ul. Mostowa 4, parter, wejście bez progu", icon="map-pin"),
            Fact(term="Pojemność", detail="60 osób", icon="users"),
            Fact(term="Pętla indukcyjna", detail="nie wiadomo", icon="speaker-wave"),
        ),
        "photos": tuple(
            Photo(url=picture, alt=f"Sala prób, widok {n}", width=800, height=600)
            for n in range(1, 6)
        ),
        "table": Table(
            caption="Co daliśmy i co dostaliśmy",
            columns=(
                Column(label="Instytucja"),
                Column(label="Godziny", number=True),
                Column(label="Sztuki", number=True),
                Column(label="Ostatnio"),
            ),
            rows=(
                (Cell(text="Teatr Podwórko", url="#"), *numbers("42", "310"), DONE),
                (Cell(text="Biblioteka Przy Moście", url="#"), *numbers("8", "0"), DONE),
            ),
        ),
        "tabs": (
            Choice(value="wait", label="Czekają", current=True, url="#a", count=3),
            Choice(value="yes", label="Potwierdzone", url="#b", count=12),
            Choice(value="past", label="Minione", url="#c"),
        ),
        "steps": (
            Choice(value="done", label="Co i ile"),
            Choice(value="", label="Gdzie i kiedy", current=True),
            Choice(value="", label="Kto może prosić"),
            Choice(value="", label="Za darmo czy nie"),
        ),
        "empty_actions": (action("Zobacz katalog", "next"),),
    }


NAV = (
    NavItem(label="Pulpit", url="#", icon="home", current=True, count=2),
    NavItem(label="Katalog", url="#k", icon="magnifying-glass"),
    NavItem(label="Moja prośba", url="#m", icon="shopping-bag", count=1),
    NavItem(label="Prośby", url="#p", icon="inbox-arrow-down", count=3),
    NavItem(label="Nasze rzeczy", url="#n", icon="square-3-stack-3d", in_bar=False),
    NavItem(label="Moderacja", url="#mo", icon="check-badge", in_bar=False),
    NavItem(label="Ustawienia", url="#u", icon="cog-6-tooth", in_bar=False),
)
