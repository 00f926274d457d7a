"""xAPI: events out, statements in."""
# ruff: noqa: E501 - rows of a table

from copy import deepcopy
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adaptive.content.model import Text
from adaptive.errors import InvalidInput
from adaptive.exchange.xapi import LearningEvent, Received, digest, read_statements, standing, statement_of

ORIGIN = "https://bank.example"
ID = UUID("01932f6e-0000-7000-8000-000000000001")
AT = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)
STATEMENT: dict[str, Any] = {
    "id": str(ID),
    "actor": {"name": "某人", "account": {"homePage": "https://lms.example", "name": "u-17"}},
    "verb": {"id": "http://adlnet.gov/expapi/verbs/passed", "display": {"en-US": "passed"}},
    "object": {"id": "https://lms.example/course/3", "definition": {"name": {"zh-CN": "消防安全"}}},
    "result": {"score": {"scaled": 0.9, "raw": 9, "min": 0, "max": 10}, "completion": True, "duration": "PT4M30.5S"},
    "timestamp": "2026-11-20T10:00:00+08:00",
    "context": {"registration": str(ID), "platform": "LMS"},
}


def new_id() -> UUID:
    """An id for a statement that has none."""
    return UUID("01932f6e-0000-7000-8000-0000000000ff")


def changed(path: str, value: object) -> dict[str, Any]:
    """The statement with one value changed; None takes it out."""
    found = deepcopy(STATEMENT)
    place = found
    *folders, last = path.split(".")
    for name in folders:
        place = place.setdefault(name, {})
    if value is None:
        del place[last]
    else:
        place[last] = value
    return found


kinds = st.sampled_from(["answered", "experienced", "mastered", "completed"])
events = st.builds(
    LearningEvent, st.uuids(), kinds, st.uuids().map(lambda u: u.urn), st.sampled_from(["a/b", "a/b#c", "phone.call"]),
    st.builds(Text, st.text(min_size=1), st.none() | st.text(min_size=1)), st.datetimes(timezones=st.just(UTC)),
    st.none() | st.booleans(), st.none() | st.floats(0, 1), st.none() | st.just("easy"), st.none() | st.integers(0, 3),
    st.none() | st.just("a"),
)  # fmt: skip


@given(events)
def test_every_event_goes_out_as_a_statement_that_comes_in_again(event: LearningEvent) -> None:
    statement = statement_of(event, ORIGIN)
    (received,), problems = read_statements(statement, new_id)
    assert problems == ()
    assert (received.id, received.meaning, received.account) == (event.id, event.kind, event.learner)
    assert (received.success, received.score) == (event.success, event.score)
    assert received.at is not None
    assert abs((received.at - event.at).total_seconds()) < 0.001
    assert received.home_page == ORIGIN
    assert not set(statement["actor"]) & {"name", "mbox", "openid"}


def test_an_outcome_of_another_platform() -> None:
    (received,), problems = read_statements([STATEMENT], new_id)
    assert problems == ()
    assert (received.meaning, received.success, received.score, received.completion) == ("outcome", True, 0.9, True)
    assert (received.name, received.account, received.home_page) == ("消防安全", "u-17", "https://lms.example")
    assert received.at == datetime(2026, 11, 20, 2, tzinfo=UTC)
    assert "某人" not in str(received.statement)


@pytest.mark.parametrize(
    ("path", "value", "rule"),
    [
        ("id", "1", "uuid"), ("actor", None, "missing"), ("verb.id", "passed", "iri"), ("verb.display", {"?": "x"}, "language_map"),
        ("object", None, "missing"), ("object.id", "3", "iri"), ("object.objectType", "Thing", "object_type"),
        ("result.score.scaled", 1.5, "scaled"), ("result.score.raw", 11, "raw"), ("result.score.max", 0, "raw"),
        ("result.score.scaled", True, "number"), ("result.success", "yes", "truth"), ("result.duration", "4 min", "duration"),
        ("result.extensions", {"x": 1}, "iri_keys"), ("timestamp", "2026-11-20", "timestamp"),
        ("timestamp", "2026-11-20T10:00:00-00:00", "timestamp"), ("version", "3.0", "version"), ("extra", 1, "unknown"),
        ("actor.mbox", "mailto:a@example.org", "one_identifier"), ("actor.account.homePage", "x", "account"),
        ("context.registration", "x", "uuid"), ("context.language", "x", "language"), ("attachments", [{}], "attachment"),
        ("verb.id", "http://adlnet.gov/expapi/verbs/voided", "voids_statement"),
        ("context.contextActivities", {"parent": [{"id": "x"}]}, "iri"),
    ],
)  # fmt: skip
def test_a_broken_rule_is_named_and_nothing_is_taken(path: str, value: object, rule: str) -> None:
    received, problems = read_statements([changed(path, value)], new_id)
    assert received == ()
    assert rule in {p.parameters["rule"] for p in problems}
    assert {p.place.split(".")[0] for p in problems} == {"0"}


def test_null_is_nowhere_allowed() -> None:
    assert [p.parameters["rule"] for p in read_statements(STATEMENT | {"result": None}, new_id)[1]][:1] == ["null"]


@pytest.mark.parametrize("actor", [{"mbox": "mailto:a@example.org"}, {"objectType": "Group", "member": []}])
def test_an_actor_who_is_no_account_is_refused(actor: dict[str, Any]) -> None:
    received, problems = read_statements(STATEMENT | {"actor": actor}, new_id)
    assert (received, [p.code for p in problems]) == ((), ["xapi_actor"])


def test_the_same_statement_has_the_same_digest_whatever_a_store_adds() -> None:
    again = STATEMENT | {"stored": "2026-11-22T00:00:00Z", "version": "1.0.3", "id": str(new_id())}
    assert digest(again) == digest(STATEMENT)
    assert digest(changed("result.score.scaled", 0.8)) != digest(STATEMENT)


def _void(target: UUID, id: UUID) -> Received:
    statement = {
        "id": str(id),
        "actor": STATEMENT["actor"],
        "verb": {"id": "http://adlnet.gov/expapi/verbs/voided"},
        "object": {"objectType": "StatementRef", "id": str(target)},
    }
    (found,), problems = read_statements(statement, new_id)
    assert problems == ()
    return found


def test_what_was_taken_back_does_not_stand_and_a_voiding_cannot_be_voided() -> None:
    (first,), _ = read_statements(STATEMENT, new_id)
    one, two = UUID(int=1), UUID(int=2)
    assert standing([first]) == (first,)
    assert standing([first, _void(first.id, one)]) == ()
    assert standing([first, _void(first.id, one), _void(one, two)]) == ()


@pytest.mark.parametrize("body", ["x", 3, [3], None])
def test_another_body_is_refused(body: object) -> None:
    with pytest.raises(InvalidInput, match="xapi_body"):
        read_statements(body, new_id)


def test_a_batch_has_an_end_and_no_id_twice() -> None:
    with pytest.raises(InvalidInput, match="xapi_batch"):
        read_statements([STATEMENT] * 501, new_id)
    assert [p.code for p in read_statements([STATEMENT, STATEMENT], new_id)[1]] == ["xapi_twice"]


@given(st.recursive(st.none() | st.booleans() | st.floats() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(
    st.sampled_from(["id", "actor", "verb", "object", "result", "context", "account", "member", "score", "objectType"]), inner
), max_leaves=20))  # fmt: skip
def test_whatever_comes_is_taken_or_refused(body: object) -> None:
    try:
        received, problems = read_statements(body, new_id)
    except InvalidInput:
        return
    assert received or problems or body == []
