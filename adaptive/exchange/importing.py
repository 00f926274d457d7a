"""Bytes of another format to the files of a content folder."""

import hashlib
import posixpath
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from adaptive.errors import InvalidInput
from adaptive.exchange import cartridge, epub, gift, h5p, moodle, qti, topic_tree
from adaptive.exchange.archive import LIMITS, Archive, Limits, is_zip, of_files, open_archive
from adaptive.exchange.draft import CourseDraft, ItemDraft, named, slug
from adaptive.exchange.folder import course_files
from adaptive.exchange.manifest import has_manifest, read_manifest
from adaptive.exchange.markup import parse
from adaptive.exchange.picture import shelf_of
from adaptive.exchange.problem import Problem, Problems
from adaptive.exchange.qti12 import read_assessment

Format = Literal["qti", "qti12", "gift", "moodle", "cc", "epub", "h5p", "topics"]
FORMATS: tuple[Format, ...] = ("qti", "qti12", "gift", "moodle", "cc", "epub", "h5p", "topics")
_GIFT_NAMES = (".gift", ".txt")
_TOPIC_FILES = (".md", ".html", ".htm", ".json", ".txt")


@dataclass(frozen=True, slots=True)
class Imported:
    """A course as the files of a content folder, and what of it did not arrive as it was.

    ``files`` are contents by path inside a library's folder; ``course`` is the course's name in it.
    """

    format: Format
    course: str
    title: str
    items: int
    questions: int
    files: Mapping[str, bytes]
    problems: tuple[Problem, ...]

    @property
    def left_out(self) -> tuple[Problem, ...]:
        """What was not taken."""
        return tuple(problem for problem in self.problems if problem.loss == "left_out")


def import_file(
    data: bytes, name: str, *, today: date, area: str | None = None, course: str | None = None, limits: Limits = LIMITS
) -> Imported:
    """A course of a file's bytes; ``name`` is the file's, ``area`` and ``course`` what it is to be called here.

    Raises InvalidInput: ``exchange.format_unknown``, ``exchange.nothing_found`` (no text and no question that can be
    taken), ``exchange.name_wrong``, and as the readers say where the file cannot be read at all.
    """
    problems = Problems()
    title = posixpath.splitext(posixpath.basename(name.replace("\\", "/")))[0] or "course"
    if len(data) > limits.file:
        raise InvalidInput("exchange.package_too_large", limit=limits.file // 1024 // 1024)
    if is_zip(data):
        found = _package(open_archive(data, limits), title, problems)
    else:
        found = _document(data, name, title, problems)
    return _imported(*found, title, data, problems, today=today, area=area, course=course)


def import_folder(
    files: Mapping[str, bytes], name: str, *, today: date, area: str | None = None, course: str | None = None,
    limits: Limits = LIMITS,
) -> Imported:  # fmt: skip
    """A course of an unpacked package or topic folder, given as contents by path. Raises as ``import_file`` does."""
    problems = Problems()
    kind, draft = _package(of_files(files, limits), name or "course", problems)
    content = b"".join(path.encode() + files[path] for path in sorted(files))
    return _imported(kind, draft, name, content, problems, today=today, area=area, course=course)


def _imported(
    kind: Format, draft: CourseDraft, stem: str, data: bytes, problems: Problems, *, today: date, area: str | None,
    course: str | None,
) -> Imported:  # fmt: skip
    for given in (area, course):
        if given is not None and slug(given) != given:
            raise InvalidInput("exchange.name_wrong", name=given)
    draft.items = [item for item in draft.items if item]
    if not draft.items:
        raise InvalidInput("exchange.nothing_found", problems=len(problems.all()))
    wanted = (course, draft.name, draft.title, stem)
    name = next((n for text in wanted if (n := slug(text or ""))), f"imported-{hashlib.sha256(data).hexdigest()[:8]}")
    if not draft.source:
        draft.source = f"urn:sha256:{hashlib.sha256(data).hexdigest()}"
    files = course_files(draft, today=today, area=area, name=name)
    questions = sum(len(item.questions) for item in draft.items)
    return Imported(kind, name, draft.title, len(draft.items), questions, files, problems.all())


def _package(archive: Archive, title: str, problems: Problems) -> tuple[Format, CourseDraft]:
    if epub.is_epub(archive):
        return "epub", epub.read_epub(archive, problems)
    if h5p.is_h5p(archive):
        return "h5p", h5p.read_h5p(archive, problems)
    if has_manifest(archive):
        if cartridge.is_cartridge(read_manifest(archive)):
            return "cc", cartridge.read_cartridge(archive, problems)
        return "qti", qti.read_package(archive, problems)
    if any(name.lower().endswith(_TOPIC_FILES) for name in archive):
        return "topics", topic_tree.read_topics(archive, title, problems)
    raise InvalidInput("exchange.format_unknown")


def _document(data: bytes, name: str, title: str, problems: Problems) -> tuple[Format, CourseDraft]:
    if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        root = parse(data, name)
        if root.tag == "quiz":
            return "moodle", moodle.read_moodle(root, title, problems)
        if root.tag == "assessmentItem":
            return "qti", qti.read_single(root, name, problems)
        if root.tag == "questestinterop":
            found, questions = read_assessment(root, problems, shelf_of(None, name, title, problems))
            item = ItemDraft(found or title, questions=named(questions))
            return "qti12", CourseDraft(found or title, items=[item])
        raise InvalidInput("exchange.format_unknown")
    if name.lower().endswith(_GIFT_NAMES) and b"{" in data and b"\x00" not in data:
        return "gift", gift.read_gift(data, title, problems)
    raise InvalidInput("exchange.format_unknown")
