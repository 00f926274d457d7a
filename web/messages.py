"""Sentences of pages and errors, in the reader's language.

Pages name a sentence by key (``t("portfolio.title")``); the sentences stand in ``web/translations/<topic>.toml``, zh
and en side by side, the topic being the first part of the key. Errors and reports of the libraries bring codes; their
sentences come from the libraries' own catalogues.
"""

import tomllib
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any, Literal
from zoneinfo import ZoneInfo

import babel
from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal
from flask import Flask, g, request
from markupsafe import Markup, escape

from web.libraries import LibraryError, sentence

Locale = Literal["zh-CN", "en"]
LOCALES: tuple[Locale, ...] = ("zh-CN", "en")
COOKIE = "evergreen_language"
CITY = ZoneInfo("Asia/Shanghai")


@cache
def catalogue() -> dict[str, dict[str, str]]:
    """Every page sentence: ``{"topic.key": {"zh": …, "en": …}}``."""
    found: dict[str, dict[str, str]] = {}

    def walk(prefix: str, table: dict[str, Any]) -> None:
        if "zh" in table or "en" in table:
            found[prefix] = table
            return
        for key, value in table.items():
            walk(f"{prefix}.{key}", value)

    for resource in (files("web") / "translations").iterdir():
        if resource.name.endswith(".toml"):
            walk(resource.name.removesuffix(".toml"), tomllib.loads(resource.read_text("utf-8")))
    return found


def locale() -> Locale:
    """The request's language: the person's own choice, then the browser's, then Chinese."""
    if "locale" not in g:
        chosen = request.cookies.get(COOKIE, "")
        if chosen not in LOCALES:
            match = request.accept_languages.best_match(["zh-CN", "zh", "en"], default="zh-CN")
            chosen = "en" if match == "en" else "zh-CN"
        g.locale = chosen
    value: Locale = g.locale
    return value


def t(key: str, /, **parameters: object) -> str:
    """The sentence of that key in the request's language, its parameters filled in.

    In English a sentence that has ``en_one`` uses it when ``count`` is 1. With a parameter that is markup (a name with
    its language) it is markup, everything else escaped. Raises KeyError for an unknown key.
    """
    entry = catalogue()[key]
    short = "en" if locale() == "en" else "zh"
    if short == "en" and "en_one" in entry and parameters.get("count") in (1, "1"):
        short = "en_one"
    text = entry[short]
    if any(isinstance(value, Markup) for value in parameters.values()):
        return escape(text).format(**parameters)
    return text.format(**parameters) if parameters else text


def t_html(key: str, /, **parameters: object) -> Markup:
    """As ``t``, for a sentence that holds markup of ours; every parameter is escaped."""
    return Markup(t(key)).format(**{k: escape(v) for k, v in parameters.items()})  # noqa: S704 - our own sentence


def error_sentence(error: LibraryError) -> str:
    """What happened and what to do, for a person, in the request's language.

    Refusals of the edge itself (accounts, sign-in) stand in ``web/translations/refusal.toml``.
    """
    own = f"refusal.{error.code}"
    if own in catalogue():
        return t(own, **error.parameters)
    return sentence(f"error.{error.code}", locale(), **error.parameters)


@cache
def _babel(name: Locale) -> babel.Locale:
    """Babel's own object for a language; finding it by name costs more than the formatting."""
    return babel.Locale.parse(name, sep="-")


def civil_date(value: date | datetime) -> str:
    """A date as people here write it: 2026年11月21日, 21 November 2026. An instant is shown in the city's time."""
    if isinstance(value, datetime):
        value = value.astimezone(CITY).date()
    return format_date(value, "y年M月d日" if locale() == "zh-CN" else "d MMMM y", locale=_babel(locale()))


def civil_time(value: datetime) -> str:
    """An instant as people here write it, to the minute, in the city's time."""
    pattern = "y年M月d日 HH:mm" if locale() == "zh-CN" else "d MMMM y, HH:mm"
    return format_datetime(value.astimezone(CITY), pattern, locale=_babel(locale()))


def number(value: int | float | str) -> str:
    """A number with its thousands grouped."""
    return format_decimal(Decimal(str(value)), locale=_babel(locale()))


def install(app: Flask) -> None:
    """Make the sentences and formats available to every template."""
    app.jinja_env.globals.update(t=t, t_html=t_html, locale=locale, locales=LOCALES, error_sentence=error_sentence)
    app.jinja_env.globals.update(sentence=lambda key, **parameters: sentence(key, locale(), **parameters))
    app.jinja_env.filters.update(civil_date=civil_date, civil_time=civil_time, number=number)
