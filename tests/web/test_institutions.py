"""Institutions in public: pages for people, files for programs."""

import json
from uuid import uuid4

import pytest
from flask import Flask
from sqlmodel import select

from credit_bank import founding
from credit_bank.credential import status
from credit_bank.key import multikey, trust
from credit_bank.log import checkpoint
from credit_bank.store import institutions
from credit_bank.store.tables import Credential, PublishedStatusList
from tests.web.desks import Desk, details
from web.accounts.roles import Role
from web.publisher import publish_now


@pytest.fixture
def desk(app: Flask) -> Desk:
    return Desk(app)


def issue(desk: Desk) -> None:
    registrar = desk.at(desk.admitted("qinghe"), Role.REGISTRAR)
    registrar.post("/desk/qinghe/issue", details(desk.learner()))
    publish_now(desk.database, desk.bank)


def test_the_pages_of_an_institution(desk: Desk) -> None:
    issue(desk)
    browser = desk.browser()
    page = browser.get(browser.get("/institutions").link("示例学院"))
    assert "其他非学历" in page.text and "在用" in page.text and "确认到第 1 条" in page.text
    courses = browser.get(page.link("3 门课程"))
    assert "QH-001" in courses.text
    detail = browser.get(courses.link("示例课程 1"))
    assert browser.get(detail.link("3 级")).h1 == "第 3 级"
    browser.get("/institutions/nobody", status=404)
    browser.get("/institutions/nobody/courses", status=404)
    assert "没有找到" in browser.get("/institutions/qinghe/courses?q=zzz").text


def test_what_programs_read_is_open_to_any_site_and_cached(desk: Desk) -> None:
    issue(desk)
    browser = desk.browser().client
    with desk.database.reading() as session:
        lists = session.exec(select(PublishedStatusList.list_id, PublishedStatusList.purpose)).all()
    paths = [
        "/institutions/qinghe/did.json",
        "/.well-known/did.json",
        "/trust-list.json",
        "/institutions/qinghe/log/checkpoint",
        *(f"/status/{list_id}/{purpose}" for list_id, purpose in lists),
    ]
    assert len(paths) == 6
    for path in paths:
        answer = browser.get(path)
        assert answer.status_code == 200, path
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
        assert "max-age" in answer.headers["Cache-Control"] and "public" in answer.headers["Cache-Control"]
        assert not answer.headers.getlist("Set-Cookie")
        again = browser.get(path, headers={"If-None-Match": answer.headers["ETag"]})
        assert again.status_code == 304 and not again.data, path


def test_the_did_documents_name_the_keys(desk: Desk) -> None:
    issue(desk)
    found = json.loads(desk.browser().client.get("/institutions/qinghe/did.json").data)
    assert found["id"] == "did:web:localhost%3A8000:institutions:qinghe"
    assert found["verificationMethod"][0]["id"] in found["assertionMethod"]
    bank = json.loads(desk.browser().client.get("/.well-known/did.json").data)
    with desk.database.reading() as session:
        assert bank["verificationMethod"][0]["publicKeyMultibase"] == founding.bank_key(session, desk.bank).multikey


def test_the_trust_list_holds_statements_of_the_bank(desk: Desk) -> None:
    issue(desk)
    body = json.loads(desk.browser().client.get("/trust-list.json").data)
    public = multikey.decode_public(body["bankKeys"][0])
    records = [trust.read_statement(token, public, body["bank"]) for token in body["statements"]]
    assert [(r.did, r.accreditations[0].category) for r in records] == [
        ("did:web:localhost%3A8000:institutions:qinghe", "other")
    ]


def test_the_status_list_is_a_signed_credential(desk: Desk) -> None:
    issue(desk)
    with desk.database.reading() as session:
        list_id = session.exec(select(Credential.status_list_id)).one()
    answer = desk.browser().client.get(f"/status/{list_id}/revocation")
    assert answer.mimetype == "application/vc+json"
    document = json.loads(answer.data)
    assert document["id"].endswith(f"/status/{list_id}/revocation") and document["proof"]
    assert document["credentialSubject"]["statusPurpose"] == "revocation"
    assert status.decode(document["credentialSubject"]["encodedList"])
    client = desk.browser()
    client.get(f"/status/{uuid4()}/revocation", status=404)
    client.get(f"/status/{list_id}/refresh", status=404)


def test_the_checkpoint_is_the_signed_note(desk: Desk) -> None:
    desk.admitted("empty")
    issue(desk)
    browser = desk.browser()
    browser.get("/institutions/empty/log/checkpoint", status=404)
    answer = browser.client.get("/institutions/qinghe/log/checkpoint")
    assert answer.mimetype == "text/plain"
    with desk.database.reading() as session:
        found = institutions.find(session, "qinghe")
        key = multikey.decode_public(institutions.keys(session, found.id, "checkpoint")[0].multikey)
    opened = checkpoint.verify_checkpoint(answer.text, "localhost:8000/institutions/qinghe/log", key)
    assert opened.size == 1


def test_the_framework_that_credentials_point_to(desk: Desk) -> None:
    browser = desk.browser()
    browser.get("/frameworks/evergreen-1")
    assert browser.get("/frameworks/evergreen-1/levels/4").h1 == "第 4 级"
    assert browser.get("/frameworks/evergreen-1/categories/vocational").h1 == "职业证书"
    for path in ("/frameworks/x", "/frameworks/evergreen-1/levels/11", "/frameworks/evergreen-1/categories/x"):
        browser.get(path, status=404)
