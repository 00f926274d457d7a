"""``content check``: every fault of a content folder, by file and line."""

from collections import Counter
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from accessibility.text import readability
from adaptive.content.check import check
from adaptive.content.fault import Fault
from adaptive.content.loading import read_folders
from adaptive.content.places import Loaded
from web.cli.command import Command, Group, json_option, option
from web.cli.terminal import terminal

_CITY = ZoneInfo("Asia/Shanghai")


@click.group("content", cls=Group, help="content_group")
def content_group() -> None:
    """Learning content."""


@content_group.command("check", cls=Command, help="content_check")
@click.argument("folders", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FOLDER…")
@option("--only", metavar="COURSE", help="only")
@json_option
def check_command(folders: tuple[Path, ...], only: str | None, as_json: bool) -> None:
    """Name every fault. Exit codes: 0 no errors (there may be notices), 1 errors."""
    loaded = read_folders(*folders)
    faults = check(loaded, measure=readability.measure, today=datetime.now(_CITY).date())
    if only is not None:
        faults = tuple(fault for fault in faults if f"/courses/{only}/" in f"/{fault.file}")
    errors = sum(fault.severity == "error" for fault in faults)
    if as_json:
        terminal().json({**_counts(loaded), "errors": errors, "faults": [_as_json(fault) for fault in faults]})
    else:
        _tell(loaded, faults)
    click.get_current_context().exit(1 if errors else 0)


def _tell(loaded: Loaded, faults: tuple[Fault, ...]) -> None:
    out = terminal()
    for fault in faults:
        where = f"{fault.file}:{fault.line}" if fault.line else fault.file
        severity = out.text(f"content.{fault.severity}")
        out.line(f"{where}: {severity} {_sentence(fault)}")
    count = Counter(fault.severity for fault in faults)
    out.say("content.read", **_counts(loaded))
    out.say("content.bad" if count["error"] else "content.good", errors=count["error"], notices=count["notice"])


def _counts(loaded: Loaded) -> dict[str, int]:
    library = loaded.library
    return {
        "courses": len(library.courses),
        "items": len(library.items),
        "questions": len(library.questions),
        "skills": len(library.skills),
    }


def _sentence(fault: Fault) -> str:
    return terminal().library(f"fault.{fault.code}", fault.parameters)


def _as_json(fault: Fault) -> dict[str, object]:
    return {
        "file": fault.file,
        "line": fault.line,
        "severity": fault.severity,
        "code": fault.code,
        "parameters": dict(fault.parameters),
        "message": _sentence(fault),
    }
