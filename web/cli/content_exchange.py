"""``content import`` and ``content export``: courses of other systems into a content folder, and out of one."""

import os
import shutil
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import click

from adaptive.content.loading import read_folders
from adaptive.errors import Conflict
from adaptive.exchange.archive import LIMITS
from adaptive.exchange.export_cartridge import export_cartridge
from adaptive.exchange.export_qti import export_qti
from adaptive.exchange.importing import Imported, import_file, import_folder
from adaptive.exchange.problem import Problem
from web.cli.command import Command, WrongUsage, json_option, option
from web.cli.content import content_group
from web.cli.terminal import terminal
from web.messages import CITY

SHOWN = 100
FOLDER = click.Path(path_type=Path, file_okay=False)


@content_group.command("import", cls=Command, help="content_import")
@click.argument("file", type=click.Path(exists=True, path_type=Path))
@option("--into", required=True, type=FOLDER, metavar="FOLDER", help="into")
@option("--area", metavar="AREA", help="area")
@option("--course", metavar="NAME", help="course_name")
@option("--leave-out", is_flag=True, help="leave_out")
@option("--dry-run", is_flag=True, help="dry_run")
@json_option
def import_command(
    file: Path, into: Path, area: str | None, course: str | None, leave_out: bool, dry_run: bool, as_json: bool
) -> None:
    """Import a course: whole, or with --leave-out without what cannot be taken, or not at all."""
    today = datetime.now(CITY).date()
    if file.is_dir():
        imported = import_folder(_read_folder(file), file.name, today=today, area=area, course=course)
    else:
        with file.open("rb") as opened:
            data = opened.read(LIMITS.file + 1)
        imported = import_file(data, file.name, today=today, area=area, course=course)
    refused = bool(imported.left_out) and not leave_out
    if not refused and not dry_run:
        write_course(imported, into)
    if as_json:
        _tell_json(imported, written=not refused and not dry_run)
    else:
        _tell(imported, into, refused=refused, dry_run=dry_run)
    click.get_current_context().exit(1 if refused else 0)


@content_group.command("export", cls=Command, help="content_export")
@click.argument("course")
@option("--format", "kind", required=True, type=click.Choice(["cc", "qti3", "qti21"]), help="export_format")
@option("--out", required=True, type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="out")
@option("--content", "folders", multiple=True, type=FOLDER, metavar="FOLDER", help="content_folder")
@json_option
def export_command(course: str, kind: str, out: Path, folders: tuple[Path, ...], as_json: bool) -> None:
    """Export a course as a package, and name what is not in it."""
    loaded = read_folders(*(folders or (Path("content"),)))
    pictures = {
        (item.id, name): (loaded.folders[item.id] / name).read_bytes()
        for item in loaded.library.items.values()
        if item.course_id == course
        for name in item.pictures
    }
    if kind == "cc":
        exported = export_cartridge(loaded.library, course, pictures)
    else:
        exported = export_qti(loaded.library, course, pictures, version="qti21" if kind == "qti21" else "qti3")
    partial = out.with_name(f".{out.name}.partial")
    partial.write_bytes(exported.data)
    partial.replace(out)
    if as_json:
        terminal().json({"file": str(out), "bytes": len(exported.data), "problems": _problems(exported.problems)})
    else:
        _name(exported.problems)
        terminal().say("content.exported", file=out, count=len(exported.problems))


def _read_folder(folder: Path) -> dict[str, bytes]:
    """The files of a folder by path; links are not followed, and no more is read than an import takes."""
    files: dict[str, bytes] = {}
    left = LIMITS.total
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(place) / name
            if path.is_symlink() or not path.is_file() or name.startswith("."):
                continue
            left -= path.stat().st_size
            if left < 0 or len(files) >= LIMITS.entries:
                raise WrongUsage("content.folder_too_large", folder=str(folder))
            files[path.relative_to(folder).as_posix()] = path.read_bytes()
    return files


def write_course(imported: Imported, into: Path) -> None:
    """Write a course into a library's folder, whole or not at all.

    Raises Conflict ``exchange.course_exists`` where the course or its skills are there already.
    """
    course, skills = into / "courses" / imported.course, into / "skills" / f"{imported.course}.yaml"
    if course.exists() or skills.exists():
        raise Conflict("exchange.course_exists", course=imported.course)
    partial = into / "courses" / f".{imported.course}.partial"
    shutil.rmtree(partial, ignore_errors=True)
    try:
        _write(imported.files, f"courses/{imported.course}/", partial)
        _write({k: v for k, v in imported.files.items() if k.startswith("skills/")}, "skills/", into / "skills")
        partial.rename(course)
    except OSError:
        shutil.rmtree(partial, ignore_errors=True)
        skills.unlink(missing_ok=True)
        raise


def _write(files: Mapping[str, bytes], prefix: str, folder: Path) -> None:
    for name, content in files.items():
        if name.startswith(prefix):
            path = folder / name.removeprefix(prefix)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)


def _tell(imported: Imported, into: Path, *, refused: bool, dry_run: bool) -> None:
    _name(imported.problems)
    counts = {"title": imported.title, "items": imported.items, "questions": imported.questions}
    if refused:
        terminal().note("content.import_refused", count=len(imported.left_out))
    elif dry_run:
        terminal().say("content.import_checked", **counts)
    else:
        terminal().say("content.imported", **counts, folder=into / "courses" / imported.course)


def _tell_json(imported: Imported, *, written: bool) -> None:
    terminal().json(
        {
            "format": imported.format,
            "course": imported.course,
            "title": imported.title,
            "items": imported.items,
            "questions": imported.questions,
            "imported": written,
            "files": sorted(imported.files),
            "problems": _problems(imported.problems),
        }
    )


def _name(problems: tuple[Problem, ...]) -> None:
    """Each problem with its place, the first hundred, on standard error."""
    out = terminal()
    for problem in problems[:SHOWN]:
        where = " · ".join(dict.fromkeys(part for part in (problem.file, problem.place) if part))
        mark = "✗" if problem.loss == "left_out" else "~"
        out.line(f"{mark} {where}: {out.library(f'fault.exchange.{problem.code}', problem.parameters)}", err=True)
    if len(problems) > SHOWN:
        out.note("import.more", count=len(problems) - SHOWN)


def _problems(problems: tuple[Problem, ...]) -> list[dict[str, object]]:
    return [
        {
            "file": problem.file,
            "place": problem.place,
            "code": problem.code,
            "loss": problem.loss,
            "parameters": dict(problem.parameters),
            "message": terminal().library(f"fault.exchange.{problem.code}", problem.parameters),
        }
        for problem in problems
    ]
