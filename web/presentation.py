"""How a page is presented to this person: their preference, resolved from its layers, as stylesheet and switches.

The layers, the nearest last: the account (kept there when the person asked for it), this device (a cookie of a year),
this visit (a cookie that ends with it: from a printed card, or on a device that others use), this one page
(``?display=`` with a card's code). On a shared device the person's own account outweighs what was set for the
device. Whoever chose nothing gets no cookie and no stylesheet: the device's own settings decide.
"""

from dataclasses import dataclass
from typing import Literal

from flask import Flask, Response, current_app, g, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from accessibility.preference import card, model
from accessibility.preference.model import Choices, Preference
from accessibility.preference.presentation import Palette, presentation, stylesheet_name
from web.accounts import display_preferences, unhurried
from web.accounts.permissions import Actor, actor_or_none, now
from web.database import tx
from web.messages import CITY
from web.settings import Settings

COOKIE, VISIT = "evergreen_display", "evergreen_visit"
YEAR = 365 * 24 * 3600
VISIT_SECONDS = 20 * 60  # without a page, as long as a session on a shared device may rest
MET = "met=1"  # the questions of the first visit were answered or put aside; no choice
PARAMETER = "display"

Place = Literal["account", "visit", "device"]


@dataclass(frozen=True, slots=True)
class Shown:
    """What base.html needs; ``switches`` are ``data-`` attributes, ``stylesheet`` an address or None.

    ``quiet`` says that nothing may sound or speak up by itself now; ``easy`` that the plain words come first.
    """

    switches: tuple[tuple[str, str], ...]
    palettes: tuple[Palette, ...]
    color_scheme: str
    stylesheet: str | None
    elder: bool
    easy: bool
    quiet: bool
    preference: Preference


def device_choices() -> dict[str, str]:
    """What was chosen on this device."""
    return model.read(request.cookies.get(COOKIE, ""))


def visit_choices() -> dict[str, str]:
    """What holds for this visit alone."""
    return model.read(request.cookies.get(VISIT, ""))


def moment_choices() -> dict[str, str]:
    """What the address asks for this one page."""
    return card.choices(request.args.get(PARAMETER, ""))[0]


def _who(*, without_person: bool) -> Actor | None:
    """Who reads the page; where the database may be what failed, only if that is known already."""
    found: Actor | None = g.get("actor") if without_person else actor_or_none()
    return found


def account_choices(*, without_person: bool = False) -> dict[str, str] | None:
    """What is kept with the account; None when nothing is."""
    who = _who(without_person=without_person)
    return None if who is None or who.display is None else model.read(who.display)


def _standing(*, without_person: bool = False) -> tuple[Choices, ...]:
    """The layers that outlast this visit."""
    account, who = account_choices(without_person=without_person), _who(without_person=without_person)
    if account is not None and who is not None and who.shared_device:
        return (account,)
    return (account or {}, device_choices())


def layers(*, without_person: bool = False) -> tuple[Choices, ...]:
    """The layers of choices that hold for this request, the nearest last."""
    return (*_standing(without_person=without_person), visit_choices(), moment_choices())


def preference(*, without_person: bool = False) -> Preference:
    """The preference of whoever reads this page."""
    if "preference" not in g:
        g.preference = model.resolve(*layers(without_person=without_person))
    found: Preference = g.preference
    return found


def show(tried: Preference) -> None:
    """Show this page as somebody tries it out, and keep nothing."""
    g.preference = tried


def is_unmet() -> bool:
    """Whether whoever reads this page chose nothing yet, and has not put the questions of the first visit aside."""
    return COOKIE not in request.cookies and not visit_choices() and account_choices() is None


def here() -> Place:
    """Where a choice goes that is for this device alone."""
    who = actor_or_none()
    return "visit" if (who is not None and who.shared_device) or visit_choices() else "device"


def place() -> Place:
    """Where a choice goes that is kept without another word."""
    return here() if account_choices() is None else "account"


def keep(response: BaseResponse, wanted: Preference, where: Place) -> BaseResponse:
    """Keep what is wanted where it belongs, so that the next page is shown so; a sign-in that runs follows at once."""
    unhurried.fit(response, unhurried=wanted.time_limits == "none")
    if where == "account":
        who = actor_or_none()
        if who is None:
            raise ValueError("nobody is signed in")
        display_preferences.keep(tx(), who.person_id, model.choices_of(wanted), now=now())
        if not who.shared_device:
            keep_on_device(response, {})
        return end_visit(response)
    if where == "visit":
        return keep_for_visit(response, model.difference(_standing(), wanted))
    return keep_on_device(response, model.difference((account_choices() or {},), wanted))


def keep_on_device(response: BaseResponse, choices: Choices) -> BaseResponse:
    """Remember the choices on this device for a year; no choices: forget."""
    return _set(response, COOKIE, model.write(choices), YEAR)


def keep_for_visit(response: BaseResponse, choices: Choices) -> BaseResponse:
    """Remember the choices for this visit; no choices: forget."""
    return _set(response, VISIT, model.write(choices), VISIT_SECONDS)


def note_met(response: BaseResponse) -> BaseResponse:
    """Remember on this device that the questions of the first visit need not be offered again."""
    if is_unmet():
        _set(response, COOKIE, MET, YEAR)
    return response


def end_visit(response: BaseResponse) -> BaseResponse:
    """Leave nothing of this visit to whoever comes next; what was chosen for the device stays."""
    return _set(response, VISIT, "", 0) if VISIT in request.cookies else response


def _set(response: BaseResponse, name: str, value: str, max_age: int) -> BaseResponse:
    secure = _settings().cookie_secure
    if value:
        response.set_cookie(name, value, max_age=max_age, secure=secure, httponly=True, samesite="Lax", path="/")
    else:
        response.delete_cookie(name, secure=secure, httponly=True, samesite="Lax", path="/")
    g.cookies_set = {*g.get("cookies_set", ()), name}
    return response


def _settings() -> Settings:
    settings: Settings = current_app.extensions["evergreen_settings"]
    return settings


def shown(without_person: bool = False) -> Shown:
    """The presentation of this request; an error page says that it must not look for the person."""
    chosen = preference(without_person=without_person)
    found = presentation(chosen)
    name = stylesheet_name(chosen)
    quiet = model.is_quiet(chosen, now().astimezone(CITY).hour)
    return Shown(
        switches=(*found.switches.items(), *((("quiet-now", "yes"),) if quiet else ())),
        palettes=found.palettes,
        color_scheme=found.color_scheme,
        stylesheet=url_for("display.stylesheet", name=name) if name else None,
        elder=chosen.profile == "elder",
        easy=chosen.easy_read == "first",
        quiet=quiet,
        preference=chosen,
    )


def _go_on_with_visit(response: Response) -> Response:
    """A visit lasts as long as pages are fetched."""
    if response.mimetype == "text/html" and VISIT not in g.get("cookies_set", ()) and (going := visit_choices()):
        keep_for_visit(response, going)
    return response


def install(app: Flask) -> None:
    """Make the presentation available to every template."""
    app.jinja_env.globals.update(
        presentation=shown, is_unmet=is_unmet, wants_symbols=lambda: preference().symbols == "on"
    )
    app.after_request(_go_on_with_visit)
