"""What this bank issues: valid by the official schema, nothing personal, nothing unsaid."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit_bank.credential.canonical import canonical_rdf
from credit_bank.credential.compose import compose, number, plain_number
from credit_bank.credential.model import EvidenceNote, StatusEntry
from credit_bank.credential.schema import is_valid, schema_problems
from credit_bank.credential.summary import summary
from credit_bank.credential.template import canonical_quads
from credit_bank.errors import InvalidInput
from credit_bank.recognition.framework import Category
from tests.credit_bank.credential.worlds import AWARD, CREDENTIAL_ID, DID, ISSUER, LIST, SPEC, unsigned, world


def test_the_official_schema_finds_nothing() -> None:
    assert schema_problems(world().credential) == []
    bare = replace(SPEC, human_code=None, field_of_study=None, language=None, level_code=None, credits=None, hours=None)
    least = replace(AWARD, grade=None, term=None, valid_until=None)
    assert schema_problems(compose(CREDENTIAL_ID, ISSUER, bare, least, None)) == []


def test_every_node_has_an_id() -> None:
    def look(value: Any) -> None:
        if isinstance(value, dict):
            assert "id" in value
            for item in value.values():
                look(item)
        elif isinstance(value, list):
            for item in value:
                look(item)

    look(unsigned())


def test_evidence_is_signed_with_the_rest() -> None:
    note = EvidenceNote("作答证据", "十二项能力各答对两道不同的题，跨两天。规则 sha256:00ff。")
    document = compose(CREDENTIAL_ID, ISSUER, SPEC, replace(AWARD, evidence=note), StatusEntry(LIST, 7))
    assert document["evidence"] == [
        {"id": f"{CREDENTIAL_ID}#evidence", "type": ["Evidence"], "name": note.name, "narrative": note.narrative}
    ]
    assert schema_problems(document) == []
    quads = canonical_rdf(document)
    assert note.narrative in quads and "_:" not in quads
    assert canonical_quads(document) == quads


@pytest.mark.parametrize("note", [EvidenceNote("", "x"), EvidenceNote("x", " "), EvidenceNote("x", "a\x00")])
def test_evidence_without_words_is_refused(note: EvidenceNote) -> None:
    with pytest.raises(InvalidInput):
        compose(CREDENTIAL_ID, ISSUER, SPEC, replace(AWARD, evidence=note), None)


def test_the_summary_says_what_was_composed() -> None:
    facts = summary(world().credential)
    assert facts["title"] == "智能手机入门"
    assert facts["issuer_id"] == DID
    assert (facts["category"], facts["credits"], facts["level_code"]) == ("other", "2.5", "2")
    assert (facts["hours"], facts["hour_kind"], facts["grade"], facts["term"]) == ("45", "contact", "优秀", "2026 春")
    notional = compose(CREDENTIAL_ID, ISSUER, replace(SPEC, hours="25.5", hour_kind="notional"), AWARD, None)
    assert (summary(notional)["hours"], summary(notional)["hour_kind"]) == ("25.5", "notional")


@pytest.mark.parametrize("category", list(Category))
def test_each_category(category: Category) -> None:
    assert (
        summary(compose(CREDENTIAL_ID, ISSUER, replace(SPEC, category=category), AWARD, None))["category"] == category
    )


@given(st.recursive(st.none() | st.text() | st.integers(), lambda v: st.lists(v) | st.dictionaries(st.text(), v)))
def test_a_summary_of_anything(value: Any) -> None:
    for name in ("credentialSubject", "issuer", "name"):
        summary({name: value})
    summary({"credentialSubject": {"achievement": value, "result": value}})
    summary(
        {"credentialSubject": {"achievement": {"alignment": value, "resultDescription": [value]}, "result": [value]}}
    )


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"name": "   "}, "credential.text_empty"),
        ({"name": "a\x00b"}, "credential.text_control_character"),
        ({"name": "a\ud800b"}, "credential.text_control_character"),
        ({"id": "https://x.example/1"}, "credential.id_malformed"),
        ({"framework_url": "frameworks/1"}, "credential.iri_malformed"),
        ({"level_code": "5 > x"}, "credential.iri_malformed"),
        ({"credits": "two"}, "credential.number_malformed"),
        ({"credits": "-1"}, "credential.number_malformed"),
        ({"credits": "NaN"}, "credential.number_malformed"),
        ({"hours": "1e9"}, "credential.number_malformed"),
        ({"hours": "0.0000001"}, "credential.number_malformed"),
    ],
)
def test_what_cannot_be_composed(change: dict[str, Any], code: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        compose(CREDENTIAL_ID, ISSUER, replace(SPEC, **change), AWARD, None)
    assert caught.value.code == code


def test_awards_that_make_no_sense() -> None:
    naive = datetime(2026, 1, 1)  # noqa: DTZ001
    for change, code in [
        ({"valid_from": naive}, "credential.instant_without_offset"),
        ({"valid_until": datetime(2020, 1, 1, tzinfo=UTC)}, "credential.validity_reversed"),
        ({"subject_id": "urn:uuid:x"}, "credential.id_malformed"),
    ]:
        with pytest.raises(InvalidInput) as caught:
            compose(CREDENTIAL_ID, ISSUER, SPEC, replace(AWARD, **{"valid_until": None, **change}), None)
        assert caught.value.code == code
    with pytest.raises(InvalidInput, match=r"credential\.number_malformed"):
        compose(CREDENTIAL_ID, ISSUER, SPEC, AWARD, StatusEntry(f"{LIST}/revocation", -1))


@given(st.integers(0, 20_000_000))
def test_credits_in_the_smallest_step_stay_exact(steps: int) -> None:
    text = f"{steps // 20}.{steps % 20 * 5:02}"
    assert number(text, "credits") == pytest.approx(steps / 20, abs=0)
    assert json.loads(json.dumps(number(text, "credits"))) * 20 == pytest.approx(steps)
    assert plain_number(text, "credits") == plain_number(plain_number(text, "credits"), "credits")


def test_the_schema_check_names_places() -> None:
    broken = {**world().credential, "awardedDate": "yesterday"}
    assert schema_problems(broken) == [("/awardedDate", "format")]
    assert not is_valid({})
    assert len(schema_problems({})) >= 1
