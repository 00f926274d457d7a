"""Canonical forms: nothing is lost in silence, nothing can forge a line, poison graphs end soon."""

import json
import time
from pathlib import Path
from typing import Any

import pyoxigraph
import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st

from credit_bank.credential import contexts
from credit_bank.credential.canonical import canonical_json, canonical_rdf
from credit_bank.credential.compose import CONTEXTS, VC_CONTEXT
from credit_bank.errors import InvalidInput
from tests.credit_bank.credential.worlds import unsigned

EXAMPLES = "https://www.w3.org/ns/credentials/examples/v2"
SHARED = Path(__file__).parents[4] / "shared" / "data"


def document(**claims: Any) -> dict[str, Any]:
    return {
        "@context": [VC_CONTEXT, EXAMPLES],
        "id": "urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33",
        "type": ["VerifiableCredential"],
        "issuer": "https://vc.example/issuers/5678",
        "credentialSubject": {"id": "did:example:abcdefgh", **claims},
    }


def refusal(value: dict[str, Any]) -> str:
    with pytest.raises(InvalidInput) as caught:
        canonical_rdf(value)
    return caught.value.code


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"@context": list(CONTEXTS), "unheardOf": 1}, "canonical.term_undefined"),
        ({"@context": list(CONTEXTS), "type": ["VerifiableCredential", "UnheardOf"]}, "canonical.iri_relative"),
        ({"id": "relative"}, "canonical.iri_relative"),
        ({"id": "../up"}, "canonical.iri_relative"),
        ({"id": ""}, "canonical.iri_relative"),
        ({"issuer": "someone"}, "canonical.iri_relative"),
        ({"@context": [VC_CONTEXT, "https://example.org/unknown"]}, "context.unknown"),
        ({"@context": [VC_CONTEXT, 5]}, "canonical.json_ld"),
        ({"@context": [VC_CONTEXT, {"VerifiableCredential": "urn:x:y"}]}, "canonical.json_ld"),
        ({"id": "urn:x:y> <urn:p> <urn:o> .\n<urn:s"}, "canonical.iri_relative"),
        ({"id": 'urn:x:"y"'}, "canonical.iri_malformed"),
        ({"id": "urn:x:y z"}, "canonical.iri_relative"),
    ],
)
def test_what_would_be_lost_or_forged_is_refused(change: dict[str, Any], code: str) -> None:
    assert refusal({**document(), **change}) in {code, "canonical.iri_malformed"}


def test_nothing_at_all() -> None:
    assert refusal({"@context": [VC_CONTEXT]}) == "canonical.empty"
    assert refusal({}) == "canonical.empty"


def test_text_direction_is_signed() -> None:
    value = {"@value": "שלום", "@language": "he", "@direction": "rtl"}
    assert '"שלום"^^<https://www.w3.org/ns/i18n#he_rtl>' in canonical_rdf({**document(), "name": value})


def test_a_language_tag_cannot_forge_a_line() -> None:
    value = {"@value": "x", "@language": "en> .\n<urn:s> <urn:p> <urn:o> .\n"}
    assert refusal({**document(), "name": value}) in {"canonical.language_malformed", "canonical.json_ld"}


def test_line_separators_in_a_literal_end_no_line() -> None:
    text = canonical_rdf({**document(), "name": "a\u2028b\u0085c\nd"})
    assert '"a\u2028b\u0085c\\nd"' in text
    assert text.count("\n") == len(text.split("\n")) - 1 == 4


def test_control_characters_are_escaped_as_rdfc_says() -> None:
    text = canonical_rdf({**document(), "name": "\x00\x08\x0c\x1f\x7f\t"})
    assert '"\\u0000\\b\\f\\u001F\\u007F\\t"' in text
    blank = {**document(), "name": "\x01", "evidence": {"type": "Thing", "name": "x"}}
    assert refusal(blank) == "canonical.control_character"


def test_the_same_quad_written_twice_stands_once() -> None:
    twice = {**document(), "urn:x:p": [3, {"@value": "3", "@type": "http://www.w3.org/2001/XMLSchema#integer"}]}
    assert canonical_rdf(twice).count("<urn:x:p>") == 1


def poison(count: int) -> dict[str, Any]:
    nodes = [{"@id": f"_:n{i}", "urn:x:p": [{"@id": f"_:n{j}"} for j in range(count) if j != i]} for i in range(count)]
    return {"@context": [VC_CONTEXT], "@graph": nodes}


@pytest.mark.parametrize("count", [9, 30, 90, 300])
def test_poison_graphs_end_soon(count: int) -> None:
    began = time.process_time()
    assert refusal(poison(count)) == "canonical.too_complex"
    assert time.process_time() - began < 5


def test_long_lists_end_soon() -> None:
    began = time.process_time()
    assert refusal({**document(), "name": [f"n{i}" for i in range(9000)]}) == "canonical.too_complex"
    assert canonical_rdf({**document(), "name": [f"n{i}" for i in range(500)]}).count("\n") == 503
    assert time.process_time() - began < 5


def test_a_small_symmetric_graph_still_works() -> None:
    assert canonical_rdf(poison(3)).count("\n") == 6


@given(name=st.text(st.characters(exclude_categories=["Cs"]), max_size=30), value=st.text(max_size=10))
@settings(max_examples=60, deadline=None)
def test_another_implementation_agrees(name: str, value: str) -> None:
    """Without blank nodes a canonical form is the N-Quads sorted, so a parser that reads it must write it alike."""
    text = canonical_rdf({**document(alumniOf=value), "name": name})
    dataset = pyoxigraph.Dataset(pyoxigraph.parse(text.encode(), format=pyoxigraph.RdfFormat.N_QUADS))
    dataset.canonicalize(pyoxigraph.CanonicalizationAlgorithm.RDFC_1_0)
    values = sorted(quad.object.value for quad in dataset if isinstance(quad.object, pyoxigraph.Literal))
    assert values == sorted({name, value}) or name == value
    assert text == canonical_rdf(json.loads(json.dumps({**document(alumniOf=value), "name": name})))


def test_bundled_contexts_are_byte_for_byte() -> None:
    listed = {context.sha256 for context in contexts.manifest()}
    assert {"59955ced6697d61e03f2b2556febe5308ab16842846f5b586d7f1f7adec92734"} <= listed
    for context in contexts.manifest():
        if context.current:
            assert contexts.load(context.url)["@context"]
    with pytest.raises(InvalidInput, match=r"context\.unknown"):
        contexts.load("http://127.0.0.1:1/x")


def test_no_bundled_context_has_another_name_for_what_a_verifier_looks_at() -> None:
    """Or a claim could be hidden behind that name: see ``securing.profile``."""
    watched = ("validUntil", "validFrom", "credentialStatus", "credentialSubject", "issuer")

    def names(value: Any) -> list[tuple[str, str]]:
        found = []
        if isinstance(value, dict):
            for key, item in value.items():
                target = item.get("@id") if isinstance(item, dict) else item
                if isinstance(target, str):
                    found.append((key, target.replace("cred:", "https://www.w3.org/2018/credentials#")))
                found += names(item)
        elif isinstance(value, list):
            for item in value:
                found += names(item)
        return found

    for context in contexts.manifest():
        if context.current:
            for name, target in names(contexts.load(context.url)):
                for claim in watched if not name.startswith("@") else ():
                    assert target != f"https://www.w3.org/2018/credentials#{claim}" or name == claim, context.url
                assert name not in {"urn", "did", "http", "https"}, context.url


def test_jcs_facts() -> None:
    value = {"b": [1.0, 1e21, 0.002, "\u20ac\n"], "a": None}
    assert canonical_json(value) == '{"a":null,"b":[1,1e+21,0.002,"€\\n"]}'.encode()
    with pytest.raises(InvalidInput, match=r"canonical\.json"):
        canonical_json({"a": 2**60})


FLOATS = st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(2**60), 2**60).map(float)
FLOATS |= st.tuples(st.integers(-(10**9), 10**9), st.integers(0, 9)).map(lambda pair: pair[0] / 10 ** pair[1])
ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=8) | st.sampled_from(
    ["\u2028", "\x7f", "\x00\x1f", "😀"]
)
LEAVES = st.none() | st.booleans() | st.integers(-(2**54), 2**54) | FLOATS | ANY_TEXT
JSON = st.recursive(LEAVES, lambda v: st.lists(v, max_size=4) | st.dictionaries(ANY_TEXT, v, max_size=5), max_leaves=12)


@given(JSON)
@settings(max_examples=500, deadline=None)
def test_the_fast_way_writes_what_rfc8785_writes(value: Any) -> None:
    try:
        expected = rfc8785.dumps(value)
    except rfc8785.CanonicalizationError:
        with pytest.raises(InvalidInput, match=r"canonical\.json"):
            canonical_json(value)
    else:
        assert canonical_json(value) == expected


@pytest.mark.skipif(not SHARED.is_dir(), reason="../shared/data is absent")
def test_jcs_vectors() -> None:
    for file in sorted((SHARED / "vectors/jcs/input").glob("*.json")):
        expected = (SHARED / "vectors/jcs/output" / file.name).read_bytes()
        assert canonical_json(json.loads(file.read_bytes())) == expected.rstrip(b"\n"), file.name


def test_no_blank_nodes_in_what_this_bank_composes() -> None:
    assert "_:" not in canonical_rdf(unsigned())
