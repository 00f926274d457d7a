"""Every command and option is explained in both languages, and documented."""

from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from tests.web.cli.conftest import invoke
from web.cli import main
from web.cli.command import exit_code
from web.cli.terminal import Terminal, locale_of, width
from web.messages import catalogue

DOCUMENT = Path(__file__).parents[3] / "docs" / "reference" / "commands.md"


def commands(group: click.Group = main, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Every command by its path, groups included."""
    for name, command in group.commands.items():
        yield (*path, name), command
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))


EVERY = dict(commands())


@pytest.mark.parametrize("path", EVERY, ids=" ".join)
def test_each_command_is_explained_in_both_languages(path: tuple[str, ...]) -> None:
    shown = {}
    for language in ("zh-CN", "en"):
        result = CliRunner().invoke(main, ["--lang", language, *path, "--help"])
        assert result.exit_code == 0
        shown[language] = result.output
    assert any("\u4e00" <= c <= "\u9fff" for c in shown["zh-CN"])
    assert not any("\u4e00" <= c <= "\u9fff" for c in shown["en"])
    for parameter in EVERY[path].params:
        if isinstance(parameter, click.Option):
            assert parameter.help, parameter.name


def test_each_command_and_option_is_documented() -> None:
    text = DOCUMENT.read_text("utf-8")
    for path, command in EVERY.items():
        assert f"credit-bank {' '.join(path)}" in text
        for parameter in command.params:
            for name in parameter.opts:
                if isinstance(parameter, click.Option):
                    assert f"`{name}" in text, (path, name)


def test_each_sentence_of_the_command_line_has_the_same_parameters_in_both_languages() -> None:
    import string

    for key, entry in catalogue().items():
        if key.startswith("cli."):
            fields = [{f for _, f, _, _ in string.Formatter().parse(text) if f} for text in entry.values()]
            assert all(f <= fields[0] for f in fields), key


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "zh-CN"),
        ({"LANG": "C.UTF-8"}, "zh-CN"),
        ({"LANG": "zh_TW.UTF-8"}, "zh-CN"),
        ({"LANG": "en_GB.UTF-8"}, "en"),
        ({"LANG": "de_DE"}, "en"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "en_US"}, "en"),
    ],
)
def test_the_language_follows_the_environment(environment: dict[str, str], language: str) -> None:
    assert locale_of(environment) == language


def test_lang_is_taken_before_and_after_the_command(empty_bank: Path) -> None:
    for arguments in (("--lang", "en", "publish"), ("publish", "--lang", "en")):
        assert invoke(*arguments).stdout == "No checkpoint is due.\n"


def test_a_table_lines_up_by_the_width_of_its_characters() -> None:
    assert (width("例a"), width("e\u0301")) == (3, 1)


def test_what_a_stranger_wrote_cannot_steer_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    Terminal("en").line("a\x1b[2Jb\u202ec\nd")
    assert capsys.readouterr().out == "a\ufffd[2Jb\ufffdc\nd\n"


def test_exit_codes_of_errors() -> None:
    from credit_bank.errors import Conflict, Unavailable
    from web.cli.command import WrongUsage

    assert [exit_code(e) for e in (Conflict("x"), Unavailable("x"), WrongUsage("x"))] == [1, 2, 2]
