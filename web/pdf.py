"""The certificate as PDF: one page, tagged (PDF/UA-1), archivable (PDF/A-3), with the signed credential inside.

Typst sets it from a template of our own; nothing is fetched, no font of the system is used. All that varies goes in as
data. The credential's exact bytes are attached, so the PDF itself can be verified; the name and the words on the page
are print, and are checked against the page that the QR code opens.
"""

import json
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Literal

import typst

from credit_bank.errors import InvalidInput
from web import qr

Both = tuple[str, str]
Standard = Literal["a-3a", "ua-1"]
WEB = Path(__file__).parent
_RING_COLOUR = "#ebe4d0"
_one_at_a_time = threading.Lock()  # Typst's compiler refuses a second thread while it works


@dataclass(frozen=True, slots=True)
class CertificateFacts:
    """What the page says. A pair is (zh, en); ``facts`` are (label, value) in the order shown.

    ``sentences`` are the page's fixed sentences by name; ``document`` is the signed credential, byte for byte.
    """

    name: str
    title: str
    institution: str
    number: str
    link: str
    facts: Sequence[tuple[Both, str]]
    sentences: Mapping[str, Both]
    document: bytes
    made_at: datetime


def unprintable(*texts: str) -> str:
    """The characters of these texts that the certificate's font does not have, each once."""
    covered = _coverage()
    return "".join(dict.fromkeys(c for text in texts for c in text if ord(c) not in covered))


def certificate(facts: CertificateFacts) -> bytes:
    """The certificate as PDF.

    Raises InvalidInput ``certificate.character_missing`` (with the characters) when the font cannot print what it says.
    """
    values = [value for _, value in facts.facts]
    missing = unprintable(facts.name, facts.title, facts.institution, *values)
    if missing:
        shown = "、".join(missing[:5])
        codes = ", ".join(f"U+{ord(c):04X}" for c in missing[:5])
        raise InvalidInput("certificate.character_missing", characters=shown, codes=codes)
    return compiled(
        WEB / "certificate" / "certificate.typ", _inputs(facts), standards=["a-3a", "ua-1"], made_at=facts.made_at
    )


def compiled(template: Path, inputs: dict[str, str], *, standards: list[Standard], made_at: datetime) -> bytes:
    """A template of ours as PDF that keeps to those standards; only our own font is used."""
    with _one_at_a_time:
        made = _compiler().compile(
            input=template.read_bytes(),
            format="pdf",
            sys_inputs=inputs,
            pdf_standards=[*standards],
            timestamp=made_at.replace(microsecond=0),
        )
    assert isinstance(made, bytes)
    return made


def badge(title: str, institution: str, credits: str) -> bytes:
    """A badge as PNG, 1,024 points square, ready to be baked; what the font lacks is left out of the drawing."""
    covered = _coverage()
    texts = {"title": title, "institution": institution, "credits": credits}
    drawn = {name: "".join(c for c in text if ord(c) in covered) for name, text in texts.items()}
    data = {
        **drawn,
        "title_size": _size(drawn["title"], 40, 10),
        "institution_size": _size(drawn["institution"], 20, 16),
    }
    with _one_at_a_time:
        made = _compiler().compile(
            input=(WEB / "certificate" / "badge.typ").read_bytes(),
            format="png",
            ppi=144,
            sys_inputs={"data": json.dumps(data, ensure_ascii=False), **_drawings()},
        )
    assert isinstance(made, bytes)
    return made


def _inputs(facts: CertificateFacts) -> dict[str, str]:
    said = dict(facts.sentences)
    data = {
        "document_title": f"{said['heading'][0]}：{facts.title}",
        "document_description": said["statement"][1],
        "institution": facts.institution,
        "name": facts.name,
        "name_size": _size(facts.name, 30, 12),
        "title": facts.title,
        "title_size": _size(facts.title, 21, 19),
        "facts": [{"label": label, "value": value} for label, value in facts.facts],
        "link": facts.link,
        "link_shown": facts.link,
        "number": facts.number,
        "qr_alt": said["qr_alt"][0],
        "attachment_description": said["attachment_description"][0],
        **{n: said[n] for n in ("bank", "heading", "statement", "how_title", "how", "number_label", "attached")},
    }
    drawings = _drawings()
    return {
        "data": json.dumps(data, ensure_ascii=False),
        "document": facts.document.decode("utf-8"),
        "qr": qr.svg(facts.link, border=2),
        **drawings,
    }


def _size(text: str, largest: int, fits: int) -> int:
    """A type size in points: long texts are set smaller, down to three fifths, and then wrap."""
    width = sum(2 if ord(c) > 0x2E7F else 1 for c in text) / 2
    return max(round(largest * min(1.0, fits / max(width, 1))), largest * 3 // 5)


@cache
def _drawings() -> dict[str, str]:
    rings = (WEB / "static" / "img" / "rings.svg").read_text("utf-8")
    mark = (WEB / "static" / "img" / "mark.svg").read_text("utf-8")
    seal = (WEB / "certificate" / "seal.svg").read_text("utf-8")
    return {"rings": rings.replace('stroke="#000"', f'stroke="{_RING_COLOUR}"'), "mark": mark, "seal": seal}


@cache
def _compiler() -> typst.Compiler:
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(WEB / "fonts")])
    return typst.Compiler(font_paths=fonts, ignore_system_fonts=True)


@cache
def _coverage() -> frozenset[int]:
    found: set[int] = set()
    for part in (WEB / "fonts" / "coverage.txt").read_text("ascii").split():
        first, _, last = part.partition("-")
        found.update(range(int(first, 16), int(last or first, 16) + 1))
    return frozenset(found)
