"""Counts what somebody's hands do on a day: clicks, fields, keys; and how long that takes by the keystroke-level model.

Seconds after Card, Moran and Newell (1980): 1.1 to point, 0.2 to press, 0.4 to move a hand between mouse and
keyboard, 0.2 for a key of a practised typist, 1.35 to think before each thing that is pressed or filled in, but
once for a way that is known by heart and for what is said over the phone while it is typed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.journeys.visits import unfold

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

POINT, PRESS, HOME, KEY, THINK = 1.1, 0.2, 0.4, 0.2, 1.35


@dataclass
class Hands:
    """The hands of one person on `page`. What they do is counted since the last `rest`."""

    page: Page
    clicks: int = 0
    fields: int = 0
    keys: int = 0
    seconds: float = 0.0
    typing: bool = False

    def rest(self) -> None:
        """Begin to count anew: another errand."""
        self.clicks = self.fields = self.keys = 0
        self.seconds, self.typing = 0.0, False

    def _at(self, *, keyboard: bool) -> None:
        if keyboard != self.typing:
            self.seconds += HOME
        self.typing = keyboard

    def _clicked(self, *, known: bool = False) -> None:
        self._at(keyboard=False)
        self.clicks += 1
        self.seconds += POINT + PRESS + (0 if known else THINK)

    def go(self, target: Locator | str, *, known: bool = False) -> None:
        """Click something that brings another page; words name a link of the page. `known` = one way with the last."""
        found = (
            self.page.get_by_role("link", name=target).locator("visible=true").first
            if isinstance(target, str)
            else target
        )
        self._clicked(known=known)
        with self.page.expect_navigation(wait_until="load"):
            found.click()

    def click(self, target: Locator) -> None:
        """Click something that changes the page in place."""
        self._clicked()
        target.click()

    def choose(self, target: Locator, value: str) -> None:
        """Choose from a list that unfolds: a click opens it, one takes."""
        self._clicked()
        self._clicked(known=True)
        target.select_option(value)

    def drag(self, track: Locator, first: float, last: float) -> None:
        """Drag over a part of a day's track, 0 = its beginning, 1 = its end; counts as a click and a way more.

        A track stands upright, or lies where the page is narrow.
        """
        track.scroll_into_view_if_needed()
        box = track.bounding_box()
        assert box is not None
        self._clicked()
        self.seconds += POINT
        lies = box["width"] > box["height"]
        mouse = self.page.mouse
        for number, part in enumerate((first, (first + last) / 2, last)):
            along, across = (part, 0.5) if lies else (0.5, part)
            mouse.move(box["x"] + box["width"] * along, box["y"] + box["height"] * across)
            if number == 0:
                mouse.down()
        mouse.up()

    def type(self, **values: str) -> None:
        """Fill in fields, the first by a click, the next by Tab."""
        for number, (name, value) in enumerate(values.items()):
            exact = self.page.locator(f"main [name={name}]:visible")
            one = (
                exact if exact.count() else self.page.locator(f"main [name$='-{name}']:visible")
            ).first
            if number == 0:
                self._clicked()
            else:
                self.keys += 1
                self.seconds += KEY
            self._at(keyboard=True)
            self.fields += 1
            self.keys += len(value)
            self.seconds += KEY * len(value)
            one.fill(value)

    def enter(self) -> None:
        """Send what was typed, from the field in which the hands are."""
        self._at(keyboard=True)
        self.keys += 1
        self.seconds += THINK + KEY
        with self.page.expect_navigation(wait_until="load"):
            self.page.keyboard.press("Enter")

    def unfold(self, target: Locator) -> None:
        """Open what hides it, by a click."""
        self._clicked()
        unfold(target)
