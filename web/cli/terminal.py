"""What a command says: its language, its sentences, tables that line up in Chinese too, and progress."""

import json
import os
import re
import sys
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import click

from credit_bank.errors import Parameter
from web.libraries import LibraryError, sentence
from web.messages import LOCALES, Locale, catalogue

_META = "evergreen.terminal"
# Control characters and bidirectional overrides could make a terminal show what a file does not say.
_UNSEEN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def locale_of(environment: Mapping[str, str]) -> Locale:
    """The language of ``LC_ALL``, ``LC_MESSAGES`` or ``LANG``; Chinese where none of them names one."""
    named = next((v for n in ("LC_ALL", "LC_MESSAGES", "LANG") if (v := environment.get(n))), "")
    language = named.partition(".")[0].partition("_")[0].casefold()
    return "zh-CN" if language in ("", "c", "posix", "zh") else "en"


@dataclass
class Terminal:
    """Where a command's words go, and in which language."""

    locale: Locale = field(default_factory=lambda: locale_of(os.environ))
    debug: bool = False

    def text(self, key: str, /, **parameters: object) -> str:
        """The sentence ``cli.<key>``, its parameters filled in."""
        entry = catalogue()[f"cli.{key}"]
        short = "en" if self.locale == "en" else "zh"
        if short == "en" and "en_one" in entry and parameters.get("count") == 1:
            short = "en_one"
        return entry[short].format(**parameters)

    def say(self, key: str, /, **parameters: object) -> None:
        """Print the sentence ``cli.<key>``."""
        self.line(self.text(key, **parameters))

    def note(self, key: str, /, **parameters: object) -> None:
        """Print the sentence ``cli.<key>`` on standard error, out of the way of what a program reads."""
        self.line(self.text(key, **parameters), err=True)

    def line(self, text: str = "", *, err: bool = False) -> None:
        """Print a line, with control characters of a stranger's text made visible."""
        click.echo("".join("\ufffd" if _UNSEEN.match(c) else c for c in text), err=err)

    def json(self, value: object) -> None:
        """Print a value as JSON in UTF-8."""
        click.echo(json.dumps(value, ensure_ascii=False, indent=2))

    def library(self, key: str, parameters: Mapping[str, Parameter]) -> str:
        """A sentence of the libraries' own catalogues."""
        return sentence(key, self.locale, **parameters)

    def error(self, error: LibraryError) -> str:
        """What went wrong, for a person."""
        for prefix in ("cli.error.", "refusal."):
            entry = catalogue().get(prefix + error.code)
            if entry is not None:
                return entry["en" if self.locale == "en" else "zh"].format(**error.parameters)
        return self.library(f"error.{error.code}", error.parameters)

    def table(self, rows: Sequence[Sequence[str]], *, indent: str = "  ") -> None:
        """Print rows in columns; the first row is the heading."""
        widths = [max(width(row[i]) for row in rows) for i in range(len(rows[0]))]
        for n, row in enumerate(rows):
            cells = [cell + " " * (w - width(cell)) for cell, w in zip(row, widths, strict=True)]
            self.line((indent + "  ".join(cells)).rstrip())
            if n == 0:
                self.line(indent + "  ".join("─" * w for w in widths))


def width(text: str) -> int:
    """How many columns a text takes in a terminal: two for each Chinese character."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 0 if unicodedata.combining(c) else 1 for c in text)


def terminal() -> Terminal:
    """The terminal of the command that is running."""
    context = click.get_current_context(silent=True)
    if context is None:
        return Terminal()
    found: Terminal = context.meta.setdefault(_META, Terminal())
    return found


class Progress:
    """Shows on standard error how far long work has come: one line that fills in, or a few lines where no one watches.

    Called with what is done and the whole, which may be unknown (None).
    """

    def __init__(self, out: Terminal, label: str) -> None:
        self._out, self._label = out, label
        self._live = sys.stderr.isatty()
        self._shown = -1

    def __call__(self, done: int, total: int | None) -> None:
        """Show it, where it has moved on enough to be worth it."""
        if self._live:
            self._draw(done, total)
            return
        quarter = done * 4 // total if total else done // 10_000
        if quarter != self._shown or (done == total and self._shown < 4):
            self._shown = quarter
            if quarter:
                self._out.line(f"  {self._label} {done:,}" + (f"/{total:,}" if total else ""), err=True)

    def _draw(self, done: int, total: int | None) -> None:
        share = min(1.0, done / total) if total else 0.0
        if total and done < total and int(share * 100) == self._shown:
            return
        self._shown = int(share * 100)
        bar = "█" * int(share * 24)
        count = f"{done:,}/{total:,}" if total else f"{done:,}"
        click.echo(f"\r\x1b[K  {self._label} ▕{bar:<24}▏ {count}", err=True, nl=bool(total and done >= total))


__all__ = ["LOCALES", "Progress", "Terminal", "locale_of", "terminal", "width"]
