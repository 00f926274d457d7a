"""Every document of an export is one that the binding of its standard allows."""

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
from adaptive.exchange.export_cartridge import export_cartridge
from adaptive.exchange.export_qti import export_qti
from adaptive.exchange.exporting import Exported, ExportFormat, PictureFiles
from tests.adaptive.exchange import bindings, courses
from tests.adaptive.exchange.samples import SVG

FORMATS: tuple[ExportFormat, ...] = ("qti3", "qti21", "cc")
CONTENT = Path(__file__).parents[3] / "content"
STARTER = read_folders(CONTENT)


def export(library: Library, course: str, kind: ExportFormat, pictures: PictureFiles) -> Exported:
    """The package of a course in a format."""
    if kind == "cc":
        return export_cartridge(library, course, pictures)
    return export_qti(library, course, pictures, version=kind)


def documents(exported: Exported) -> dict[str, bytes]:
    """The XML documents of a package by their names."""
    archive = zipfile.ZipFile(BytesIO(exported.data))
    return {name: archive.read(name) for name in archive.namelist() if name.endswith(".xml")}


def violations(exported: Exported, kind: str) -> list[str]:
    """What of a package its standard does not allow, with the document."""
    return [
        f"{name}: {wrong}"
        for name, data in documents(exported).items()
        for wrong in bindings.violations(fromstring(data), kind)
    ]


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("course", sorted(STARTER.library.courses))
def test_the_starter_library_keeps_the_bindings(course: str, kind: ExportFormat) -> None:
    items = [STARTER.library.items[name] for name in STARTER.library.courses[course].items]
    pictures = {(i.id, name): (STARTER.folders[i.id] / name).read_bytes() for i in items for name in i.pictures}
    assert violations(export(STARTER.library, course, kind, pictures), kind) == []


@pytest.mark.parametrize("kind", FORMATS)
@settings(max_examples=25, deadline=None)
@given(drawn=st.lists(courses.ANY, min_size=1, max_size=4))
def test_any_question_keeps_the_bindings(kind: ExportFormat, drawn: list[Question]) -> None:
    assert violations(export(courses.course(drawn), "home", kind, {}), kind) == []


RICH = """## 一

3. 三
4. 四

[去看](https://example.org "标题") ![火](fire.svg "火焰")

| 左 | 右 |
|:---|---:|

| 左 | 右 |
|:---|---:|
| 1 | `x` |

> 引用
> - 点

```python
print(1)
```

---

一行\\
两行
"""


@pytest.mark.parametrize("kind", ["qti3", "qti21"])
def test_html_that_qti_has_no_place_for_is_named(kind: ExportFormat) -> None:
    exported = export(courses.course([SMOKE], RICH, ("fire.svg", "smoke.svg")), "home", kind, PICTURES)
    assert violations(exported, kind) == []
    lost = [dict(p.parameters)["fields"] for p in exported.problems if p.code == "export_extra"]
    assert "start, title" in lost


SMOKE = Question(
    "q", "choice", "冒烟？", (), 2, "走", picture="smoke.svg", picture_text="浓烟",
    options=(Option("走", True, "对"), Option("看")),
)  # fmt: skip
PICTURES = {("home/gas", "fire.svg"): SVG, ("home/gas", "smoke.svg"): SVG + b" "}


@pytest.mark.parametrize("kind", FORMATS)
def test_a_package_with_pictures_keeps_the_bindings(kind: ExportFormat) -> None:
    library = courses.course([SMOKE], "![火](fire.svg)", ("fire.svg", "smoke.svg"))
    assert violations(export(library, "home", kind, PICTURES), kind) == []


@pytest.mark.parametrize("course", ["test", "part", "root", "o", "p-gas", "gas", "1st"])
@pytest.mark.parametrize("kind", FORMATS)
def test_no_name_of_a_course_meets_a_name_of_ours(course: str, kind: ExportFormat) -> None:
    library = courses.course([SMOKE])
    renamed = replace(library, courses={course: replace(library.courses["home"], id=course)})
    exported = export(renamed, course, kind, {})
    assert violations(exported, kind) == []
    if kind != "cc":
        test = fromstring(documents(exported)["test.xml"])
        names = [node.get("identifier") for node in test.iter() if node.get("identifier")]
        assert len(names) == len(set(names))


def test_a_picture_in_a_question_of_a_cartridge_is_found_beside_it() -> None:
    exported = export(courses.course([SMOKE], "看", ("smoke.svg",)), "home", "cc", PICTURES)
    found = documents(exported)
    assert b"$IMS-CC-FILEBASE$smoke.svg" in found["gas/questions.xml"]
    manifest = fromstring(found["imsmanifest.xml"])
    assert [n.get("identifierref") for n in manifest.iter() if n.tag.endswith("}dependency")] == ["p_gas"]


def test_an_explanation_in_a_cartridge_is_shown_whatever_was_answered() -> None:
    item = fromstring(documents(export(courses.course([SMOKE]), "home", "cc", {}))["gas/questions.xml"])
    rules = [n for n in item.iter() if n.tag.endswith("}respcondition")]
    always = [n for n in rules if any(child.tag.endswith("}other") for child in n.iter())]
    shown = [f.get("linkrefid") for rule in always for f in rule if f.tag.endswith("}displayfeedback")]
    assert shown == ["general_fb"]


def test_a_binding_names_what_breaks_it() -> None:
    resource = '<resource type="x"><dependency/></resource>'
    wrong = f'<manifest identifier="1"><metadata/><resources>{resource}</resources></manifest>'
    assert len(list(bindings.violations(fromstring(wrong), "qti21"))) >= 6
