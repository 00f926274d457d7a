"""The PDF certificate: what it holds, what it may not print, and the reader of strangers' PDFs."""

import io
import json
import time
import zlib
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pypdf
import pytest
from fontTools.ttLib import TTFont

from credit_bank.credential import baking
from credit_bank.errors import InvalidInput
from web import pdf
from web.messages import catalogue
from web.pdf_attachments import attached_json

DOCUMENT = json.dumps({"id": "urn:uuid:1", "name": "书法"}, ensure_ascii=False).encode()
WEB = Path(pdf.__file__).parent


def facts(**changes: Any) -> pdf.CertificateFacts:
    page = {k.removeprefix("certificate.page."): v for k, v in catalogue().items() if k.startswith("certificate.page.")}
    sentences = {name: (text["zh"], text["en"]) for name, text in page.items()}
    sentences["statement"] = (sentences["statement"][0].format(institution="试验学院"), "achieved")
    sentences["bank"] = ("常青学分银行", "Evergreen Credit Bank")
    values: dict[str, Any] = {
        "name": "示例甲",
        "title": "书法入门",
        "institution": "试验学院",
        "number": "urn:uuid:00000000-0000-4000-8000-000000000000",
        "link": "http://localhost:8000/v/abcdefghijklmnopqrstuv",
        "facts": [(("学分", "Credits"), "2")],
        "sentences": sentences,
        "document": DOCUMENT,
        "made_at": datetime(2026, 9, 1, tzinfo=UTC),
    }
    return pdf.CertificateFacts(**{**values, **changes})


def test_one_tagged_page_with_title_language_and_the_credential_inside() -> None:
    made = pdf.certificate(facts())
    reader = pypdf.PdfReader(io.BytesIO(made))
    root: Any = reader.trailer["/Root"]
    assert len(reader.pages) == 1
    assert root["/MarkInfo"]["/Marked"] and root["/Lang"].startswith("zh")
    assert reader.metadata and reader.metadata.title == "学习成果证书：书法入门"
    metadata = root["/Metadata"].get_data().decode()
    assert "pdfuaid:part>1<" in metadata and "pdfaid:part>3<" in metadata
    text = reader.pages[0].extract_text()
    assert all(words in text for words in ("示例甲", "书法入门", "试验学院", "Evergreen Credit Bank"))
    assert attached_json(made) == [DOCUMENT]


def test_making_one_is_quick() -> None:
    pdf.certificate(facts())
    began = time.process_time()
    pdf.certificate(facts())
    assert time.process_time() - began < 1


def test_several_at_once() -> None:
    names = [f"示例{n}" for n in "甲乙丙丁戊己庚辛"]
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda name: pdf.certificate(facts(name=name)), names))
        assert all(pool.map(lambda name: pdf.badge(name, "", ""), names))
    texts = [pypdf.PdfReader(io.BytesIO(document)).pages[0].extract_text() for document in made]
    assert [name for name, text in zip(names, texts, strict=True) if name not in text] == []


def test_what_a_person_wrote_is_data_never_markup() -> None:
    name = '#panic("x") *b* $x$ \\ [a] "'
    made = pdf.certificate(facts(name=name, title="#let x = 1; <script>"))
    text = pypdf.PdfReader(io.BytesIO(made)).pages[0].extract_text()
    assert '#panic("x")' in text and "<script>" in text


def test_a_long_name_and_title_stay_on_the_page() -> None:
    rows = [(("名称", "Name"), "很长的内容" * 6)] * 9
    made = pdf.certificate(facts(name="阿卜杜热合曼·买买提艾力·吾斯曼江", title="综合实践课程" * 12, facts=rows))
    assert len(pypdf.PdfReader(io.BytesIO(made)).pages) == 1


@pytest.mark.parametrize("character", ["𠮷", "龘龘🙂", "ا"])
def test_a_character_that_the_font_lacks_is_named_not_printed_as_a_box(character: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        pdf.certificate(facts(name=f"张{character}"))
    assert refused.value.code == "certificate.character_missing"
    assert str(refused.value.parameters["characters"])[0] in character


def test_the_coverage_that_is_written_down_is_the_fonts_own() -> None:
    with TTFont(WEB / "fonts" / "EvergreenSong-Regular.otf") as font:
        covered = set(font.getBestCmap())
    assert covered == pdf._coverage()
    gb2312 = {bytes((a, b)).decode("gb2312", "ignore") for a in range(0xB0, 0xF8) for b in range(0xA1, 0xFF)} - {""}
    assert {ord(c) for c in gb2312} <= covered
    assert not pdf.unprintable("㑇㕮䗖䲠𫍯𬭶")  # of 通用规范汉字表, outside the basic block and the basic plane


def test_a_badge_can_be_baked_and_read_back() -> None:
    drawn = pdf.badge("书法入门🙂", "试验学院", "2 学分")
    assert baking.extract(baking.bake(drawn, DOCUMENT)) == DOCUMENT


def with_attachments(*contents: bytes, compress: bool = False) -> bytes:
    writer = pypdf.PdfWriter()
    writer.add_blank_page(100, 100)
    for n, content in enumerate(contents):
        writer.add_attachment(f"{n}.json", content)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_only_attachments_that_look_like_json_objects_are_taken() -> None:
    assert attached_json(with_attachments(b"no json", b' {"a": 1}', b"[1]", b'{"b": "\xff"}')) == [b' {"a": 1}']
    assert attached_json(with_attachments()) == []
    assert attached_json(with_attachments(b'{"a":"' + b"x" * 1_000_001 + b'"}')) == []


@cache
def bomb() -> bytes:
    """A PDF whose attachment is 500 MB of spaces, packed twice."""
    packer = zlib.compressobj(9)
    inner = b"".join([packer.compress(b" " * 50_000_000) for _ in range(10)]) + packer.flush()
    stream = zlib.compress(inner, 9)
    objects = [
        b"<</Type/Catalog/Pages 2 0 R/Names<</EmbeddedFiles<</Names[(a.json) 3 0 R]>>>>>>",
        b"<</Type/Pages/Kids[]/Count 0>>",
        b"<</Type/Filespec/F(a.json)/EF<</F 4 0 R>>>>",
        b"<</Filter[/FlateDecode/FlateDecode]/Length %d>>stream\n" % len(stream) + stream + b"\nendstream",
    ]
    out, offsets = b"%PDF-1.7\n", []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    start = len(out)
    out += b"xref\n0 5\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % o for o in offsets)
    return out + b"trailer<</Root 1 0 R/Size 5>>\nstartxref\n%d\n%%%%EOF" % start


def test_a_pdf_bomb_is_refused_in_time() -> None:
    data = bomb()
    assert len(data) < 10_000
    began = time.perf_counter()
    with pytest.raises(InvalidInput) as refused:
        attached_json(data)
    assert refused.value.code == "pdf.unreadable"
    assert time.perf_counter() - began < 10


@pytest.mark.parametrize("data", [b"%PDF-1.7", b"%PDF-1.7\n" + b"[" * 100_000, b"%PDF-1.4\nxref\n0 99999999\n"])
def test_damaged_pdfs_are_unreadable(data: bytes) -> None:
    with pytest.raises(InvalidInput) as refused:
        attached_json(data)
    assert refused.value.code == "pdf.unreadable"


def test_a_pdf_with_a_password_is_unreadable() -> None:
    writer = pypdf.PdfWriter()
    writer.add_blank_page(100, 100)
    writer.add_attachment("a.json", b"{}")
    writer.encrypt("secret")
    out = io.BytesIO()
    writer.write(out)
    with pytest.raises(InvalidInput):
        attached_json(out.getvalue())
