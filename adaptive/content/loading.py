"""Reads content folders into a library; what cannot be read is named by file and line, and left out.

The format is docs/reference/content-format.md. Whether the content is good is said by ``adaptive.content.check``.
"""

from collections.abc import Iterator
from pathlib import Path

from adaptive.content import metadata, raster, video
from adaptive.content.check_asked import read_asked
from adaptive.content.fault import Fault, Faults
from adaptive.content.files import Files
from adaptive.content.markdown import Block, Heading, Picture, parts
from adaptive.content.model import (
    FORM_KINDS,
    Course,
    Form,
    FormKind,
    Item,
    Library,
    MicroCredential,
    Question,
    Skill,
    Source,
    Text,
)  # fmt: skip
from adaptive.content.places import Loaded, Places
from adaptive.content.question_file import NAME, read_questions
from adaptive.content.record import Record

FORM_FILES: dict[str, FormKind] = {
    "item.md": "standard", "easy.md": "easy", "audio.md": "audio", "steps.md": "steps",
}  # fmt: skip
AUDIENCES = ("elder", "adult", "disabled", "carer", "worker")
READING_LEVELS = ("simple", "middle", "hard")
DRAFTING = ("person", "ai-assisted", "ai")
_HAZARDS = ("none", "flashing", "motionSimulation", "sound", "unknown")


def load_library(*folders: Path) -> tuple[Library, tuple[Fault, ...]]:
    """The library that the folders hold together, and the faults met while reading.

    A course, item, skill or question with such a fault is left out; the others are there.
    """
    loaded = read_folders(*folders)
    return loaded.library, loaded.faults


def read_folders(*folders: Path) -> Loaded:
    """As ``load_library``, with the places of everything, for checking."""
    reader = _Reader()
    for folder in folders:
        reader.read(folder)
    return reader.loaded()


class _Reader:
    def __init__(self) -> None:
        self.faults, self.places = Faults(), Places()
        self.skills: dict[str, Skill] = {}
        self.areas: dict[str, Text] = {}
        self.courses: dict[str, Course] = {}
        self.items: dict[str, Item] = {}
        self.questions: dict[str, Question] = {}
        self.folders: dict[str, Path] = {}
        self._files = Files(self.faults)

    def loaded(self) -> Loaded:
        library = Library(self.skills, self.areas, self.courses, self.items, self._files.digest, self.questions)
        return Loaded(library, self.faults.in_order(), self.places, self.folders)

    def read(self, folder: Path) -> None:
        if not folder.is_dir():
            self.faults.error(folder.as_posix(), 0, "content.folder_missing")
            return
        self._files.enter(folder)
        before = len(self.courses), len(self.skills)
        for entry in _entries(folder):
            if entry.is_dir() and entry.name == "skills":
                for file in _entries(entry):
                    self._area(file)
            elif entry.is_dir() and entry.name == "courses":
                for course in _entries(entry):
                    self._course(course)
            elif entry.is_dir() or entry.suffix not in (".md", ".txt"):
                self.faults.error(entry.as_posix(), 0, "content.file_unexpected", name=entry.name)
        if before == (len(self.courses), len(self.skills)) and not self.faults.found:
            self.faults.error(folder.as_posix(), 0, "content.folder_empty")

    # Skills

    def _area(self, path: Path) -> None:
        file, area = path.as_posix(), path.stem
        if path.suffix != ".yaml" or path.is_dir():
            self.faults.error(file, 0, "content.file_unexpected", name=path.name)
            return
        self._name(area, file)
        node = self._files.yaml(path)
        if node is None:
            return
        record = Record(node, file, self.faults)
        if area in self.areas:
            record.wrong("content.duplicate_area", area=area)
        self.areas.setdefault(area, record.both("name"))
        for entry in record.records("skills", required=True):
            self._skill(entry, area)
        record.done()

    def _skill(self, record: Record, area: str) -> None:
        id = record.text("id", required=True) or ""
        skill = Skill(
            id, area, record.both("name"), record.both("can"), record.whole("level", 1, 5), record.words("requires")
        )  # fmt: skip
        record.done()
        prefix, _, name = id.partition(".")
        if id and (prefix != area or not NAME.fullmatch(name)):
            record.wrong("content.skill_name", record.line_of("id"), skill=id, area=area)
        if record.ok and self._new("skill", id, record, "requires"):
            self.skills[id] = skill

    def _new(self, kind: str, id: str, record: Record, *lists: str) -> bool:
        """Remember where it stands, unless it was there before: then the second is a fault."""
        if self.places.holds(kind, id):
            file, line = self.places.of(kind, id)
            record.wrong("content.duplicate", name=id, file=file, line=line)
            return False
        self.places.add(kind, id, record, *lists)
        return True

    def _name(self, name: str, file: str) -> bool:
        if NAME.fullmatch(name):
            return True
        self.faults.error(file, 0, "content.name_wrong", name=name)
        return False

    # Courses

    def _course(self, folder: Path) -> None:
        file = (folder / "course.md").as_posix()
        if not folder.is_dir():
            self.faults.error(folder.as_posix(), 0, "content.file_unexpected", name=folder.name)
            return
        self._name(folder.name, folder.as_posix())
        page = None
        if (folder / "course.md").exists():
            page = self._files.page(folder / "course.md")
        else:
            self.faults.error(file, 0, "content.file_missing", name="course.md")
        if page is not None and page.record is not None:
            self._course_record(page.record, folder.name, page.body)
        for entry in _entries(folder):
            if entry.is_dir():
                self._item(entry, f"{folder.name}/{entry.name}")
            elif entry.name != "course.md":
                self.faults.error(entry.as_posix(), 0, "content.file_unexpected", name=entry.name)

    def _course_record(self, record: Record, id: str, about: str) -> None:
        reviewed, due = record.day("reviewed", required=True), record.day("review_due", required=True)
        values = {
            "title": record.both("title"),
            "summary": record.both("summary"),
            "area": record.text("area", required=True) or "",
            "level": record.whole("level", 1, 5),
            "audience": record.words("audience", required=True),
            "items": tuple(f"{id}/{name}" for name in record.words("items", required=True)),
            "author": record.text("author", required=True) or "",
            "licence": record.text("licence", required=True) or "",
            "drafting": record.one_of("drafting", DRAFTING),
            "credential": self._credential(record),
            "sources": tuple(self._sources(record)),
            "source": record.text("source"),
        }
        for who, line in record.words_at("audience"):
            if who not in AUDIENCES:
                allowed = ", ".join(AUDIENCES)
                record.wrong("content.value_unknown", line, key="audience", value=who, allowed=allowed)
        record.done()
        if self._new("course", id, record, "items") and record.ok and reviewed and due:
            self.courses[id] = Course(id=id, about=about, reviewed=reviewed, review_due=due, **values)  # type: ignore[arg-type] # each as its reader gives it

    def _credential(self, course: Record) -> MicroCredential | None:
        record = course.record("credential")
        if record is None:
            return None
        credential = MicroCredential(
            record.both("name"), record.words("skills", required=True), record.whole("hours", 1, 2000),
            record.whole("level", 1, 10),
        )  # fmt: skip
        record.done()
        course.ok &= record.ok
        return credential

    def _sources(self, owner: Record) -> Iterator[Source]:
        for record in owner.records("sources"):
            title, url = record.text("title", required=True), record.text("url")
            if url is not None and not url.startswith(("https://", "http://")):
                record.expected("url", "address")
            yield Source(title or "", record.text("publisher"), record.text("date"), url)
            record.done()
            owner.ok &= record.ok

    # Items

    def _item(self, folder: Path, id: str) -> None:
        if not self._name(folder.name, folder.as_posix()):
            return
        self.folders[id] = folder
        names = {entry.name for entry in _entries(folder)}
        for name in sorted(names - FORM_FILES.keys() - {"practice.yaml"} - video.MIMETYPES.keys()):
            if not raster.PICTURE_NAME.fullmatch(name):
                self.faults.error((folder / name).as_posix(), 0, "content.file_unexpected", name=name)
        for name in ("item.md", "practice.yaml"):
            if name not in names:
                self.faults.error((folder / name).as_posix(), 0, "content.file_missing", name=name)
        page = self._files.page(folder / "item.md") if "item.md" in names else None
        if page is None or page.record is None:
            return
        record = page.record
        pictures = tuple(name for name in sorted(names) if self._is_picture(folder / name))
        self.places.put("form", f"{id} standard", record.file, page.first_line)
        minutes, skills = record.whole("minutes", 1, 240), record.words("skills", required=True)
        forms: dict[FormKind, Form] = {"standard": Form("standard", page.body, minutes)}
        for name, kind in FORM_FILES.items():
            if name in names and name != "item.md":
                self._form(folder / name, kind, id, minutes, forms)
        questions = tuple(self._questions(folder, id, skills)) if "practice.yaml" in names else ()
        self._item_record(
            record,
            id,
            skills,
            minutes,
            {k: forms[k] for k in FORM_KINDS if k in forms},
            questions,
            pictures,
            self._sign_video(folder, names),
        )
        self.folders[id] = folder

    def _sign_video(self, folder: Path, names: set[str]) -> str | None:
        name = video.named(names)
        if name is None or video.is_video(folder / name):
            return name
        self.faults.error((folder / name).as_posix(), 0, "content.video_unreadable", name=name)
        return None

    def _is_picture(self, path: Path) -> bool:
        """Whether a file is a picture that can be shown; an SVG is looked at more closely by the check."""
        if not raster.PICTURE_NAME.fullmatch(path.name):
            return False
        if not raster.is_raster(path.name):
            return self._files.data(path) is not None
        data = self._files.data(path, largest=raster.LARGEST)
        if data is None:
            return False
        problem = raster.problem_of(path.name, data)
        if problem is not None:
            self.faults.error(path.as_posix(), 0, problem[0], **problem[1])
            return False
        if raster.tells_where(path.name, data):
            self.faults.notice(path.as_posix(), 0, "content.raster_place")
        return True

    def _form(self, path: Path, kind: FormKind, id: str, minutes: int, forms: dict[FormKind, Form]) -> None:
        page = self._files.page(path, required=False)
        if page is None:
            return
        minutes = _minutes(page.body, minutes)
        if page.record is not None:
            minutes = page.record.whole("minutes", 1, 240, required=False, otherwise=minutes)
            page.record.done()
        if not page.body:
            self.faults.error(path.as_posix(), page.first_line, "content.form_empty")
            return
        self.places.put("form", f"{id} {kind}", path.as_posix(), page.first_line)
        forms[kind] = Form(kind, page.body, minutes)

    def _questions(self, folder: Path, id: str, skills: tuple[str, ...]) -> Iterator[Question]:
        path = folder / "practice.yaml"
        node = self._files.yaml(path)
        if node is not None:
            yield from read_questions(node, path.as_posix(), id, skills, self.faults, self.places)

    def _item_record(
        self, record: Record, id: str, skills: tuple[str, ...], minutes: int, forms: dict[FormKind, Form],
        questions: tuple[Question, ...], pictures: tuple[str, ...], sign_video: str | None,
    ) -> None:  # fmt: skip
        own = record.record("accessibility")
        hazards = own.words("hazards") if own else ()
        summary = own.both("summary") if own and own.has("summary") else None
        if own:
            own.node("summary")
            own.done()
            for hazard, line in own.words_at("hazards"):
                if hazard not in _HAZARDS:
                    own.wrong("content.value_unknown", line, key="hazards", value=hazard, allowed=", ".join(_HAZARDS))
            record.ok &= own.ok
        item = Item(
            id=id,
            title=record.both("title"),
            skills=skills,
            level=record.whole("level", 1, 5),
            minutes=minutes,
            reading_level=record.one_of("reading_level", READING_LEVELS),  # type: ignore[arg-type] # one of these
            forms=forms,
            questions=questions,
            accessibility=metadata.derive(
                forms, questions, pictures, hazards=hazards, summary=summary, signed=sign_video is not None
            ),
            sources=tuple(self._sources(record)),
            requires=record.words("requires"),
            recheck=record.day("recheck"),
            pictures=pictures,
            sign_video=sign_video,
            asked=read_asked(record, id, self.places),
        )
        record.done()
        if self._new("item", id, record, "skills", "requires") and record.ok:
            self.items[id] = item
            self.questions.update((question.id, question) for question in questions)


def _entries(folder: Path) -> list[Path]:
    """What a folder holds, by name; hidden files are no content."""
    return sorted(entry for entry in folder.iterdir() if not entry.name.startswith("."))


def _minutes(body: str, most: int) -> int:
    """How long a form takes that does not say: 150 characters a minute, a quarter for a picture, ``most`` at most."""
    found = parts(body)
    characters = sum(len(part.text) for part in found if isinstance(part, Block | Heading))
    return max(1, min(most, round(characters / 150 + sum(isinstance(part, Picture) for part in found) / 4)))
