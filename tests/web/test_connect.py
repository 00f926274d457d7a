"""LTI 1.3 against real servers on the other side, with real keys; and what must not be let in."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import jwt
import pytest
from flask import Flask
from jwt.algorithms import RSAAlgorithm
from sqlmodel import col, select

from adaptive.exchange.xapi import read_statements
from adaptive.store.tables import Answer
from tests.apps import settings_for
from tests.web.client import ClientRequest, Page
from tests.web.lti_peers import AGS, CLAIM, DEEP, SCORE, Peer, assertion_claims, launch_claims, query_of
from tests.web.people import Holder, Town
from web.accounts.roles import Role
from web.connections import personal_data, tables
from web.connections.tables import LtiTool, ReceivedEvent
from web.security import limiter
from web.settings import Settings

SITE = "http://localhost:8000"


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def app_settings(request: pytest.FixtureRequest) -> Settings:
    """An application that may reach this machine's own servers."""
    return settings_for(request.getfixturevalue(f"{request.param}_url"), connect_private=True)


@pytest.fixture(autouse=True)
def unlimited() -> Iterator[None]:
    """No limits on how often: all tests come from one address."""
    before, limiter.enabled = limiter.enabled, False
    yield
    limiter.enabled = before


@pytest.fixture
def town(app: Flask) -> Town:
    """People of the application."""
    return Town(app)


@pytest.fixture
def peer() -> Iterator[Peer]:
    """The other side."""
    made = Peer()
    yield made
    made.close()


@pytest.fixture
def administrator(town: Town) -> ClientRequest:
    """The browser of an institution's administrator."""
    own = town.institution("own")
    return town.browser(town.staff("admin", own, Role.ADMINISTRATOR))


def register_platform(administrator: ClientRequest, peer: Peer) -> None:
    """Connect the peer as a platform."""
    page = administrator.get("/institution/own/connections/platform/new")
    answer = fill(
        administrator, page, name="企业内训", issuer=peer.origin, client_id="client-7", deployments="d1 d2",
        auth_url=f"{peer.origin}/auth?x=1", token_url=f"{peer.origin}/token", jwks_url=f"{peer.origin}/jwks",
    )  # fmt: skip
    assert answer.status == 303, answer.text


def register_tool(town: Town, administrator: ClientRequest, peer: Peer) -> UUID:
    """Connect the peer as a tool; its client id."""
    page = administrator.get("/institution/own/connections/tool/new")
    answer = fill(
        administrator, page, name="口语练习", purpose="练习英语口语", login_url=f"{peer.origin}/login",
        jwks_url=f"{peer.origin}/jwks", launch_urls=f"{peer.origin}/launch",
    )  # fmt: skip
    assert answer.status == 303, answer.text
    with town.writing() as session:
        return session.exec(select(LtiTool)).one().id


def begin(browser: ClientRequest, peer: Peer, **changes: str) -> dict[str, str]:
    """Begin a login from the platform; what our answer asks of it."""
    given = {"iss": peer.origin, "login_hint": "h", "target_link_uri": f"{SITE}/library", "client_id": "client-7"}
    answer = browser.client.get("/lti/login", query_string={**given, **changes})
    assert answer.status_code == 302, answer.text
    assert answer.headers["Location"].startswith(f"{peer.origin}/auth?x=1&")
    return query_of(answer.headers["Location"])


def come_back(browser: ClientRequest, state: str, token: str) -> Any:
    """The platform's post to us, which carries no cookie of ours."""
    return browser.app.test_client().post("/lti/launch", data={"state": state, "id_token": token})


def arrive(browser: ClientRequest, peer: Peer, **changes: Any) -> str:
    """A whole good launch; the address at which it ends."""
    asked = begin(browser, peer)
    answer = come_back(browser, asked["state"], peer.sign(launch_claims(peer, asked["nonce"], SITE, **changes)))
    assert answer.status_code == 303, answer.text
    return str(answer.headers["Location"])


def fill(browser: ClientRequest, page: Page, status: int = 303, **data: str) -> Page:
    """Fill in the page's form and send it."""
    return browser.submit(page, data, status=status)


# We are the tool


def test_a_person_of_a_platform_arrives_without_an_account(
    town: Town, administrator: ClientRequest, peer: Peer
) -> None:
    register_platform(administrator, peer)
    visitor = town.browser()
    asked = begin(visitor, peer)
    assert {k: asked[k] for k in ("scope", "response_type", "response_mode", "prompt", "redirect_uri")} == {
        "scope": "openid", "response_type": "id_token", "response_mode": "form_post", "prompt": "none",
        "redirect_uri": f"{SITE}/lti/launch",
    }  # fmt: skip
    page = visitor.get(arrive(visitor, peer))
    assert (page.status, page.h1) == (200, "欢迎来学习")
    assert "企业内训" in page.text
    assert page.link("打开学习库") == f"{SITE}/library"
    assert peer.asked == ["/jwks"]


def wrong_launches(peer: Peer, nonce: str) -> dict[str, str]:
    """Launches that must not be let in, by what is wrong with each."""

    def signed(**changes: Any) -> str:
        return peer.sign({**launch_claims(peer, nonce, SITE), **changes})

    good = launch_claims(peer, nonce, SITE)
    return {
        "issuer": signed(iss="https://elsewhere.example"),
        "audience": signed(aud="client-8"),
        "two audiences without azp": signed(aud=["client-7", "client-8"]),
        "azp of another": signed(aud=["client-7", "client-8"], azp="client-8"),
        "nonce": signed(nonce="another"),
        "no nonce": signed(nonce=None),
        "expired": signed(iat=1_600_000_000, exp=1_600_000_300),
        "from the future": signed(iat=4_000_000_000, exp=4_000_000_300),
        "no expiry": signed(exp=None),
        "deployment": signed(**{CLAIM + "deployment_id": "d9"}),
        "version": signed(**{CLAIM + "version": "1.1"}),
        "message type": signed(**{CLAIM + "message_type": "LtiSubmissionReviewRequest"}),
        "no subject": signed(sub=None),
        "target elsewhere": signed(**{CLAIM + "target_link_uri": "https://elsewhere.example/"}),
        "target that looks like us": signed(**{CLAIM + "target_link_uri": f"{SITE}.elsewhere.example/"}),
        "no resource link": signed(**{CLAIM + "resource_link": None}),
        "another key": peer.sign(good, key=peer.other_key),
        "unknown key": peer.sign(good, kid="k2"),
        "alg none": peer.sign(good, key=None, alg="none"),
        "HS256 with the public key's name": peer.sign(good, key="k" * 64, alg="HS256"),
        "no token": "",
        "half a token": signed()[:-20],
    }


def test_what_is_wrong_is_not_let_in(town: Town, administrator: ClientRequest, peer: Peer) -> None:
    register_platform(administrator, peer)
    visitor = town.browser()
    let_in = []
    for name in wrong_launches(peer, ""):
        asked = begin(visitor, peer)
        answer = come_back(visitor, asked["state"], wrong_launches(peer, asked["nonce"])[name])
        if answer.status_code < 400 or answer.status_code >= 500:
            let_in.append(f"{name}: {answer.status_code}")
    assert let_in == []


def test_a_launch_counts_once_and_for_its_own_state(town: Town, administrator: ClientRequest, peer: Peer) -> None:
    register_platform(administrator, peer)
    visitor = town.browser()
    first, second = begin(visitor, peer), begin(visitor, peer)
    token = peer.sign(launch_claims(peer, first["nonce"], SITE))
    assert come_back(visitor, second["state"], token).status_code == 400
    assert come_back(visitor, "made-up", token).status_code == 400
    assert come_back(visitor, first["state"], token).status_code == 303
    assert come_back(visitor, first["state"], token).status_code == 400


def test_a_launch_belongs_to_the_browser_that_began_it(town: Town, administrator: ClientRequest, peer: Peer) -> None:
    register_platform(administrator, peer)
    visitor, other = town.browser(), town.browser()
    begin(other, peer)
    address = arrive(visitor, peer)
    assert other.client.get(address).status_code == 400
    assert town.browser().client.get(address).status_code == 400
    assert visitor.get(address).status == 200


def test_a_platform_that_is_not_connected_any_more_is_refused(
    town: Town, administrator: ClientRequest, peer: Peer
) -> None:
    register_platform(administrator, peer)
    visitor = town.browser()
    asked = begin(visitor, peer)
    page = administrator.get(administrator.get("/institution/own/connections").link("停止对接"))
    assert administrator.submit(page).status == 303
    token = peer.sign(launch_claims(peer, asked["nonce"], SITE))
    assert come_back(visitor, asked["state"], token).status_code == 400
    unknown = {"iss": peer.origin, "login_hint": "h", "target_link_uri": f"{SITE}/library"}
    assert visitor.client.get("/lti/login", query_string=unknown).status_code == 400


def test_courses_are_chosen_for_a_platform(town: Town, administrator: ClientRequest, peer: Peer) -> None:
    register_platform(administrator, peer)
    visitor = town.browser()
    settings = {"deep_link_return_url": f"{peer.origin}/back", "accept_multiple": True, "data": "opaque"}
    kind = {CLAIM + "message_type": "LtiDeepLinkingRequest", DEEP + "deep_linking_settings": settings}
    page = visitor.get(arrive(visitor, peer, **kind, **{CLAIM + "resource_link": None}))
    box = next(e for e in page.tree.iter("input") if e.attrib.get("name") == "chosen")
    course = box.attrib["value"]
    token = page.html.split('name="csrf_token" value="')[1].split('"')[0]
    address = next(f for f in page.forms() if "choose" in f.attrib["action"]).attrib["action"]
    answer = visitor.client.post(address, data={"csrf_token": token, "chosen": [course, "no/such"]})
    assert answer.status_code == 200
    assert f"form-action 'self' {peer.origin};" in answer.headers["Content-Security-Policy"]
    assert f'action="{peer.origin}/back"' in answer.text
    signed = answer.text.split('name="JWT" value="')[1].split('"')[0]
    keys = {k["kid"]: k for k in visitor.client.get("/lti/jwks.json").get_json()["keys"]}
    key = RSAAlgorithm.from_jwk(json.dumps(keys[jwt.get_unverified_header(signed)["kid"]]))
    claims = jwt.decode(signed, key, ["RS256"], audience=peer.origin, issuer="client-7")  # type: ignore[arg-type]
    assert (claims[DEEP + "data"], claims[CLAIM + "deployment_id"]) == ("opaque", "d1")
    assert [item["url"] for item in claims[DEEP + "content_items"]] == [f"{SITE}/library/{course}"]
    assert "d" not in keys


def test_a_login_with_what_no_database_takes_is_refused(client_request: ClientRequest) -> None:
    asked = "/lti/login?login_hint=h&target_link_uri=t&iss="
    assert client_request.client.get(f"{asked}https://peer.example%00").status_code == 400


@pytest.mark.parametrize("back", ["javascript:alert(1)", "https://peer.example;script-src", "/x"])
def test_a_choice_goes_back_to_a_plain_address_only(
    town: Town, administrator: ClientRequest, peer: Peer, back: str
) -> None:
    register_platform(administrator, peer)
    visitor = town.browser()
    settings = {"deep_link_return_url": back}
    kind = {CLAIM + "message_type": "LtiDeepLinkingRequest", DEEP + "deep_linking_settings": settings}
    page = visitor.get(arrive(visitor, peer, **kind, **{CLAIM + "resource_link": None}))
    address = next(f for f in page.forms() if "choose" in f.attrib["action"]).attrib["action"]
    token = page.html.split('name="csrf_token" value="')[1].split('"')[0]
    assert visitor.client.post(address, data={"csrf_token": token, "chosen": "x"}).status_code == 400


def first_course(town: Town) -> str:
    """A course of the library."""
    return next(iter(town.app.extensions["evergreen_library"].current().library.courses))


def test_a_learner_sends_the_own_result_back(town: Town, administrator: ClientRequest, peer: Peer) -> None:
    register_platform(administrator, peer)
    learner = town.browser(town.learner().person_id)
    target = {CLAIM + "target_link_uri": f"{SITE}/library/{first_course(town)}"}
    address = arrive(learner, peer, **target)
    page = learner.get(address)
    assert not peer.posted
    answer = learner.submit(page)
    assert answer.status == 303
    assert "已告诉“企业内训”" in learner.get(address).text
    (token_path, _h, token_body), (score_path, headers, body) = peer.posted
    assert (token_path, score_path) == ("/token", "/items/3/scores")
    assert headers["Authorization"] == "Bearer t0ken"
    score = json.loads(body)
    assert (score["userId"], score["scoreGiven"], score["gradingProgress"]) == ("user-17", 0.0, "FullyGraded")
    assert score["scoreMaximum"] >= 1
    asked = query_of(f"x:?{token_body.decode()}")
    assertion = jwt.decode(asked["client_assertion"], options={"verify_signature": False})
    assert (assertion["iss"], assertion["aud"], asked["scope"]) == ("client-7", f"{peer.origin}/token", SCORE)


@pytest.mark.parametrize("lineitem", ["http://127.0.0.1:9/items", "http://169.254.169.254/latest"])
def test_a_result_goes_to_no_address_that_was_not_registered(
    town: Town, administrator: ClientRequest, peer: Peer, lineitem: str
) -> None:
    register_platform(administrator, peer)
    learner = town.browser(town.learner().person_id)
    target = {CLAIM + "target_link_uri": f"{SITE}/library/{first_course(town)}"}
    address = arrive(learner, peer, **target, **{AGS: {"scope": [SCORE], "lineitem": lineitem}})
    assert learner.submit(learner.get(address)).status == 303
    assert "没有登记的地方" in learner.get(address).text
    assert not peer.posted


# We are the platform


def open_tool(learner: ClientRequest, tool: UUID) -> dict[str, str]:
    """Agree to a tool and set out; what the tool is told."""
    page = learner.get(f"/connect/tools/{tool}")
    if "同意并继续" in page.text:
        assert learner.submit(page).status == 303
    answer = learner.client.get(f"/connect/tools/{tool}/start")
    assert answer.status_code == 303
    return query_of(answer.headers["Location"])


def ask(learner: ClientRequest, peer: Peer, told: dict[str, str], **changes: str) -> Any:
    """The tool's authentication request, in the learner's browser."""
    given = {
        "scope": "openid", "response_type": "id_token", "response_mode": "form_post", "prompt": "none",
        "client_id": told["client_id"], "redirect_uri": f"{peer.origin}/launch", "login_hint": told["login_hint"],
        "state": "s", "nonce": "n1",
    }  # fmt: skip
    return learner.client.get("/lti/authorize", query_string={**given, **changes})


def token_of(app: Flask, peer: Peer, tool: UUID, assertion: str, **changes: str) -> Any:
    """The tool asks for a bearer token."""
    data = {
        "grant_type": "client_credentials", "client_assertion": assertion, "scope": SCORE,
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    }  # fmt: skip
    return app.test_client().post("/lti/token", data={**data, **changes})


def subject_of(learner: ClientRequest, peer: Peer, tool: UUID) -> str:
    """The pseudonym that the tool learns; checks the launch on the way."""
    told = open_tool(learner, tool)
    assert told["iss"] == SITE
    answer = ask(learner, peer, told)
    assert answer.status_code == 200, answer.text
    assert f"form-action 'self' {peer.origin};" in answer.headers["Content-Security-Policy"]
    signed = answer.text.split('name="id_token" value="')[1].split('"')[0]
    keys = learner.client.get("/lti/jwks.json").get_json()["keys"]
    key = RSAAlgorithm.from_jwk(json.dumps(keys[0]))
    claims = jwt.decode(signed, key, ["RS256"], audience=str(tool), issuer=SITE)  # type: ignore[arg-type]
    assert (claims["nonce"], claims[CLAIM + "version"]) == ("n1", "1.3.0")
    assert not set(claims) & {"name", "given_name", "family_name", "email", "picture"}
    assert "示例学员" not in json.dumps(claims, ensure_ascii=False)
    return str(claims["sub"])


def test_a_learner_opens_a_tool_under_a_pseudonym(town: Town, administrator: ClientRequest, peer: Peer) -> None:
    tool = register_tool(town, administrator, peer)
    first, second = (town.browser(town.learner().person_id) for _ in range(2))
    assert first.client.get(f"/connect/tools/{tool}/start").status_code == 403
    one, two = subject_of(first, peer, tool), subject_of(second, peer, tool)
    assert one != two
    assert subject_of(first, peer, tool) == one


def test_a_tool_gets_nothing_that_it_may_not(town: Town, administrator: ClientRequest, peer: Peer) -> None:
    tool = register_tool(town, administrator, peer)
    learner, other = (town.browser(town.learner().person_id) for _ in range(2))
    told = open_tool(learner, tool)
    wrong = [
        {"redirect_uri": "https://elsewhere.example/launch"}, {"redirect_uri": f"{peer.origin}/launch/"},
        {"response_type": "code"}, {"scope": "openid profile"}, {"response_mode": "query"}, {"prompt": "login"},
        {"nonce": ""}, {"state": ""}, {"client_id": "x"}, {"login_hint": "made-up"},
    ]  # fmt: skip
    assert [ask(learner, peer, told, **changes).status_code for changes in wrong] == [400] * len(wrong)
    assert ask(other, peer, told).status_code == 400  # another learner's ticket
    assert ask(town.browser(), peer, told).status_code == 303  # to sign in
    assert ask(learner, peer, told).status_code == 200
    assert ask(learner, peer, told).status_code == 400  # once


def score(subject: str, **changes: Any) -> dict[str, Any]:
    """A score as AGS has it."""
    return {
        "userId": subject, "scoreGiven": 8, "scoreMaximum": 10, "activityProgress": "Completed",
        "gradingProgress": "FullyGraded", "timestamp": "2026-11-20T10:00:00.000+08:00", **changes,
    }  # fmt: skip


def send(app: Flask, tool: UUID, token: str, body: object) -> Any:
    """The tool posts a score."""
    return app.test_client().post(
        f"/lti/lineitems/{tool}/scores", data=json.dumps(body), content_type="application/vnd.ims.lis.v1.score+json",
        headers={"Authorization": f"Bearer {token}"},
    )  # fmt: skip


def granted(app: Flask, peer: Peer, tool: UUID) -> str:
    """A bearer token of the tool."""
    answer = token_of(app, peer, tool, peer.sign(assertion_claims(str(tool), f"{SITE}/lti/token")))
    assert answer.status_code == 200, answer.text
    assert (answer.get_json()["token_type"], answer.headers["Cache-Control"]) == ("Bearer", "no-store")
    return str(answer.get_json()["access_token"])


def test_a_score_comes_back_and_is_kept_with_its_source(town: Town, administrator: ClientRequest, peer: Peer) -> None:
    tool = register_tool(town, administrator, peer)
    holder: Holder = town.learner()
    learner = town.browser(holder.person_id)
    subject = subject_of(learner, peer, tool)
    token = granted(town.app, peer, tool)
    assert send(town.app, tool, token, score(subject)).status_code == 204
    assert send(town.app, tool, token, score(subject)).status_code == 204
    with town.writing() as session:
        row = session.exec(select(ReceivedEvent)).one()
        assert (row.learner_id, row.source_kind, row.source_name, row.score) == (
            holder.learner_id,
            "lti",
            "口语练习",
            0.8,
        )
    page = learner.get("/connect")
    assert "得分 80%" in page.text
    assert "来自 口语练习" in page.text
    assert (
        send(town.app, tool, token, score(subject, timestamp="2026-11-19T10:00:00Z", scoreGiven=1)).status_code == 409
    )
    assert administrator.get("/institution/own/connections").status == 200


def test_scores_that_are_refused(town: Town, administrator: ClientRequest, peer: Peer) -> None:
    tool = register_tool(town, administrator, peer)
    learner = town.browser(town.learner().person_id)
    subject = subject_of(learner, peer, tool)
    token = granted(town.app, peer, tool)
    malformed: list[object] = [
        [], score(subject, timestamp="yesterday"), score(subject, scoreGiven=-1), score(subject, scoreMaximum=0),
        score(subject, scoreGiven=True), score(subject, gradingProgress="Done"), score(subject, activityProgress=None),
        score(subject, scoreGiven=10**400),
    ]  # fmt: skip
    assert [send(town.app, tool, token, body).status_code for body in malformed] == [400] * len(malformed)
    assert send(town.app, tool, "made-up", score(subject)).status_code == 401
    assert send(town.app, tool, token, score("urn:uuid:00000000-0000-0000-0000-000000000000")).status_code == 403
    page = learner.get(f"/connect/tools/{tool}/stop")
    assert learner.submit(page).status == 303
    assert send(town.app, tool, token, score(subject)).status_code == 403
    with town.writing() as session:
        assert session.exec(select(ReceivedEvent)).all() == []


def test_a_tool_must_prove_who_it_is(town: Town, administrator: ClientRequest, peer: Peer) -> None:
    tool = register_tool(town, administrator, peer)
    audience = f"{SITE}/lti/token"
    claims = assertion_claims(str(tool), audience)
    wrong = [
        peer.sign(claims, key=peer.other_key), peer.sign(claims, key=None, alg="none"), peer.sign(claims, kid="k2"),
        peer.sign({**claims, "aud": "https://elsewhere.example"}), peer.sign({**claims, "exp": 1_600_000_000}),
        peer.sign({**claims, "jti": None}), peer.sign({**claims, "sub": str(UUID(int=1))}), "x",
    ]  # fmt: skip
    assert [token_of(town.app, peer, tool, assertion).status_code for assertion in wrong] == [400] * len(wrong)
    good = peer.sign(claims)
    assert token_of(town.app, peer, tool, good, scope="openid").get_json()["error"] == "invalid_scope"
    assert token_of(town.app, peer, tool, good, grant_type="password").status_code == 400
    assert token_of(town.app, peer, tool, good).status_code == 200
    assert token_of(town.app, peer, tool, good).status_code == 400  # an assertion counts once


def test_registrations_are_looked_at(administrator: ClientRequest, peer: Peer) -> None:
    page = administrator.get("/institution/own/connections/tool/new")
    for address in ("ftp://x.example/", "https://user:pw@x.example/", "data:text/plain,x", "https://", "//x.example"):
        answer = fill(
            administrator, page, 422, name="x", purpose="y", login_url=address, jwks_url="https://x.example/k",
            launch_urls="https://x.example/l",
        )  # fmt: skip
        assert "这个地址不能用" in answer.text, address
    register_platform(administrator, peer)
    page = administrator.get("/institution/own/connections/platform/new")
    again = fill(
        administrator, page, 422, name="x", client_id="client-7", issuer=peer.origin, deployments="d",
        auth_url=peer.origin, token_url=peer.origin, jwks_url=peer.origin,
    )  # fmt: skip
    assert "已经对接过" in again.text


# What a learner takes along, and erases


def test_a_learner_takes_the_own_learning_along(town: Town) -> None:
    holder = town.learner()
    learner = town.browser(holder.person_id)
    course = town.app.extensions["evergreen_library"].current().library
    question = next(q for q in course.questions.values() if q.kind == "choice")
    now = datetime.now(UTC)
    with town.writing() as session:
        session.add(
            Answer(
                learner_id=holder.learner_id, id=uuid4(), number=1, client_key="k", question_id=question.id,
                item_id=question.item_id, skill_ids=list(question.skills), answered_at=now, outcome="right", score=1.0,
                weights_version="w",
            )
        )  # fmt: skip
    answer = learner.client.get("/connect/statements.json")
    (statement,) = answer.get_json()
    (received,), problems = read_statements(statement, uuid4)
    assert (problems, received.meaning, received.success, received.home_page) == ((), "answered", True, SITE)
    assert str(holder.learner_id) not in answer.text


def test_withdrawing_the_consent_erases_what_others_said(town: Town, administrator: ClientRequest, peer: Peer) -> None:
    tool = register_tool(town, administrator, peer)
    holder = town.learner()
    learner = town.browser(holder.person_id)
    subject = subject_of(learner, peer, tool)
    assert send(town.app, tool, granted(town.app, peer, tool), score(subject)).status_code == 204
    with town.writing() as session:
        personal_data.erase_learner(session, holder.learner_id)
        for table in personal_data.TABLES:
            assert session.exec(select(table).where(col(table.learner_id) == holder.learner_id)).all() == []  # type: ignore[attr-defined]
    assert "还没有" in learner.get("/connect").text


def test_every_table_with_a_learner_is_erased() -> None:
    own = {table for table in vars(tables).values() if hasattr(table, "__table__")}
    assert {table for table in own if "learner_id" in table.__table__.columns} == set(personal_data.TABLES)  # type: ignore[attr-defined]
