"""Multikeys, did:web and did:key, DID documents, sealed keys."""

import base58
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from credit_bank.errors import InvalidInput
from credit_bank.key import did, jwk, keyring, multikey
from credit_bank.key.trust import KeyRecord, key_resolver
from tests.credit_bank.credential.worlds import NOW, SINCE, private_key, public

# The key pair of the W3C EdDSA cryptosuites recommendation, appendix B.
PUBLIC = "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"
PRIVATE = "z3u2en7t5LR2WtQH5PfFqMqwVHBeXouLzo6haApm8XHqvjxq"
DID = "did:web:localhost%3A8000:institutions:qinghe"


def code(call: object, *arguments: object) -> str:
    with pytest.raises(InvalidInput) as caught:
        call(*arguments)  # type: ignore[operator]
    return caught.value.code


def test_a_published_pair() -> None:
    private = multikey.decode_private(PRIVATE)
    assert multikey.encode_public(private.public_key()) == PUBLIC
    assert multikey.encode_private(private) == PRIVATE
    assert multikey.decode_public(PUBLIC).public_bytes_raw() == private.public_key().public_bytes_raw()


@given(st.binary(min_size=32, max_size=32))
def test_keys_are_read_as_written(raw: bytes) -> None:
    key = Ed25519PrivateKey.from_private_bytes(raw)
    assert multikey.decode_private(multikey.encode_private(key)).private_bytes_raw() == raw
    assert multikey.encode_public(multikey.decode_public(multikey.encode_public(key.public_key()))).startswith("z6Mk")


@pytest.mark.parametrize(
    "value", ["", "z", PUBLIC[1:], "u" + PUBLIC[1:], PUBLIC[:-1] + "0", "z" + "1" * 10_000, PUBLIC + " "]
)
def test_what_is_no_multikey(value: str) -> None:
    assert code(multikey.decode_public, value) in {"key.multikey_malformed", "key.multikey_kind"}


# The key pairs of the W3C ECDSA cryptosuites recommendation, appendix A.
P256 = ("zDnaepBuvsQ8cpsWrVKw8fbpGpvPeNSjVPTWoq6cRqaYzBKVP", "z42twTcNeSYcnqg1FLuSFs2bsGH3ZqbRHFmvS9XMsYhjxvHN")
P384 = (
    "z82LkuBieyGShVBhvtE2zoiD6Kma4tJGFtkAhxR5pfkp5QPw4LutoYWhvQCnGjdVn14kujQ",
    "z2fanyY7zgwNpZGxX5fXXibvScNaUWNprHU9dKx7qpVj7mws9J8LLt4mDB5TyH2GLHWkUc",
)


@pytest.mark.parametrize(("public_value", "private_value"), [P256, P384])
def test_published_pairs_of_other_curves(public_value: str, private_value: str) -> None:
    private = multikey.read_private(private_value)
    assert multikey.encode_public(private.public_key()) == public_value
    assert multikey.encode_private(private) == private_value
    assert multikey.encode_public(multikey.read_public(public_value)) == public_value
    key = did.did_key(multikey.read_public(public_value))
    assert multikey.encode_public(did.resolve_did_key(f"{key}#{public_value}")) == public_value


# The example of the did:jwk method's specification.
JWK = {
    "crv": "P-256",
    "kty": "EC",
    "x": "acbIQiuMs3i8_uszEjJ2tpTtRM4EU3yz91PH6CdH2V0",
    "y": "_KcyLj9vWMptnmKtm46GqDz8wf74I5LKgrl2GzH3nSE",
}
DID_JWK = (
    "did:jwk:eyJjcnYiOiJQLTI1NiIsImt0eSI6IkVDIiwieCI6ImFjYklRaXVNczNpOF91c3pFakoydHBUdFJNNEVVM3l6OTFQSDZDZEgyVjAiLCJ5"
    "IjoiX0tjeUxqOXZXTXB0bm1LdG00NkdxRHo4d2Y3NEk1TEtncmwyR3pIM25TRSJ9"
)


def test_did_jwk_as_its_specification_has_it() -> None:
    key = did.resolve_did_jwk(f"{DID_JWK}#0")
    assert jwk.encode_jwk(key) == JWK and did.did_jwk(key) == DID_JWK
    found = key_resolver()(f"{DID_JWK}#0")
    assert found is not None and found.controller == DID_JWK
    assert code(did.resolve_did_jwk, f"{DID_JWK}#1") == "did.fragment_mismatch"
    assert code(did.resolve_did_jwk, DID) == "did.method_unsupported"
    for text in ("W10", "e30x", "eyJ", "bnVsbA"):
        assert code(did.resolve_did_jwk, f"did:jwk:{text}") == "did.malformed"
    assert key_resolver()("did:jwk:W10") is None


@pytest.mark.parametrize("value", [PUBLIC, P256[0], P384[0]])
def test_a_key_is_the_same_as_jwk_and_as_multikey(value: str) -> None:
    key = multikey.read_public(value)
    assert multikey.encode_public(jwk.decode_jwk(jwk.encode_jwk(key))) == value
    assert multikey.encode_public(did.resolve_did_jwk(did.did_jwk(key))) == value


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"crv": "secp256k1"}, "key.jwk_kind"),
        ({"kty": "RSA"}, "key.jwk_kind"),
        ({"crv": ["P-256"]}, "key.jwk_kind"),
        ({"crv": "P-384"}, "key.jwk_malformed"),
        ({"x": JWK["y"]}, "key.jwk_malformed"),
        ({"x": JWK["x"] + "AA"}, "key.jwk_malformed"),
        ({"y": None}, "key.jwk_malformed"),
        ({"y": "é" * 43}, "key.jwk_malformed"),
        ({"d": "AA"}, "key.jwk_malformed"),
    ],
)
def test_what_is_no_jwk(change: dict[str, object], expected: str) -> None:
    assert code(jwk.decode_jwk, {**JWK, **change}) == expected


def test_keys_of_others_are_no_keys_of_this_bank() -> None:
    assert code(multikey.decode_public, P256[0]) == "key.multikey_kind"
    assert code(multikey.decode_private, P256[1]) == "key.multikey_kind"
    assert code(multikey.read_public, PRIVATE) == "key.multikey_kind"
    assert code(multikey.read_private, PUBLIC) == "key.multikey_kind"


@pytest.mark.parametrize("prefix", [b"\x80\x24", b"\x81\x24", b"\xed\x01"])
@pytest.mark.parametrize(
    "point", [bytes(33), b"\x02" + b"\xff" * 32, b"\x04" + bytes(48), b"\x02" + b"\xff" * 48, bytes(31)]
)
def test_points_that_are_on_no_curve(prefix: bytes, point: bytes) -> None:
    value = "z" + base58.b58encode(prefix + point).decode()
    assert code(multikey.read_public, value) == "key.multikey_malformed"


@pytest.mark.parametrize(("prefix", "size"), [(b"\x86\x26", 32), (b"\x87\x26", 48)])
def test_a_private_number_lies_within_its_curve(prefix: bytes, size: int) -> None:
    for raw in (bytes(size), b"\xff" * size, bytes(size - 1) + b"\x01" * 2):
        value = "z" + base58.b58encode(prefix + raw).decode()
        assert code(multikey.read_private, value) == "key.multikey_malformed"


def test_did_web() -> None:
    assert did.did_web("http://localhost:8000", "qinghe") == DID
    assert did.did_web("http://localhost:8000/") == "did:web:localhost%3A8000"
    assert did.did_web("https://Bank.example", "a-1") == "did:web:bank.example:institutions:a-1"


@pytest.mark.parametrize(
    "origin", ["", "localhost", "ftp://x", "https://x/y", "https://u@x", "https://x y", "https://学.cn"]
)
def test_origins_that_are_none(origin: str) -> None:
    assert code(did.did_web, origin) == "did.origin_malformed"


@pytest.mark.parametrize("handle", ["", "A", "a b", "-a", "a-", "a/b", "a:b", "清河", "a" * 64])
def test_handles_that_are_none(handle: str) -> None:
    assert code(did.did_web, "https://x.example", handle) == "did.handle_malformed"


def test_did_key_with_and_without_fragment() -> None:
    key = did.did_key(multikey.decode_public(PUBLIC))
    assert key == f"did:key:{PUBLIC}"
    for url in (key, f"{key}#{PUBLIC}"):
        assert multikey.encode_public(did.resolve_did_key(url)) == PUBLIC
    assert code(did.resolve_did_key, f"{key}#{PUBLIC[:-1]}x") == "did.fragment_mismatch"
    assert code(did.resolve_did_key, DID) == "did.method_unsupported"
    for value in (
        "did:key:",
        "did:key:z#",
        "x",
        "did:web:a?b",
        "did:web:a/b#c",
        "did:web:a#b c",
        "did:web:" + "a" * 3000,
    ):
        assert code(did.parse_did_url, value) == "did.malformed" if value != "did:key:z#" else True


def test_the_document_keeps_retired_keys_and_drops_revoked_ones() -> None:
    retired = KeyRecord(public(private_key(1)), SINCE, valid_to=NOW)
    current = KeyRecord(public(private_key(2)), NOW)
    revoked = KeyRecord(public(private_key(3)), SINCE, revoked_at=NOW)
    document = did.did_document(DID, [retired, revoked, current])
    assert document["assertionMethod"] == [f"{DID}#{retired.multikey}", f"{DID}#{current.multikey}"]
    methods = document["verificationMethod"]
    assert isinstance(methods, list)
    assert methods[0] == {
        "id": f"{DID}#{retired.multikey}",
        "type": "Multikey",
        "controller": DID,
        "publicKeyMultibase": retired.multikey,
    }
    assert keyring.SigningKey.of(DID, private_key(2)).verification_method == methods[1]["id"]


KEK, NONCE, PLACE = bytes(range(32)), bytes(12), b"did:web:x#z6Mk"


def test_a_sealed_key_opens_only_with_its_kek_in_its_place() -> None:
    sealed = keyring.seal(b"secret" * 6, KEK, PLACE, nonce=NONCE)
    assert keyring.open_sealed(sealed, KEK, PLACE) == b"secret" * 6
    assert b"secret" not in sealed
    assert code(keyring.open_sealed, sealed, KEK[::-1], PLACE) == "key.unsealing_failed"
    assert code(keyring.open_sealed, sealed, KEK, b"elsewhere") == "key.unsealing_failed"
    for place in range(len(sealed)):
        changed = bytearray(sealed)
        changed[place] ^= 1
        assert code(keyring.open_sealed, bytes(changed), KEK, PLACE) == "key.unsealing_failed"
    assert code(keyring.open_sealed, b"", KEK, PLACE) == "key.unsealing_failed"
    assert code(keyring.open_sealed, sealed, KEK[1:], PLACE) == "key.kek_length"
    with pytest.raises(InvalidInput, match=r"key\.nonce_length"):
        keyring.seal(b"x", KEK, PLACE, nonce=b"")


def test_a_private_key_is_not_shown() -> None:
    assert "Ed25519PrivateKey" not in repr(keyring.SigningKey.of(DID, private_key(1)))
