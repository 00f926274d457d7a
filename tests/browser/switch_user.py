"""Somebody with two switches or with one, and nothing else, on the page's own scanning (switch.js)."""

from datetime import datetime, timedelta
from typing import Any

from tests.browser.keyboard import LIMIT, Keyboard

APART = 160
"""Milliseconds between two presses; a nearer one counts as a hand that shook."""
# Where the frame is, whether it is on a group, and whether the middle of an element lies inside.
SEEN = """(el) => {
  const frame = document.querySelector(".switch-frame");
  if (!frame || frame.hidden) return null;
  const f = frame.getBoundingClientRect(), e = el.getBoundingClientRect();
  const x = (e.left + e.right) / 2, y = (e.top + e.bottom) / 2;
  const top = document.elementFromPoint(x, y);
  const seen = top && (el.contains(top) || top.contains(el) || top.closest("label")?.control === el);
  const inside = seen && x >= f.left && x <= f.right && y >= f.top && y <= f.bottom;
  const now = document.querySelector(".switch-now").textContent;
  return { many: frame.classList.contains("many"), inside, now };
}"""


class SwitchUser(Keyboard):
    """Looks where the frame is, and presses one of two switches. ``presses`` counts both."""

    display = "scanning=two-switches"

    def on(self) -> None:
        """The first switch: go on."""
        self._hit("Space")

    def act(self) -> None:
        """The second switch: choose."""
        self._hit("Enter")

    def _hit(self, key: str) -> None:
        """Press, then rest: where the frame is then seen, it stays until the next press."""
        self.press(key)
        self.page.wait_for_timeout(APART)

    def aim(self, target: Any) -> None:
        """Go on, and into groups, until the frame is on that element alone."""
        self.page.locator(".switch-now").wait_for()
        met = []
        for _ in range(LIMIT):
            seen = target.evaluate(SEEN)
            assert seen is not None, "scanning rests"
            if seen["inside"] and not seen["many"]:
                return
            met.append(seen["now"])
            if seen["inside"] or seen["now"] == "退回上一层":
                self.act()
            else:
                self.on()
        raise AssertionError(f"not reached; met {list(dict.fromkeys(met))}")

    def to(self, role: str, name: str, *, back: bool = False) -> None:
        """To the first control of that role whose name contains the words; there is one way only."""
        self.aim(self._found(role, name))

    def _found(self, role: str, name: str, inside: str = "body") -> Any:
        found = self.page.locator(inside).get_by_role(role, name=name)
        return found.locator("visible=true").first

    def follow(self, name: str) -> None:
        """Go to a link and open it."""
        self.to("link", name)
        with self.page.expect_navigation():
            self.act()

    def push(self, name: str, *, leads_on: bool = True) -> None:
        """Go to a button and choose it."""
        self.to("button", name)
        if not leads_on:
            self.act()
            return
        with self.page.expect_navigation():
            self.act()

    def choose(self, name: str) -> None:
        """Choose a radio button."""
        self.to("radio", name)
        self.act()

    def tick(self, name: str) -> None:
        """Change a check box."""
        self.to("checkbox", name)
        self.act()

    def type(self, field: str, text: str) -> None:
        """Write with the rows of keys on the screen."""
        self.to("textbox", field)
        self.act()
        for character in text:
            self.key(character)
        self.key("写好了")

    def key(self, name: str) -> None:
        """One key of the rows on the screen."""
        self.aim(self.page.locator(".switch-keys").get_by_role("button", name=name, exact=True))
        self.act()

    def select(self, field: str, option: str) -> None:
        """Choose from a list whose options stand as keys on the screen."""
        self.to("combobox", field)
        self.act()
        self.aim(self._found("button", option, ".switch-keys"))
        self.act()


class OneSwitch(SwitchUser):
    """Looks where the frame is, waits for it to go on by itself, and presses the only switch when it has arrived.

    The page's clock stands still but for what this person waits, so that a slow machine presses no wrong thing; the
    pace is the fastest that a person can choose.
    """

    display = "scanning=one-switch&scan_pace=1"
    PACE = 1_000

    def __init__(self, page: Any) -> None:
        super().__init__(page)
        page.clock.install()
        page.reload()
        page.clock.pause_at(datetime.now() + timedelta(seconds=1))  # noqa: DTZ005

    def on(self) -> None:
        """Wait for as long as the frame stays on one thing."""
        self.page.clock.run_for(self.PACE)

    def act(self) -> None:
        """The switch."""
        self.page.clock.run_for(APART)
        self.press("Space")
