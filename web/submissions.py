"""What a stranger hands in to be verified: pasted text, a JSON file, a PDF, a picture, a QR code's text.

Each way ends in the same two things: the bytes of a credential, or the token of one of our own share links. An address
elsewhere is never opened, because a stranger would then steer what we call.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from credit_bank.credential import baking
from credit_bank.credential.bundle import is_bundle, parse_bundle
from credit_bank.credential.parse import as_bytes, parse_object
from credit_bank.credential.securing.jose import enveloped, is_token
from credit_bank.errors import InvalidInput
from web import qr
from web.pdf_attachments import attached_json

Way = Literal["text", "json", "bundle", "pdf", "badge", "code"]
MAX_FILE = 10_000_000
_TOKEN = re.compile(r"/v/([A-Za-z0-9_-]{16,64})/?")
_PICTURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF8", b"BM", b"RIFF")


@dataclass(frozen=True, slots=True)
class Submission:
    """What was handed in: ``document`` (a credential's bytes) or else ``token`` (of a share link of ours).

    ``way`` says where it was found; of a PDF or a picture only what is embedded is checked, never what is printed.
    """

    way: Way
    document: bytes = b""
    token: str | None = None


def from_file(data: bytes, origins: Iterable[str]) -> Submission:
    """What is in an uploaded file, told by its first bytes, whatever its name says.

    ``origins`` are our own (``https://bank.example``). Raises InvalidInput ``submission.empty``, ``.too_large``
    (10 MB), ``.kind_unknown``, ``.pdf_empty``, ``.pdf_several``, ``.no_code``, ``.several_codes``, ``.link_foreign``,
    ``.link_other``, or as the readers of JSON, PDF, pictures and bundles do.
    """
    if not data.strip():
        raise InvalidInput("submission.empty")
    if len(data) > MAX_FILE:
        raise InvalidInput("submission.too_large", limit=MAX_FILE // 1_000_000)
    if b"%PDF-" in data[:1024]:
        return _from_pdf(data)
    if data.startswith(_PICTURES):
        return _from_picture(data, origins)
    if data.lstrip()[:1] in (b"{", b"[") or data.startswith(b"\xef\xbb\xbf"):
        return _from_json(data, "json")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise InvalidInput("submission.kind_unknown") from None
    try:
        return from_text(text, origins)
    except InvalidInput as problem:
        if problem.code == "submission.text_unknown":
            raise InvalidInput("submission.kind_unknown") from None
        raise


def from_text(text: str, origins: Iterable[str], way: Way = "text") -> Submission:
    """What is in pasted text, or in the text of a QR code: a credential (JSON or ``vc+jwt``), or a share link of ours.

    Raises InvalidInput as ``from_file``; ``submission.text_unknown`` for any other text.
    """
    plain = text.strip().lstrip("\ufeff")
    if not plain:
        raise InvalidInput("submission.empty")
    if is_token(plain):
        return Submission(way, as_bytes(enveloped(plain)))
    if plain[:1] in "{[":
        return _from_json(plain.encode("utf-8", "surrogatepass"), way)
    if re.match(r"https?://", plain, re.IGNORECASE) and len(plain.split()) == 1:
        return Submission(way, token=_token(plain, origins))
    raise InvalidInput("submission.text_unknown")


def _token(address: str, origins: Iterable[str]) -> str:
    try:
        parts = urlsplit(address)
        host = parts.netloc
    except ValueError:
        raise InvalidInput("submission.text_unknown") from None
    if f"{parts.scheme}://{host}".lower() not in {origin.lower() for origin in origins}:
        raise InvalidInput("submission.link_foreign", host=ascii(host)[1:-1][:80])
    match = _TOKEN.fullmatch(parts.path)
    if match is None:
        raise InvalidInput("submission.link_other")
    return match[1]


def _from_json(data: bytes, way: Way) -> Submission:
    document = parse_object(data.removeprefix(b"\xef\xbb\xbf"))
    if is_bundle(document):
        return Submission("bundle", as_bytes(parse_bundle(document).credential))
    return Submission(way, data.removeprefix(b"\xef\xbb\xbf"))


def _from_pdf(data: bytes) -> Submission:
    found = attached_json(data)
    if not found:
        raise InvalidInput("submission.pdf_empty")
    if len(set(found)) > 1:
        raise InvalidInput("submission.pdf_several")
    return Submission("pdf", _from_json(found[0], "pdf").document)


def _from_picture(data: bytes, origins: Iterable[str]) -> Submission:
    if baking.is_png(data):
        try:
            return Submission("badge", _from_json(baking.extract(data), "badge").document)
        except InvalidInput as problem:
            if problem.code != "baking.none":
                raise
    codes = list(dict.fromkeys(qr.read(data)))
    if not codes:
        raise InvalidInput("submission.no_code")
    if len(codes) > 1:
        raise InvalidInput("submission.several_codes")
    return from_text(codes[0], origins, "code")
