"""Data Integrity proofs against the W3C's own vectors, and what must not verify."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from credit_bank.credential.canonical import canonical_rdf
from credit_bank.credential.compose import CONTEXTS, VC_CONTEXT
from credit_bank.credential.contexts import manifest
from credit_bank.credential.instant import parse_instant
from credit_bank.credential.securing import hashing
from credit_bank.credential.securing.cryptosuite import SUITES, SuiteName
from credit_bank.credential.securing.data_integrity import add_proof, verify_proofs
from credit_bank.errors import InvalidInput
from credit_bank.key import multikey
from credit_bank.key.curve import PrivateKey
from credit_bank.key.keyring import SigningKey
from credit_bank.key.trust import key_resolver
from credit_bank.report import Outcome
from tests.credit_bank.credential.worlds import ISSUED, KEY, unsigned

SHARED = Path(__file__).parents[4] / "shared" / "data" / "vectors"
RDFC, JCS = SUITES["eddsa-rdfc-2022"], SUITES["eddsa-jcs-2022"]
EXAMPLES = [VC_CONTEXT, "https://www.w3.org/ns/credentials/examples/v2"]

# Facts of the W3C Recommendation "Data Integrity EdDSA Cryptosuites v1.0", appendix B.
PUBLIC = "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"
PRIVATE = "z3u2en7t5LR2WtQH5PfFqMqwVHBeXouLzo6haApm8XHqvjxq"
ALUMNI: dict[str, Any] = {
    "@context": EXAMPLES,
    "id": "urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33",
    "type": ["VerifiableCredential", "AlumniCredential"],
    "name": "Alumni Credential",
    "description": "A minimum viable example of an Alumni Credential.",
    "issuer": "https://vc.example/issuers/5678",
    "validFrom": "2023-01-01T00:00:00Z",
    "credentialSubject": {"id": "did:example:abcdefgh", "alumniOf": "The School of Examples"},
}
DOCUMENT_HASH = "517744132ae165a5349155bef0bb0cf2258fff99dfe1dbd914b938d775a36017"
VALUES = {
    "eddsa-rdfc-2022": "z2YwC8z3ap7yx1nZYCg4L3j3ApHsF8kgPdSb5xoS1VR7vPG3F561B52hYnQF9iseabecm3ijx4K1FBTQsCZahKZme",
    "eddsa-jcs-2022": "z2HnFSSPPBzR36zdDgK8PbEHeXbR56YF24jwMpt3R1eHXQzJDMWS93FCzpvJpwTWd3GAVFuUfjoJdcnTMuVor51aX",
}
CREATED = parse_instant("2023-02-24T23:36:38Z", "created")
SIGNER = SigningKey(f"did:key:{PUBLIC}#{PUBLIC}", multikey.decode_private(PRIVATE), PUBLIC)
RESOLVE = key_resolver()


def codes(document: dict[str, Any]) -> list[str]:
    return [finding.code for finding in verify_proofs(document, RESOLVE)]


@pytest.mark.parametrize("suite", VALUES)
def test_the_recommendations_own_example(suite: SuiteName) -> None:
    assert hashlib.sha256(hashing.canonical_document(ALUMNI, "rdfc")).hexdigest() == DOCUMENT_HASH
    signed = add_proof(ALUMNI, SIGNER, CREATED, suite)
    assert signed["proof"][0]["proofValue"] == VALUES[suite]
    assert codes(signed) == ["proof.valid"]
    assert codes({**signed, "proof": signed["proof"][0]}) == ["proof.valid"]


@pytest.mark.skipif(not SHARED.is_dir(), reason="../shared/data is absent")
@pytest.mark.parametrize(
    "file",
    [
        "vc-di-eddsa/eddsa-rdfc-2022/signedDataInt.json",
        "vc-di-eddsa/eddsa-jcs-2022/signedJCS.json",
        "vc-di-eddsa/Ed25519Signature2020/signedEdSig.json",
        "vc-di-eddsa/proof-set-chain/signedProofSet1.json",
        "vc-di-eddsa/proof-set-chain/signedProofSet2.json",
        "vc-di-eddsa/proof-set-chain/signedProofChain1.json",
        "vc-di-eddsa/proof-set-chain/signedProofChain2.json",
        "vc-di-ecdsa/ecdsa-rdfc-2019-p256/signedECDSAP256.json",
        "vc-di-ecdsa/ecdsa-rdfc-2019-p384/signedECDSAP384.json",
        "vc-di-ecdsa/ecdsa-jcs-2019-p256/signedJCSECDSAP256.json",
        "vc-di-ecdsa/ecdsa-jcs-2019-p384/signedJCSECDSAP384.json",
    ],
)
def test_w3c_vectors(file: str) -> None:
    document = json.loads((SHARED / file).read_bytes())
    found = codes(document)
    assert found == ["proof.valid"] * len(found) != []
    for claim in ("name", "validFrom", "description"):
        assert "proof.valid" not in codes({**document, claim: "2023-01-01T00:00:01Z"})


@dataclass(frozen=True)
class ProofKey:
    """A key of any kind with its did:key."""

    private: PrivateKey

    @property
    def verification_method(self) -> str:
        name = multikey.encode_public(self.private.public_key())
        return f"did:key:{name}#{name}"


# Facts of the W3C Recommendation "Data Integrity ECDSA Cryptosuites v1.0", appendix A.
ECDSA = {
    "P-256": "z42twTcNeSYcnqg1FLuSFs2bsGH3ZqbRHFmvS9XMsYhjxvHN",
    "P-384": "z2fanyY7zgwNpZGxX5fXXibvScNaUWNprHU9dKx7qpVj7mws9J8LLt4mDB5TyH2GLHWkUc",
}


@pytest.mark.parametrize("suite", ["ecdsa-rdfc-2019", "ecdsa-jcs-2019"])
@pytest.mark.parametrize("kind", ECDSA)
def test_ecdsa_signs_and_a_changed_credential_is_found(kind: str, suite: SuiteName) -> None:
    key = ProofKey(multikey.read_private(ECDSA[kind]))
    signed = add_proof(ALUMNI, key, CREATED, suite)
    assert codes(signed) == ["proof.valid"]
    assert signed == add_proof(ALUMNI, key, CREATED, suite)  # the same each time (RFC 6979)
    assert codes({**signed, "name": "Another"}) == ["proof.signature_mismatch"]
    [proof] = signed["proof"]
    other = multikey.encode_public(multikey.read_private(next(v for k, v in ECDSA.items() if k != kind)).public_key())
    swapped = {**proof, "verificationMethod": f"did:key:{other}"}
    assert codes({**signed, "proof": [swapped]}) == ["proof.value_malformed"]  # r and s of the other length
    for own in ("eddsa-rdfc-2022", "eddsa-jcs-2022"):
        assert codes({**signed, "proof": [{**proof, "cryptosuite": own}]}) == ["proof.key_kind"]
        with pytest.raises(InvalidInput, match=r"proof\.key_kind"):
            add_proof(ALUMNI, key, CREATED, own)  # type: ignore[arg-type]


@pytest.mark.skipif(not SHARED.is_dir(), reason="../shared/data is absent")
@pytest.mark.parametrize("kind", ECDSA)
@pytest.mark.parametrize(("suite", "infix"), [("ecdsa-rdfc-2019", ""), ("ecdsa-jcs-2019", "JCS")])
def test_what_ecdsa_hashes_is_what_the_recommendation_hashes(kind: str, suite: SuiteName, infix: str) -> None:
    size = kind[-3:]
    folder = SHARED / "vc-di-ecdsa" / f"{suite}-p{size}"
    document = json.loads((SHARED / "vc-di-ecdsa" / "unsigned.json").read_bytes())
    configuration = json.loads((folder / f"proofConfig{infix}ECDSAP{size}.json").read_bytes())
    form = hashing.canonical_document(document, SUITES[suite].canonicalization)
    expected = (folder / f"combinedHash{infix}ECDSAP{size}.txt").read_text().strip()
    assert hashing.signing_input(configuration, SUITES[suite], kind, form).hex() == expected  # type: ignore[arg-type]


def chain() -> dict[str, Any]:
    """A proof, and a second one that stands on it."""
    first = add_proof(ALUMNI, SIGNER, CREATED)
    first["proof"][0]["id"] = "urn:uuid:26329423-bec9-4b2e-88cb-a7c7d9dc4544"
    resigned = sign(ALUMNI, {k: v for k, v in first["proof"][0].items() if k != "proofValue"})
    second = {**{k: v for k, v in resigned.items() if k not in {"id", "proofValue"}}, "previousProof": resigned["id"]}
    return {**ALUMNI, "proof": [resigned, sign({**ALUMNI, "proof": [resigned]}, second)]}


def sign(document: dict[str, Any], proof: dict[str, Any]) -> dict[str, Any]:
    import base58

    configuration = {**proof, "@context": EXAMPLES}
    data = hashing.signing_input(configuration, RDFC, "Ed25519", hashing.canonical_document(document, "rdfc"))
    return {**proof, "proofValue": "z" + base58.b58encode(SIGNER.private.sign(data)).decode()}


def test_a_chain_needs_every_link() -> None:
    document = chain()
    first, second = document["proof"]
    assert codes(document) == ["proof.valid", "proof.valid"]
    assert codes({**document, "proof": [second]}) == ["proof.previous_missing"]
    assert codes({**document, "proof": [first, first, second]})[2] == "proof.previous_missing"
    broken = {**first, "created": "2023-02-24T23:36:39Z"}
    assert codes({**document, "proof": [broken, second]}) == ["proof.signature_mismatch", "proof.previous_invalid"]
    circle = {**first, "previousProof": first["id"]}
    assert codes({**document, "proof": [circle]}) == ["proof.previous_circular"]
    for odd in (5, {}, [[]], None, ["x"]):
        assert codes({**document, "proof": [first, {**second, "previousProof": odd}]})[1] == "proof.previous_missing"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"type": "Ed25519Signature2018"}, "proof.type_unsupported"),
        ({"type": "Ed25519Signature2020"}, "proof.signature_mismatch"),
        ({"cryptosuite": "Ed25519Signature2020"}, "proof.suite_unsupported"),
        ({"cryptosuite": "ecdsa-sd-2023"}, "proof.suite_unsupported"),
        ({"cryptosuite": "ecdsa-rdfc-2019"}, "proof.key_kind"),
        ({"cryptosuite": "eddsa-jcs-2022"}, "proof.signature_mismatch"),
        ({"extra": 1}, "proof.field_unknown"),
        ({"proofValue": None}, "proof.field_missing"),
        ({"proofValue": "u" + VALUES["eddsa-rdfc-2022"][1:]}, "proof.value_malformed"),
        ({"proofValue": VALUES["eddsa-rdfc-2022"][:-1] + "0"}, "proof.value_malformed"),
        ({"proofValue": "z" + "1" * 64}, "proof.signature_mismatch"),
        ({"proofValue": "z" + "9" * 100_000}, "proof.value_malformed"),
        ({"created": "yesterday"}, "credential.instant_malformed"),
        ({"verificationMethod": "did:key:z6Mk"}, "proof.key_unknown"),
        ({"proofPurpose": "authentication"}, "proof.signature_mismatch"),
        ({"domain": "x.example"}, "proof.signature_mismatch"),
        ({"@context": [VC_CONTEXT]}, "proof.context_mismatch"),
    ],
)
def test_what_a_proof_may_not_say(change: dict[str, Any], code: str) -> None:
    signed = add_proof(ALUMNI, SIGNER, CREATED)
    assert codes({**signed, "proof": [{**signed["proof"][0], **change}]}) == [code]


def test_a_did_key_method_without_fragment_is_read() -> None:
    bare = SigningKey(f"did:key:{PUBLIC}", SIGNER.private, PUBLIC)
    assert codes(add_proof(ALUMNI, bare, CREATED)) == ["proof.valid"]


@pytest.mark.parametrize("proof", [5, "x", [5], [None], [[]], {"type": ["DataIntegrityProof"]}])
def test_what_is_no_proof(proof: Any) -> None:
    assert set(codes({**ALUMNI, "proof": proof})) == {"proof.type_unsupported"}


def test_many_proofs_are_not_worked_through() -> None:
    signed = add_proof(ALUMNI, SIGNER, CREATED)
    found = verify_proofs({**signed, "proof": signed["proof"] * 17}, RESOLVE)
    assert [(f.outcome, f.code) for f in found] == [(Outcome.FAIL, "proof.too_many")]


def test_a_jcs_context_may_be_longer_than_the_proofs() -> None:
    signed = add_proof({**ALUMNI, "@context": [VC_CONTEXT]}, SIGNER, CREATED, "eddsa-jcs-2022")
    assert codes({**signed, "@context": EXAMPLES}) == ["proof.valid"]
    assert codes({**signed, "@context": EXAMPLES[::-1]}) == ["proof.context_mismatch"]


def test_a_canonical_form_already_at_hand_is_used() -> None:
    document = unsigned()
    assert add_proof(document, KEY, ISSUED, canonical=canonical_rdf(document)) == add_proof(document, KEY, ISSUED)


def test_nothing_that_loses_data_is_signed() -> None:
    with pytest.raises(InvalidInput, match=r"canonical\.term_undefined"):
        add_proof({**unsigned(), "unheardOf": 1}, KEY, ISSUED)


CONFIGURATION_CONTEXTS = [
    list(CONTEXTS),
    [VC_CONTEXT],
    EXAMPLES,
    *([VC_CONTEXT, c.url] for c in manifest() if c.current and c.url not in (VC_CONTEXT, *EXAMPLES)),
]


@given(
    names=st.sampled_from(CONFIGURATION_CONTEXTS),
    suite=st.sampled_from(sorted(SUITES)),
    purpose=st.sampled_from(["assertionMethod", "authentication"]),
    created=st.datetimes().map(lambda at: at.replace(microsecond=0).isoformat() + "Z"),
    method=st.from_regex(r"\Adid:[a-z]{3,5}:[a-z0-9.]{1,9}(%3A[0-9]{2,4})?(:[a-z-]{1,9}){0,2}#[A-Za-z0-9]{1,48}\Z"),
)
@settings(max_examples=60, deadline=None)
def test_a_plain_configuration_is_what_pyld_says(
    names: list[str], suite: str, purpose: str, created: str, method: str
) -> None:
    configuration: dict[str, Any] = {
        "@context": names,
        "type": "DataIntegrityProof",
        "cryptosuite": suite,
        "created": created,
        "verificationMethod": method,
        "proofPurpose": purpose,
    }
    assert hashing._is_plain(configuration)
    try:
        expected = canonical_rdf(configuration)
    except InvalidInput:
        return  # these contexts do not go together, so no document with them has a canonical form either
    assert hashing._plain_configuration(configuration) == expected
