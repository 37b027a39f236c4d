"""The fictional cooperative: its houses, people and networks. Every name is made up."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Hours = tuple[tuple[str, str, str], ...]
"""Weekdays as digits (0 = Monday), opens, closes."""


@dataclass(frozen=True, slots=True)
class House:
    """`people` = names of staff, keeper and manager, in this order."""

    key: str
    name: str
    short_name: str
    kind: str
    people: tuple[str, str, str]
    about: str
    street: str
    hours: Hours = ()
    city: str = "Wrocław"
    district: str = ""
    country: str = "PL"
    region: str = "PL-02"
    zone: str = "Europe/Warsaw"
    place: tuple[float, float] = (51.1079, 17.0385)
    language: str = "pl"
    languages: tuple[str, ...] = ("pl", "en")
    trusted: bool = True
    holidays: bool = True
    accessibility: dict[str, str] = field(default_factory=dict)

    def details(self) -> dict[str, Any]:
        """As `register_institution` takes them."""
        return {
            "name": self.name,
            "short_name": self.short_name,
            "kind": self.kind,
            "about": self.about,
            "street": self.street,
            "city": self.city,
            "district": self.district,
            "country": self.country,
            "region": self.region,
            "time_zone": self.zone,
            "latitude": self.place[0],
            "longitude": self.place[1],
            "languages": list(self.languages),
            "contact_email": f"biuro.{self.key}@demo.example",
            "contact_phone": f"+48 71 000 00 {int(self.key[1:]):02}",
            "office_email": f"biuro.{self.key}@demo.example",
        }


HOUSES: tuple[House, ...] = (
    House(
        "m1", "Teatr Kontury", "Kontury", "municipal",
        ("Hanna Sowa", "Igor Bielak", "Lena Wrzos"),
        "Teatr miejski z dużą sceną, sceną kameralną i salą prób.", "ul. Rampowa 3",
        (("123456", "08:00", "24:00"), ("0", "08:00", "16:00")), district="Stare Miasto",
        place=(51.1101, 17.0321),
    ),
    House(
        "m2", "Dom Kultury Zachodni", "DK Zachodni", "municipal",
        ("Tomasz Grab", "Alicja Modrzew", "Jerzy Kalina"),
        "Osiedlowy dom kultury: sala widowiskowa, sale zajęć, magazyn krzeseł i podestów.", "ul. Jaskółcza 18",
        (("01234", "08:00", "22:00"), ("5", "09:00", "20:00"), ("6", "10:00", "18:00")), district="Zachód",
        place=(51.1187, 16.9802),
    ),
    House(
        "m3", "Miejska Biblioteka, Filia 12", "Filia 12", "municipal",
        ("Oliwia Brzask", "Marek Cis", "Zofia Len"),
        "Biblioteka z salą spotkań i czytelnią, którą można mieć dla siebie wieczorem.", "pl. Kałamarzy 2",
        (("01234", "09:00", "21:00"), ("5", "10:00", "16:00")), district="Nadodrze", place=(51.1212, 17.0318),
    ),
    House(
        "m4", "Fundacja Ruchome Mosty", "Ruchome Mosty", "foundation",
        ("Kacper Olcha", "Nadia Berest", "Ewa Traczyk"),
        "Fundacja: moderatorzy, tłumaczki i doradczynie od rozliczania dotacji.", "ul. Wodna 9/4",
        (("01234", "09:00", "19:00"), ("5", "10:00", "18:00")), languages=("pl", "en", "uk", "de"),
        place=(51.1065, 17.0588), holidays=False,
    ),
    House(
        "m5", "Pracownia Podwórko", "Podwórko", "informal_group",
        ("Bruno Wilga", "Maja Pokrzywa", "Filip Rdest"),
        "Grupa sąsiedzka z narzędziami, drabiną i rowerem towarowym.", "ul. Podwale Ceglane 7",
        (("012345", "10:00", "20:00"),), district="Nadodrze", place=(51.1236, 17.0402), trusted=False,
        holidays=False,
    ),
    House(
        "m6", "Instytut Sieci Kultury", "Instytut Sieci", "network_office",
        ("Iga Rosa", "Paweł Sad", "Dorota Przęsło"),
        "Biuro sieci: klub, galeria, kabina tłumaczy, bus i mieszkanie rezydencyjne.", "ul. Neonowa 46",
        (("0123456", "08:00", "23:00"),), languages=("pl", "en", "de"), district="Stare Miasto",
        place=(51.1126, 17.0241), holidays=False,
    ),
    House(
        "m7", "Muzeum Tkaniny", "Muzeum Tkaniny", "municipal",
        ("Julia Osnowa", "Adam Wątek", "Helena Splot"),
        "Muzeum z salą konferencyjną, gablotami i drugą kabiną tłumaczy.", "ul. Czółenkowa 1",
        (("12345", "09:00", "20:00"), ("6", "10:00", "18:00")), district="Stare Miasto", place=(51.1049, 17.0433),
    ),
    House(
        "m8", "Akademia Sztuk, filia", "Akademia Sztuk", "school",
        ("Natan Gips", "Róża Sangwina", "Wiktor Blejtram"),
        "Filia uczelni: black box, pracownia i krzesła. W sesji wszystko jest zajęte.", "ul. Sztalugowa 12",
        (("01234", "07:00", "22:00"), ("5", "08:00", "20:00")), place=(51.1003, 17.0267),
    ),
    House(
        "m9", "Centrum Kultury Podgórki", "CK Podgórki", "municipal",
        ("Stefan Hala", "Wanda Jodła", "Krystyna Potok"),
        "Dom kultury w małym mieście: sala koncertowa i pokoje gościnne. Listy intencyjne z partnerami za granicą.",
        "Rynek 5", (("01234", "08:00", "21:00"), ("5", "09:00", "22:00"), ("6", "10:00", "20:00")), city="Podgórki",
        place=(50.8931, 15.7702), languages=("pl", "en", "de"),
    ),
    House(
        "m10", "Teatr Muzyczny Aria", "Aria", "municipal",
        ("Laura Tercja", "Oskar Klucz", "Beata Partytura"),
        "Teatr muzyczny: mikrofony bezprzewodowe i magazyn kostiumów.", "al. Batuty 21",
        (("0123456", "09:00", "23:00"),), place=(51.0986, 17.0354),
    ),
    House(
        "p1", "Dom Spotkań, Wilno", "Dom Spotkań", "guest",
        ("Rūta Upė", "Jonas Beržas", "Daiva Giria"),
        "Partner z Wilna.", "Šaltinio g. 4", (("0123456", "09:00", "22:00"),), city="Vilnius", country="LT",
        region="", zone="Europe/Vilnius", place=(54.6872, 25.2797), language="en", languages=("lt", "pl", "en"),
        holidays=False,
    ),
    House(
        "p2", "Centrum Czasu Wolnego, Koszyce", "CCW Koszyce", "guest",
        ("Zuzana Lúka", "Peter Most", "Jana Skala"),
        "Partner z Koszyc.", "Kováčska 10", city="Košice", country="SK", region="", zone="Europe/Bratislava",
        place=(48.7164, 21.2611), language="en", languages=("sk", "en"), holidays=False,
    ),
    House(
        "p3", "Центр творчості «Світанок», Київ", "Світанок", "guest",
        ("Оксана Калина", "Тарас Явір", "Леся Криниця"),
        "Партнер із Києва.", "вул. Світла 8", (("0123456", "10:00", "20:00"),), city="Київ", country="UA",
        region="", zone="Europe/Kyiv", place=(50.4501, 30.5234), language="uk", languages=("uk", "en"),
        holidays=False,
    ),
    House(
        "p4", "Kulturni centar Jarun, Zagreb", "KC Jarun", "guest",
        ("Ivana Breza", "Luka Kamen", "Marija Polje"),
        "Partner z Zagrzebia.", "Jezerska 2", city="Zagreb", country="HR", region="", zone="Europe/Zagreb",
        place=(45.8150, 15.9819), language="en", languages=("hr", "en"), holidays=False,
    ),
    House(
        "p5", "Association de saxophonistes, Grasse", "Saxophonistes", "guest",
        ("Chloé Tilleul", "Marc Rivage", "Anne Colline"),
        "Partner z Grasse.", "4 rue des Anches", city="Grasse", country="FR", region="", zone="Europe/Paris",
        place=(43.6589, 6.9243), language="en", languages=("fr", "en"), holidays=False,
    ),
    House(
        "p6", "文化交流会, Tokyo", "文化交流会", "guest",
        ("川辺 葵", "森本 蓮", "小山 凛"),
        "Partner z Tokio.", "1-2-3 Kawabe", city="Tokyo", country="JP", region="", zone="Asia/Tokyo",
        place=(35.6762, 139.6503), language="en", languages=("ja", "en"), holidays=False,
    ),
)  # fmt: skip

ROLES = ("staff", "keeper", "manager")

NETWORKS: tuple[tuple[str, str, str, str, tuple[str, ...]], ...] = (
    ("yard", "Podwórze Neonowa 46", "courtyard", "m6", ("m5", "m6", "m7")),
    ("city", "Sieć Kultury Wrocław", "city", "m6", ("m1", "m2", "m3", "m4", "m8", "m10")),
    ("coalition", "Koalicja Domów Kultury", "coalition", "m9", ("m2", "m9")),
)
"""Key, name, kind, operator, institutions. The courtyard lies in the city network."""

PARTNERSHIPS: tuple[tuple[str, str, str], ...] = (
    ("m9", "p1", "letter_of_intent"),
    ("m9", "p2", "letter_of_intent"),
    ("m9", "p3", "letter_of_intent"),
    ("m9", "p4", "letter_of_intent"),
    ("m9", "p5", "letter_of_intent"),
    ("m6", "p1", "agreement"),
    ("m6", "p3", "agreement"),
    ("m6", "p6", "letter_of_intent"),
    ("m2", "m5", "agreement"),
)
"""Who proposed, who agreed, kind."""
