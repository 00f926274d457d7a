"""The public verify page: every way in, hostile input, and what it says of what it was given."""

import io
import json
import time
from datetime import UTC, datetime
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask import Flask

from credit_bank import revoking, sharing
from credit_bank.credential.securing.data_integrity import add_proof
from credit_bank.credential.securing.jose import sign_credential
from credit_bank.errors import InvalidInput
from credit_bank.key.did import did_key
from credit_bank.key.keyring import SigningKey
from tests.traces import everything_stored
from tests.web import portfolios
from tests.web.client import ClientRequest, Page, values_of
from tests.web.people import Town
from tests.web.portfolios import Portfolio
from tests.web.test_pdf import bomb, with_attachments
from tests.web.test_qr import png_of_size
from web import qr, submissions

GOOD = "这份证书是真的，现在有效"


@pytest.fixture
def portfolio(app: Flask) -> Portfolio:
    return portfolios.make(Town(app), signed=1, waiting=0)


@pytest.fixture
def document(portfolio: Portfolio) -> str:
    path = f"/portfolio/credentials/{portfolio.credentials[0]}.json"
    return portfolio.browser().client.get(path).data.decode()


def paste(browser: ClientRequest, text: str, status: int = 200) -> Page:
    return browser.post("/verify", {"way": "text", "text": text}, status=status)


def upload(browser: ClientRequest, data: bytes, status: int = 200, way: str = "file") -> Page:
    return browser.post("/verify", {"way": way, way: (io.BytesIO(data), "anything.bin")}, status=status)


def link_of(portfolio: Portfolio, **changes: Any) -> str:
    town = portfolio.town
    with town.writing() as session:
        _, token = sharing.create(
            session, town.bank, portfolio.holder.learner_id, portfolio.credentials[0], **{"lifetime": None, **changes}
        )
    return f"http://localhost:8000/v/{token}"


def test_the_page_offers_three_ways_as_plain_forms(client_request: ClientRequest) -> None:
    page = client_request.get("/verify")
    assert page.texts(".//section[@class='card']/h2") == ["上传文件", "扫二维码", "粘贴网址或内容"]
    assert len(page.forms()) == 3


def test_pasted_text_is_verified_with_all_eight_checks(client_request: ClientRequest, document: str) -> None:
    page = paste(client_request, "\n " + document + " \n")
    assert page.h1 == GOOD
    assert [c.split(".")[0] for c in page.texts(".//ol[@class='checks']/li")] == [str(n) for n in range(1, 9)]
    assert page.headers["Cache-Control"] == "no-store"
    assert paste(ClientRequest(client_request.app, "en"), document).h1 == "This certificate is genuine and valid now"


def test_one_changed_letter_is_named(client_request: ClientRequest, document: str) -> None:
    page = paste(client_request, document.replace("书法", "书画"))
    assert page.h1 == "不能采信：签名对不上，内容可能被改过"
    assert "文件上写的（没有通过核验）" in page.text and "不要采信这份文件" in page.text


def test_a_revoked_credential_is_not_good(client_request: ClientRequest, portfolio: Portfolio, document: str) -> None:
    town = portfolio.town
    with town.writing() as session:
        revoking.change_status(
            session, town.bank, portfolio.institution.id, portfolio.credentials[0], "revoke", reason="有误"
        )
    assert paste(client_request, document).h1 == "这份证书已经撤销，不能再用"


def test_a_good_signature_of_an_unknown_issuer_is_left_open(client_request: ClientRequest, document: str) -> None:
    unsigned = {k: v for k, v in json.loads(document).items() if k not in ("proof", "credentialStatus")}
    pair = Ed25519PrivateKey.generate()
    did = did_key(pair.public_key())
    unsigned["issuer"]["id"] = did
    signed = add_proof(unsigned, SigningKey.of(did, pair), datetime(2026, 9, 1, tzinfo=UTC))
    assert paste(client_request, json.dumps(signed, ensure_ascii=False)).h1 == "还不能下结论：我们不认识颁发机构"


def test_a_credential_as_a_token_is_read_too(client_request: ClientRequest, document: str) -> None:
    unsigned = {k: v for k, v in json.loads(document).items() if k not in ("proof", "credentialStatus")}
    pair = Ed25519PrivateKey.generate()
    unsigned["issuer"]["id"] = did_key(pair.public_key())
    token = sign_credential(unsigned, SigningKey.of(unsigned["issuer"]["id"], pair), datetime(2026, 9, 1, tzinfo=UTC))
    page = paste(client_request, f"  {token}\n")
    assert page.h1 == "还不能下结论：我们不认识颁发机构" and "书法" in page.text
    assert upload(client_request, token.encode()).h1 == page.h1
    head, payload, signature = token.split(".")
    assert "不能采信" in paste(client_request, f"{head}.{payload}.{'A' * len(signature)}").h1
    assert "不能采信" in paste(client_request, f"{head}.{payload[:-2]}.{signature}").h1


def test_a_file_is_told_by_its_bytes(client_request: ClientRequest, portfolio: Portfolio, document: str) -> None:
    bundle = portfolio.browser().client.get(f"/portfolio/credentials/{portfolio.credentials[0]}/bundle.json").data
    for data in (document.encode(), b"\xef\xbb\xbf" + document.encode(), bundle, with_attachments(document.encode())):
        assert upload(client_request, data).h1 == GOOD


def test_a_qr_code_of_our_link_is_followed_inside(client_request: ClientRequest, portfolio: Portfolio) -> None:
    address = link_of(portfolio, show_name=True)
    for way in ("file", "photo"):
        page = upload(client_request, qr.png(address), way=way)
        assert page.h1 == GOOD and "示例甲" in page.text
    assert paste(client_request, address).h1 == GOOD
    text_file = upload(client_request, address.encode())
    assert text_file.h1 == GOOD and text_file.headers["Referrer-Policy"] == "no-referrer"


def test_a_qr_code_that_holds_the_credential_itself(client_request: ClientRequest, document: str) -> None:
    page = upload(client_request, qr.png('{"id": "urn:uuid:1"}'))
    assert "不能采信" in page.h1 and "二维码里的签名数据" in page.text


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("https://evil.example/v/abcdefghijklmnopqrstuv", "别的网站的链接（evil.example）"),
        ("http://localhost:8000@evil.example/v/abcdefghijklmnopqrstuv", "别的网站的链接"),
        ("http://localhost:8001/v/abcdefghijklmnopqrstuv", "别的网站的链接（localhost:8001）"),
        ("http://[broken/v/abc", "不是分享链接"),
        ("http://localhost:8000/help", "不是证书的分享链接"),
        ("just words", "不是分享链接，也不是证书内容"),
        ("www.bank.example", "不是分享链接，也不是证书内容"),
        ("", "请先粘贴"),
        ("{", "重新复制全部内容"),
        ('{"a": 1, "a": 2}', ""),
        ("[" * 100_000, ""),
        ('{"a":' * 100_000, ""),
        ('{"a": "\\ud800"}', ""),
        ('{"a": NaN}', ""),
    ],
)
def test_text_that_cannot_be_used_gets_a_clear_error(client_request: ClientRequest, text: str, words: str) -> None:
    page = client_request.post("/verify", {"way": "text", "text": text}, status=422)
    assert len(page.errors) == 1 and words in page.errors[0]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "空的"),
        (b"\x00\x01\x02 something", "读不了这种文件"),
        (b"PK\x03\x04 a zip", "读不了这种文件"),
        (png_of_size(60_000, 60_000), "尺寸太大"),
        (b"\x89PNG\r\n\x1a\n broken", "损坏"),
        (b"%PDF-1.7 broken", "PDF 读不出来"),
        (with_attachments(), "没有证书数据"),
        (with_attachments(b'{"a": 1}', b'{"b": 1}'), "好几份"),
        (b'{"type": "EvergreenProofBundle"}', ""),
        (b" " * 10_000_001, "空的"),
        (b"{" + b" " * 10_000_001, "最多 10 MB"),
        (b"{" + b" " * 2_000_000, ""),
    ],
)
def test_files_that_cannot_be_used_get_a_clear_error(client_request: ClientRequest, data: bytes, words: str) -> None:
    page = upload(client_request, data, status=422)
    assert len(page.errors) == 1 and words in page.errors[0]


def test_a_pdf_bomb_and_a_file_of_13_megabytes(client_request: ClientRequest) -> None:
    assert "PDF 读不出来" in upload(client_request, bomb(), status=422).errors[0]
    assert upload(client_request, b"x" * 13_000_000, status=413).status == 413


def test_two_codes_in_one_picture(client_request: ClientRequest) -> None:
    from PIL import Image

    one, two = (Image.open(io.BytesIO(qr.png(t))).convert("L") for t in ("https://a.example/1", "https://a.example/2"))
    both = Image.new("L", (one.width * 2 + 100, one.height), "white")
    both.paste(one, (0, 0))
    both.paste(two, (one.width + 100, 0))
    out = io.BytesIO()
    both.save(out, "PNG")
    assert "好几个二维码" in upload(client_request, out.getvalue(), status=422).errors[0]


def test_no_file_at_all(client_request: ClientRequest) -> None:
    assert client_request.post("/verify", {"way": "file"}, status=422).errors == ["请先选一个文件。"]
    assert client_request.post("/verify", {}, status=422).errors == ["请先选一个文件。"]


def test_whose_it_is(client_request: ClientRequest, document: str) -> None:
    page = paste(client_request, document)
    subject = json.loads(document)["credentialSubject"]["id"]
    assert client_request.submit(page, {"subject": subject}, status=200).h1 == GOOD
    other = client_request.submit(page, {"subject": "urn:uuid:00000000-0000-4000-8000-000000000000"}, status=200)
    assert other.h1 == "这份证书不是这个人的"
    assert client_request.submit(page, {"subject": ""}, status=422).errors
    assert client_request.submit(page, {"subject": "x", "document": "nothing"}, status=422).errors


NASTY = "<script>alert(1)</script>{{7*7}}"


def nasty(value: Any) -> Any:
    """The same document with script in every text of it."""
    if isinstance(value, dict):
        return {k: nasty(v) if k not in ("@context", "type", "cryptosuite") else v for k, v in value.items()}
    if isinstance(value, list):
        return [nasty(v) for v in value]
    return NASTY if isinstance(value, str) else value


def test_script_in_every_field_does_nothing(client_request: ClientRequest, document: str) -> None:
    page = paste(client_request, json.dumps(nasty(json.loads(document))))
    assert "<script>alert" not in page.html and "49" not in page.h1
    assert not [s for s in page.texts(".//script") if s]


def test_strange_shapes_do_not_break_the_page(client_request: ClientRequest) -> None:
    for text in ('{"credentialSubject": [1]}', '{"issuer": 3, "awardedDate": "9999-99-99", "id": {}}', "{}"):
        assert "采信" in paste(client_request, text).text


def test_the_camera_script_gets_the_text_of_a_frame(client_request: ClientRequest) -> None:
    def scan(data: bytes) -> Any:
        return client_request.post("/verify/scan", {"frame": (io.BytesIO(data), "f.jpg")}, status=200).response.json

    assert scan(qr.png("http://localhost:8000/v/x")) == {"text": "http://localhost:8000/v/x"}
    assert scan(b"nothing") == {"text": None}
    assert client_request.post("/verify/scan", status=200).response.json == {"text": None}


def test_forged_forms_are_refused(client_request: ClientRequest) -> None:
    for path in ("/verify", "/verify/scan", "/try"):
        assert client_request.client.post(path, data={"way": "text", "text": "{}"}).status_code == 400


def test_nothing_that_was_handed_in_is_kept(client_request: ClientRequest, app: Flask, document: str) -> None:
    changed = document.replace("书法", "独一无二")
    paste(client_request, changed)
    upload(client_request, changed.encode())
    stored = everything_stored(app)
    assert len(stored) > 1000
    assert "独一无二".encode() not in stored


def test_asking_too_often_is_answered_with_429(client_request: ClientRequest) -> None:
    token = values_of(client_request.get("/verify").forms()[0])["csrf_token"]
    data = {"csrf_token": token, "way": "text"}
    codes = [client_request.client.post("/verify", data=data).status_code for _ in range(70)]
    assert codes[:50] == [422] * 50 and codes[-1] == 429


@pytest.mark.parametrize("text", ["[" * 100_000, '{"a":' * 100_000, '{"a": "' + "\\" * 900_000])
def test_text_made_to_cost_time_costs_little(text: str) -> None:
    began = time.process_time()
    with pytest.raises(InvalidInput):
        submissions.from_text(text, ["http://localhost:8000"])
    assert time.process_time() - began < 2
