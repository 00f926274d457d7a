"""Commands whose help and errors are sentences in the person's language, and whose exit codes mean something.

0: done, or it passes. 1: refused, or it fails. 2: could not be checked or done now, or wrong usage. A typed error is a
sentence, never a traceback; ``--debug`` shows the traceback too.
"""

from collections.abc import Callable
from typing import Any

import click

from credit_bank.errors import CreditBankError
from web.cli.terminal import LOCALES, terminal
from web.libraries import LIBRARY_ERRORS, LibraryError
from web.messages import catalogue


class WrongUsage(CreditBankError):
    """What was typed, or the settings, cannot be acted on; its sentence is ``cli.error.<code>``. Exit code 2."""


def exit_code(error: LibraryError) -> int:
    """The exit code of a typed error."""
    return 2 if isinstance(error, WrongUsage) or error.kind == "unavailable" else 1


class _Localised:
    """Help texts are named by key and looked up when they are shown."""

    section = "help"
    _key: str | None = None

    @property
    def help(self) -> str | None:
        """The help text in the person's language."""
        if self._key is None:
            return None
        key = f"{self.section}.{self._key}"
        return terminal().text(key) if f"cli.{key}" in catalogue() else self._key

    @help.setter
    def help(self, key: str | None) -> None:
        self._key = key


class Option(_Localised, click.Option):
    """An option whose help stands under ``cli.option.<key>``."""

    section = "option"


def option(*names: str, **attributes: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """As ``click.option``, its ``help`` being a key."""
    return click.option(*names, cls=Option, **attributes)


def _choose_language(_context: click.Context, _option: click.Parameter, value: str | None) -> None:
    if value is not None:
        terminal().locale = "en" if value == "en" else "zh-CN"


def _choose_debug(_context: click.Context, _option: click.Parameter, value: bool) -> None:
    if value:
        terminal().debug = True


def _common() -> list[click.Parameter]:
    return [
        Option(
            ["--lang"], type=click.Choice(LOCALES), help="lang", expose_value=False, is_eager=True,
            callback=_choose_language,
        ),
        Option(["--debug"], is_flag=True, help="debug", expose_value=False, is_eager=True, callback=_choose_debug),
    ]  # fmt: skip


class Command(_Localised, click.Command):
    """A command with ``--lang`` and ``--debug``, whose typed errors end it with a sentence and an exit code."""

    def __init__(self, *arguments: Any, **attributes: Any) -> None:
        super().__init__(*arguments, **attributes)
        self.params += _common()

    def invoke(self, ctx: click.Context) -> Any:
        """Run it; a typed error becomes a sentence (with ``--json``, an object) and an exit code."""
        try:
            return super().invoke(ctx)
        except LIBRARY_ERRORS as error:
            if terminal().debug:
                raise
            _tell(error, as_json=bool(ctx.params.get("as_json")))
            ctx.exit(exit_code(error))
        except OSError as error:
            if terminal().debug or error.filename is None:
                raise
            problem = WrongUsage("file.unreadable", file=str(error.filename), reason=error.strerror)
            _tell(problem, as_json=bool(ctx.params.get("as_json")))
            ctx.exit(2)


class Group(_Localised, click.Group):
    """A group of commands; its help text is a key too."""

    command_class = Command
    group_class = type

    def __init__(self, *arguments: Any, **attributes: Any) -> None:
        super().__init__(*arguments, **attributes)
        self.params += _common()


def _tell(error: LibraryError, *, as_json: bool) -> None:
    out = terminal()
    if not as_json:
        out.line(out.error(error), err=True)
        return
    shown: dict[str, object] = {"code": error.code, "parameters": error.parameters, "message": out.error(error)}
    out.json({"error": shown})


def json_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add ``--json``, as the argument ``as_json``."""
    return option("--json", "as_json", is_flag=True, help="json")(command)
