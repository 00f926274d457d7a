"""Files that mean harm, and files that are merely broken: refused, or taken without what harms."""

import io
import struct
import time
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adaptive.errors import AdaptiveError, InvalidInput
from adaptive.exchange.archive import Limits, of_files, open_archive
from adaptive.exchange.importing import import_file
from adaptive.exchange.markup import DEEPEST, parse
from adaptive.exchange.picture import is_safe_svg
from adaptive.exchange.problem import Problems
from adaptive.exchange.rich_text import to_markdown, to_plain, with_pictures
from adaptive.exchange.web_text import title_of
from adaptive.sentences import catalogue, sentence
from tests.adaptive.exchange.samples import SVG, TODAY, take, zipped


@pytest.mark.parametrize("name", ["../a", "a/../../b", "/etc/passwd", "C:/x", "..\\..\\x", "a/\x01b"])
def test_a_name_that_leaves_the_package_is_refused(name: str) -> None:
    with pytest.raises(InvalidInput, match="package_path"):
        open_archive(zipped({name: "x"}))
    with pytest.raises(InvalidInput, match="package_path"):
        of_files({name: b"x"})


def test_a_link_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        info = zipfile.ZipInfo("link")
        info.external_attr = 0o120777 << 16
        archive.writestr(info, "/etc/passwd")
    with pytest.raises(InvalidInput, match="package_path"):
        open_archive(out.getvalue())


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    with pytest.raises(InvalidInput, match="package_bomb"):
        open_archive(zipped({"a": b"\0" * 20_000_000}))
    with pytest.raises(InvalidInput, match="package_bomb"):
        open_archive(zipped({str(n): "" for n in range(30)}), Limits(entries=20))
    with pytest.raises(InvalidInput, match="package_too_large"):
        open_archive(zipped({"a": b"x" * 100}), Limits(entry=99))


def test_a_size_that_lies_is_found_when_it_is_read() -> None:
    data = bytearray(zipped({"a": b"x" * 5000}))
    at = data.rindex(b"PK\x01\x02")
    struct.pack_into("<I", data, at + 24, 10)
    struct.pack_into("<I", data, 22, 10)
    with pytest.raises(InvalidInput, match=r"package_(too_large|broken)"):
        open_archive(bytes(data)).read("a")


def test_a_password_is_refused() -> None:
    data = bytearray(zipped({"a": b"x"}))
    data[6] |= 1
    data[data.rindex(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(InvalidInput, match="package_encrypted"):
        open_archive(bytes(data))


ENTITIES = '<!DOCTYPE q [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><quiz>&b;</quiz>'
OUTSIDE = '<!DOCTYPE q [<!ENTITY a SYSTEM "file:///etc/passwd">]><quiz>&a;</quiz>'


@pytest.mark.parametrize("text", [ENTITIES, OUTSIDE, "<a>" * (DEEPEST + 1) + "</a>" * (DEEPEST + 1)])
def test_xml_that_means_harm_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match="xml_forbidden"):
        parse(text.encode())


def test_broken_xml_is_named_by_line() -> None:
    with pytest.raises(InvalidInput) as caught:
        take("<quiz>\n\n<question>", "a.xml")
    assert (caught.value.code, caught.value.parameters["line"]) == ("exchange.xml_broken", 3)


@pytest.mark.parametrize(
    "inside",
    [
        "<script>alert(1)</script>", '<circle onclick="x()"/>', '<a href="https://example.org">x</a>',
        "<style>*{}</style>",
        '<image href="https://example.org/x.png"/>', '<rect fill="url(https://example.org)"/>', "<foreignObject/>",
        '<a href="javascript:alert(1)">x</a>', '<use href="other.svg#a"/>',
    ],
)  # fmt: skip
def test_a_picture_that_could_do_more_than_be_seen_is_not_safe(inside: str) -> None:
    assert is_safe_svg(SVG)
    assert not is_safe_svg(SVG.replace(b"</svg>", inside.encode() + b"</svg>"))


@settings(max_examples=200)
@given(
    st.text(max_size=80),
    st.sampled_from(["{}", "<p>{}</p>", "<script>{}</script>", "<a href='{}'>x</a>", "<b {}>y</b>"]),
)
def test_no_markup_survives(text: str, frame: str) -> None:
    from markdown_it import MarkdownIt

    markdown = to_markdown(frame.format(text), "", Problems(), lambda _src: None)
    kinds = {t.type for token in MarkdownIt("commonmark").parse(markdown) for t in (token, *(token.children or ()))}
    assert not kinds & {"html_inline", "html_block"}
    assert "javascript:" not in markdown.lower() or "](javascript:" not in markdown.lower()


@pytest.mark.parametrize("text", ["http://a.b/c", "notes.txt", "<p>notes.txt</p>"])
def test_a_text_that_looks_like_a_place_is_a_text(text: str) -> None:
    assert to_markdown(text, "", Problems(), lambda _src: None).replace("\\", "") in ("http://a.b/c", "notes.txt")
    assert with_pictures(text, lambda _src, _words: "") == text
    assert title_of(text) == ""


@pytest.mark.parametrize("text", ["&lt;script&gt;x", "a &amp;lt; b", "1 < 2 &gt; 0", "&amp;amp;"])
def test_words_that_look_like_markup_stay_words(text: str) -> None:
    from html import unescape

    from markdown_it import MarkdownIt

    rendered = MarkdownIt("commonmark", {"html": True}).render(to_markdown(f"<p>{text}</p>", "", Problems()))
    assert unescape(rendered.removeprefix("<p>").removesuffix("</p>\n")) == unescape(text)
    assert to_plain(f"<p>{text}</p>") == unescape(text)


SAMPLE = zipped({"h5p.json": '{"mainLibrary": "H5P.Text"}', "content/content.json": '{"text": "<p>甲</p>"}'})


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_any_file_is_taken_or_refused_by_name(data: st.DataObject) -> None:
    """Whatever is done to a file, what comes is a result or a typed error."""
    content = bytearray(data.draw(st.sampled_from([SAMPLE, b"<quiz><question type='x'/></quiz>", b"::a::b {=c ~d}"])))
    for _ in range(data.draw(st.integers(0, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    try:
        import_file(bytes(content), data.draw(st.sampled_from(["a.txt", "a.xml", "a.zip"])), today=TODAY)
    except AdaptiveError as error:
        sentence(f"error.{error.code}", "zh-CN", **error.parameters)


def test_every_problem_has_its_sentence() -> None:
    import ast
    from pathlib import Path

    said, problems, errors = catalogue(), set(), set()
    for path in (Path(__file__).parents[3] / "adaptive" / "exchange").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            called = node.func
            if isinstance(called, ast.Attribute) and called.attr in ("left_out", "changed") and len(node.args) > 1:
                problems |= {c.value for c in ast.walk(node.args[1]) if isinstance(c, ast.Constant)}
            if isinstance(called, ast.Name) and called.id in ("InvalidInput", "Missing"):
                errors |= {c.value for c in ast.walk(node.args[0]) if isinstance(c, ast.Constant)}
    assert len(problems) > 25
    assert {p for p in problems if f"fault.exchange.{p}" not in said} == set()
    assert {e for e in errors if f"error.{e}" not in said} == set()


HOSTILE = [
    "<div>" * 20_000 + "x", "<b>" * 3_000 + "x", "<ul><li>" * 3_000 + "x", "<table><tr><td>" * 3_000 + "x",
    "<p>" + " " * 300_000 + "x", "<li>x" * 20_000, "<p>" + "_" * 100_000 + "x",
]  # fmt: skip


@pytest.mark.parametrize("number", range(len(HOSTILE)))
def test_pages_made_to_exhaust_are_read_in_moments(number: int) -> None:
    began = time.process_time()
    assert to_markdown(HOSTILE[number], "", Problems()).rstrip().endswith("x")
    assert to_plain(HOSTILE[number]).endswith("x")
    assert time.process_time() - began < 30  # seconds of computing; it was minutes


def test_a_page_beyond_all_measure_is_refused() -> None:
    with pytest.raises(InvalidInput, match="package_too_large"):
        to_plain("<p>" + "x" * 5_000_000)
