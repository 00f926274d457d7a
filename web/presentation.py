"""How a page is presented to this person: their preference, from the cookie of this device, as stylesheet and switches.

Whoever chose nothing gets no cookie and no stylesheet: the device's own settings decide. A later layer (a person's
preferences kept with the account) goes in ``layers`` before the device's.
"""

from dataclasses import dataclass

from flask import Flask, Response, current_app, g, request, url_for

from accessibility.preference import model
from accessibility.preference.model import Choices, Preference
from accessibility.preference.presentation import Palette, presentation, stylesheet_name
from web.settings import Settings

COOKIE = "evergreen_display"
YEAR = 365 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Shown:
    """What base.html needs; ``switches`` are ``data-`` attributes, ``stylesheet`` an address or None."""

    switches: tuple[tuple[str, str], ...]
    palettes: tuple[Palette, ...]
    color_scheme: str
    stylesheet: str | None
    elder: bool


def device_choices() -> dict[str, str]:
    """What was chosen on this device."""
    return model.read(request.cookies.get(COOKIE, ""))


def layers() -> tuple[Choices, ...]:
    """The layers of choices that hold for this request, the nearest last."""
    return (device_choices(),)


def preference() -> Preference:
    """The preference of whoever reads this page."""
    if "preference" not in g:
        g.preference = model.resolve(*layers())
    found: Preference = g.preference
    return found


def keep_on_device(response: Response, choices: Choices) -> Response:
    """Remember the choices on this device for a year; no choices: forget."""
    settings: Settings = current_app.extensions["evergreen_settings"]
    written = model.write(choices)
    if written:
        response.set_cookie(
            COOKIE, written, max_age=YEAR, secure=settings.cookie_secure, httponly=True, samesite="Lax", path="/"
        )
    else:
        response.delete_cookie(COOKIE, secure=settings.cookie_secure, httponly=True, samesite="Lax", path="/")
    return response


def shown() -> Shown:
    """The presentation of this request."""
    chosen = preference()
    found = presentation(chosen)
    name = stylesheet_name(chosen)
    return Shown(
        switches=tuple(found.switches.items()),
        palettes=found.palettes,
        color_scheme=found.color_scheme,
        stylesheet=url_for("display.stylesheet", name=name) if name else None,
        elder=chosen.profile == "elder",
    )


def install(app: Flask) -> None:
    """Make the presentation available to every template."""
    app.jinja_env.globals.update(presentation=shown)
