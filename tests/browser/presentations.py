"""How a page is shown, and what is looked at in each way: as it is, in 长辈版, in other colours, narrow and large."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from tests.browser.looking import (
    COLOURS,
    DOUBLED,
    SIZES,
    SPACED,
    by_axe,
    by_keyboard,
    by_reading_order,
    measured,
    named,
    styled,
)

DESKTOP = {"width": 1280, "height": 900}
NARROW = {"width": 320, "height": 640}
ELDER = "profile=elder"
STANDARD_TARGET, ELDER_TARGET = 44, 60
# A person's own choice of theme brings the palette that the device's wish brings (test_site.py), and only what colours
# can change is looked at again.
COLOURED: dict[str, dict[str, str]] = {
    "dark": {"color_scheme": "dark"},
    "high contrast": {"contrast": "more"},
    "high contrast, dark": {"contrast": "more", "color_scheme": "dark"},
}


@dataclass(frozen=True)
class Way:
    """A way in which a page is shown without loading it again: what is changed, and what is looked at."""

    name: str
    look: Callable[[Any], list[str]]
    media: dict[str, str]
    viewport: dict[str, int]
    sheet: str = ""


def _coloured(page: Any) -> list[str]:
    return [*by_axe(page, COLOURS), *measured(page, "rings")]


def _narrow(page: Any) -> list[str]:
    return [
        *by_axe(page, same_sheets=True),
        *measured(page, "targets", STANDARD_TARGET),
        *measured(page, "clipped"),
        *by_reading_order(page),
    ]


def _large(page: Any) -> list[str]:
    return [*by_axe(page, SIZES), *measured(page, "clipped")]


def _forced(page: Any) -> list[str]:
    return [*measured(page, "forced"), *measured(page, "rings")]


WAYS = [
    *(Way(name, _coloured, media, DESKTOP) for name, media in COLOURED.items()),
    Way("320 px", _narrow, {}, NARROW),
    Way("320 px, text spaced out", lambda page: list(measured(page, "clipped")), {}, NARROW, SPACED),
    Way("text at 200 %", _large, {}, DESKTOP, DOUBLED),
    Way("forced colours", _forced, {"forced_colors": "active"}, DESKTOP),
]
# Nothing moves while it is measured, which the reader may ask of every page.
PLAIN = {"color_scheme": "light", "contrast": "no-preference", "forced_colors": "none", "reduced_motion": "reduce"}
UNASKED = PLAIN | {"reduced_motion": "no-preference"}


@contextmanager
def shown(page: Any, way: Way) -> Iterator[None]:
    """The page in that way, while the block runs."""
    page.emulate_media(**PLAIN | way.media)
    if page.viewport_size != way.viewport:
        page.set_viewport_size(way.viewport)
    if not way.sheet:
        yield
        return
    with styled(page, way.sheet):
        yield


def everything(page: Any, source: str | None, *, translated: bool = False) -> list[str]:
    """All that is wrong with a page that was loaded as it is by default, in each way in turn.

    ``source`` is what the server sent; None for a page that a part was put into since. ``translated`` where another
    language is looked at too: where Tab leads follows from markup and scripts, which are the same.
    """
    page.emulate_media(**PLAIN)
    found = named("no motion", measured(page, "motion"))
    found += named("default", [*by_axe(page), *measured(page, "targets", STANDARD_TARGET), *measured(page, "clipped")])
    found += named("default", measured(page, "rings"))
    if source is not None:
        found += named("without script", measured(page, "unscripted", source))
    for way in WAYS:
        with shown(page, way):
            found += named(way.name, way.look(page))
    page.emulate_media(**PLAIN)
    return found if translated else found + named("by keyboard", by_keyboard(page))


def for_elders(page: Any) -> list[str]:
    """All that is wrong with a page in the 长辈版, in which nothing moves whatever the device says."""
    page.emulate_media(**UNASKED)
    found = [*by_axe(page), *measured(page, "targets", ELDER_TARGET), *measured(page, "clipped")]
    return named("长辈版", [*found, *measured(page, "rings"), *measured(page, "motion")])


def refused(page: Any, target: int) -> list[str]:
    """All that is wrong with the answer to a form that was sent empty."""
    found = [*by_axe(page, same_sheets=True), *measured(page, "targets", target), *measured(page, "clipped")]
    if page.evaluate("() => document.activeElement.id") != "error-summary":
        found.append("the error summary does not have the focus")
    return found
