"""People who use no pointer: with a keyboard, or with two switches. They find things as a screen reader says them."""

from dataclasses import dataclass
from typing import Any

LIMIT = 250
"""So many presses, and whoever looks for something has gone around the page."""


@dataclass(frozen=True)
class Stop:
    """Where the focus is: the role and the name in the accessibility tree."""

    role: str
    name: str


class Keyboard:
    """Somebody with a keyboard and nothing else. ``presses`` counts what they press, typing left out."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.presses = 0
        self._session = page.context.new_cdp_session(page)

    def press(self, key: str) -> None:
        """Press a key or a chord once, in Playwright's words: ``Shift+Tab``."""
        self.page.keyboard.press(key)
        self.presses += 1

    def focused(self) -> Stop:
        """Where the focus is."""
        found = self._session.send("Runtime.evaluate", {"expression": "document.activeElement"})["result"]
        asked = {"objectId": found["objectId"], "fetchRelatives": False}
        [node] = self._session.send("Accessibility.getPartialAXTree", asked)["nodes"]
        return Stop(node.get("role", {}).get("value", ""), node.get("name", {}).get("value", ""))

    def to(self, role: str, name: str, *, back: bool = False) -> None:
        """Tab (or, ``back``, with Shift) to the first control of that role whose name contains the words.

        Raises AssertionError with what was met on the way when there is none.
        """
        met: list[str] = []
        for _ in range(LIMIT):
            here = self.focused()
            if here.role == role and name in here.name:
                return
            met.append(f"{here.role} {here.name}")
            self.press("Shift+Tab" if back else "Tab")
        raise AssertionError(f"no {role} {name!r} among {list(dict.fromkeys(met))}")

    def follow(self, name: str) -> None:
        """Go to a link and open it."""
        self.to("link", name)
        with self.page.expect_navigation():
            self.press("Enter")

    def push(self, name: str, *, leads_on: bool = True) -> None:
        """Go to a button and press it; ``leads_on`` when another page follows."""
        self.to("button", name)
        if not leads_on:
            self.press("Space")
            return
        with self.page.expect_navigation():
            self.press("Enter")

    def type(self, field: str, text: str) -> None:
        """Go to a text field and type."""
        self.to("textbox", field)
        self.page.keyboard.type(text)

    def tick(self, name: str) -> None:
        """Go to a check box and change it."""
        self.to("checkbox", name)
        self.press("Space")

    def choose(self, name: str) -> None:
        """Go to the group of radio buttons that has this one, and with the arrows to it."""
        met: list[str] = []
        for _ in range(LIMIT):
            here = self.focused()
            if here.role == "radio":
                first = here
                for _turn in range(LIMIT):
                    if name in here.name:
                        self.press("Space")
                        return
                    met.append(here.name)
                    self.press("ArrowDown")
                    here = self.focused()
                    if here == first:
                        break
            self.press("Tab")
        raise AssertionError(f"no radio button {name!r} among {list(dict.fromkeys(met))}")

    def select(self, field: str, option: str) -> None:
        """Go to a list and choose by the arrows the option that contains the words."""
        self.to("combobox", field)
        count = self.page.evaluate("() => document.activeElement.options.length")
        self.press("Home")
        for _ in range(count):
            chosen: str = self.page.evaluate("() => document.activeElement.selectedOptions[0]?.text ?? ''")
            if option in chosen:
                return
            self.press("ArrowDown")
        raise AssertionError(f"no option {option!r} in {field!r}")


SCAN = """() => {
  const all = [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")]
    .filter((e) => !e.disabled && e.checkVisibility({ visibilityProperty: true }));
  const at = all.indexOf(document.activeElement);
  const next = all[(at + 1) % all.length];
  next.focus({ focusVisible: true });
}"""


class Switches(Keyboard):
    """Somebody with two switches and the scanning of their device: one goes on to the next control, one presses it.

    Scanning stops at every control, at each radio button too, and never goes back; text is brought by the device.
    """

    def on(self) -> None:
        """The first switch."""
        self.page.evaluate(SCAN)
        self.presses += 1

    def act(self) -> None:
        """The second switch: what the control does when it is pressed."""
        self.press("Space" if self.focused().role in ("radio", "checkbox", "button") else "Enter")

    def to(self, role: str, name: str, *, back: bool = False) -> None:
        """On and on, to the first control of that role whose name contains the words. There is no way back."""
        assert not back, "a switch leads on only"
        for _ in range(LIMIT):
            here = self.focused()
            if here.role == role and name in here.name:
                return
            self.on()
        raise AssertionError(f"no {role} {name!r}")

    def choose(self, name: str) -> None:
        """To a radio button, as to anything else."""
        self.to("radio", name)
        self.act()
