"""The template's canonical form equals PyLD's, byte for byte."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from credit_bank.credential import template
from credit_bank.credential.canonical import canonical_rdf
from credit_bank.credential.compose import compose
from credit_bank.credential.model import Award, StatusEntry
from credit_bank.credential.template import canonical_quads
from credit_bank.errors import InvalidInput
from tests.credit_bank.credential.worlds import AWARD, ISSUED, ISSUER, LIST, SPEC, unsigned

TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=20) | st.sampled_from(
    ['"\\', "a\nb\tc\r", "\u2028\u0085é", "\ue0000\ue001", "urn:x-evergreen-slot:1\ue001", "😀", "-1", "1E3"]
)
TEXT = TEXT.filter(lambda text: text.strip() != "")
UUIDS = st.uuids().map(lambda value: value.urn)
INSTANTS = st.integers(-631_152_000, 3_786_912_000).map(lambda second: datetime.fromtimestamp(second, UTC))


@st.composite
def awards(draw: st.DrawFn) -> Award:
    start = draw(INSTANTS)
    return Award(
        subject_id=draw(UUIDS),
        awarded=draw(INSTANTS),
        valid_from=start,
        valid_until=draw(st.none() | st.just(start + timedelta(days=400))),
        credits_earned=draw(st.sampled_from([None, "0.05", "2.5", "3", "120.35"])),
        grade=draw(st.none() | TEXT),
        term=draw(st.none() | TEXT),
        activity_start=draw(st.none() | st.dates(date(1990, 1, 1))),
    )


@given(award=awards(), credential=UUIDS, index=st.integers(0, 10**9), name=st.sampled_from(["太极", "x\ue001y", "a b"]))
@settings(max_examples=150, deadline=None)
def test_the_template_says_what_pyld_says(award: Award, credential: str, index: int, name: str) -> None:
    document = compose(credential, ISSUER, replace(SPEC, name=name), award, StatusEntry(f"{LIST}/revocation", index))
    expected = canonical_rdf(document)
    assert canonical_quads(document) == expected
    assert canonical_quads(document) == expected  # the second time from the template, even where the first made it


CHANGES: list[dict[str, Any]] = [
    {"id": "_:b0"},
    {"id": "urn:uuid:x y"},
    {"validFrom": 5},
    {"validFrom": None},
    {"validFrom": ["2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"]},
    {"validFrom": "\x01"},
    {"credentialSubject": [{"id": "urn:uuid:a"}, {"id": "urn:uuid:b"}]},
    {"credentialSubject": {"type": ["AchievementSubject"]}},
    {"credentialStatus": None},
    {"credentialSchema": [{"type": "1EdTechJsonSchemaValidator2019"}]},
    {"credentialStatus": {"id": "relative", "type": "BitstringStatusListEntry"}},
    {"@context": "https://www.w3.org/ns/credentials/v2"},
    {"@context": ["https://www.w3.org/ns/credentials/v2", {"@vocab": "urn:v:"}]},
    {"issuer": {"@context": {"urn": "https://x.example/"}, "id": "urn:uuid:c", "type": ["Profile"]}},
    {"id": unsigned()["credentialSubject"]["id"]},
    {"extra": 1},
]


@pytest.mark.parametrize("change", CHANGES)
def test_what_does_not_fit_goes_to_pyld(change: dict[str, Any]) -> None:
    document = {**unsigned(), **change}
    for _ in range(2):
        assert outcome(canonical_quads, document) == outcome(canonical_rdf, document)


def outcome(function: Any, document: dict[str, Any]) -> str:
    try:
        return str(function(document))
    except InvalidInput as problem:
        return f"{problem.code} {problem.parameters}"


def test_templates_are_bounded() -> None:
    for number in range(template.MAX_TEMPLATES + 20):
        template._templates[str(number).encode()] = None
    canonical_quads({**unsigned(), "name": "one more"})
    assert len(template._templates) == template.MAX_TEMPLATES


def test_two_results_on_one_node() -> None:
    document = compose(unsigned()["id"], ISSUER, SPEC, replace(AWARD, awarded=ISSUED), None)
    results = document["credentialSubject"]["result"]  # type: ignore[index]
    results[1]["id"] = results[0]["id"]
    results[1]["value"] = results[0]["value"]
    assert canonical_quads(document) == canonical_rdf(document)
