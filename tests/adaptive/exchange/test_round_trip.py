"""What goes out comes back: exports read by the imports, and the packages by their own rules."""

import tempfile
import zipfile
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from defusedxml.ElementTree import fromstring
from hypothesis import given, settings
from hypothesis import strategies as st

from adaptive.content.loading import read_folders
from adaptive.content.model import Library, Option, Question
from adaptive.errors import Missing
from adaptive.exchange.export_cartridge import export_cartridge
from adaptive.exchange.export_qti import export_qti
from tests.adaptive.exchange import courses
from tests.adaptive.exchange.samples import SVG, codes, take, write


def back(data: bytes) -> tuple[Library, list[str]]:
    """The library that an export comes back as, and what did not arrive."""
    imported = take(data)
    with tempfile.TemporaryDirectory() as folder:
        return write(imported.files, Path(folder)), codes(imported)


def questions(library: Library) -> list[Question]:
    """An only item's questions without what another course's folder decides."""
    return [replace(q, id="", skills=()) for q in library.questions.values()]


@settings(max_examples=60, deadline=None)
@given(st.lists(courses.ANY, min_size=1, max_size=4))
def test_qti_3_keeps_every_question_whole(drawn: list[Question]) -> None:
    library = courses.course(drawn)
    exported = export_qti(library, "home", {})
    returned, problems = back(exported.data)
    assert (problems, exported.problems) == ([], ())
    assert questions(returned) == questions(library)
    assert [id.partition("#")[2] for id in returned.questions] == [f"q-{n}" for n in range(1, len(drawn) + 1)]
    assert next(iter(returned.items.values())).forms["standard"].body == "先**开窗**。"
    assert returned.courses["home"].title == library.courses["home"].title


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.one_of(courses.CHOICE, courses.SEVERAL, courses.ORDER, courses.MATCH, courses.NUMBER), min_size=1, max_size=3
    )
)
def test_qti_2_keeps_what_qti_has_words_for(drawn: list[Question]) -> None:
    library = courses.course(drawn)
    exported = export_qti(library, "home", {}, version="qti21")
    returned, problems = back(exported.data)
    assert problems == []

    def plain(question: Question) -> Question:
        return replace(question, difficulty=2, easy_prompt=None, unit=None, prompt="")

    assert [plain(q) for q in questions(returned)] == [plain(q) for q in questions(library)]
    assert all(q.prompt.startswith(o.prompt) for q, o in zip(questions(returned), drawn, strict=True))
    lost = [q for q in drawn if q.easy_prompt or q.unit]
    assert [dict(p.parameters)["fields"] for p in exported.problems if p.file == "imsmanifest.xml"] == ["difficulty"]
    assert [p.code for p in exported.problems] == ["export_extra"] * (1 + len(lost))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.one_of(courses.CHOICE, courses.SEVERAL, courses.TEXT), min_size=1, max_size=4))
def test_a_cartridge_keeps_what_its_profile_knows(drawn: list[Question]) -> None:
    library = courses.course(drawn)
    returned, problems = back(export_cartridge(library, "home", {}).data)
    assert problems == []

    def plain(question: Question) -> Question:
        return replace(question, difficulty=2, easy_prompt=None, reject=(), model_answer=None)

    assert [plain(q) for q in questions(returned)] == [plain(q) for q in questions(library)]
    item = returned.items["home/p-gas"]
    assert (item.title.zh, item.forms["standard"].body) == ("用气", "先**开窗**。")


@given(st.lists(st.one_of(courses.ORDER, courses.MATCH, courses.KEYWORDS, courses.NUMBER), min_size=1, max_size=3))
def test_a_cartridge_names_what_it_has_no_place_for(drawn: list[Question]) -> None:
    exported = export_cartridge(courses.course(drawn), "home", {})
    named = {p.place: p.code for p in exported.problems if p.code in ("export_kind", "export_number")}
    assert named == {f"q-{n}": "export_number" if q.kind == "number" else "export_kind" for n, q in enumerate(drawn, 1)}


SMOKE = Question(
    "q",
    "choice",
    "冒烟？",
    (),
    2,
    "走",
    picture="smoke.svg",
    picture_text="浓烟",
    options=(Option("走", True), Option("看")),
)


@pytest.mark.parametrize("kind", ["qti3", "qti21", "cc"])
def test_pictures_of_pages_and_questions_come_along(kind: str) -> None:
    library = courses.course([SMOKE], "看图。\n\n![火](fire.svg)", ("fire.svg", "smoke.svg"))
    pictures = {("home/gas", "fire.svg"): SVG, ("home/gas", "smoke.svg"): SVG + b" "}
    if kind == "cc":
        exported = export_cartridge(library, "home", pictures)
    else:
        exported = export_qti(library, "home", pictures, version=kind)  # type: ignore[arg-type]
    imported = take(exported.data)
    assert codes(imported) == []
    assert {k.rpartition("/")[2]: v for k, v in imported.files.items() if k.endswith(".svg")} == {
        "fire.svg": SVG, "smoke.svg": SVG + b" ",
    }  # fmt: skip


def test_every_reference_of_a_package_is_there() -> None:
    for data in (
        export_qti(courses.course([SMOKE]), "home", {}).data,
        export_cartridge(courses.course([SMOKE]), "home", {}).data,
    ):
        archive = zipfile.ZipFile(BytesIO(data))
        manifest = fromstring(archive.read("imsmanifest.xml"))
        files = {node.get("href") for node in manifest.iter() if node.tag.endswith("}file")}
        assert files == set(archive.namelist()) - {"imsmanifest.xml"}
        resources = {node.get("identifier") for node in manifest.iter() if node.tag.endswith("}resource")}
        wanted = {node.get("identifierref") for node in manifest.iter() if node.get("identifierref")}
        assert wanted <= resources


def test_the_same_course_gives_the_same_bytes() -> None:
    library = courses.course([SMOKE])
    assert export_qti(library, "home", {}) == export_qti(library, "home", {})
    assert export_cartridge(library, "home", {}) == export_cartridge(library, "home", {})


def test_an_unknown_course_is_refused() -> None:
    with pytest.raises(Missing, match="course_unknown"):
        export_qti(courses.course([SMOKE]), "other", {})


CONTENT = Path(__file__).parents[3] / "content"


@pytest.mark.parametrize("course", sorted(p.name for p in (CONTENT / "courses").iterdir() if p.is_dir()))
def test_the_starter_library_goes_out_and_comes_back(course: str) -> None:
    loaded = read_folders(CONTENT)
    library = loaded.library
    items = [library.items[name] for name in library.courses[course].items]
    pictures = {(i.id, name): (loaded.folders[i.id] / name).read_bytes() for i in items for name in i.pictures}
    returned, problems = back(export_qti(library, course, pictures).data)
    assert problems == []
    sent = [replace(q, id="", skills=()) for i in items for q in i.questions]
    came = [returned.items[name] for name in returned.courses[course].items]
    assert [replace(q, id="", skills=()) for i in came for q in i.questions] == sent
    assert [i.forms["standard"].body for i in came] == [i.forms["standard"].body for i in items]
