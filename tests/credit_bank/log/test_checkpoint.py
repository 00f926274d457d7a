"""Leaves and checkpoints."""

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st

from credit_bank.errors import InvalidInput
from credit_bank.log import checkpoint, leaf
from credit_bank.log.checkpoint import Checkpoint, parse_checkpoint, sign_checkpoint, verify_checkpoint
from tests.credit_bank.credential.worlds import LOG_KEY, LOG_ORIGIN, private_key

POINT = Checkpoint(LOG_ORIGIN, 42, bytes(range(32)))
NOTE = sign_checkpoint(POINT, LOG_KEY)


def code(note: str, origin: str = LOG_ORIGIN, key: Ed25519PublicKey = LOG_KEY.public_key()) -> str:
    with pytest.raises(InvalidInput) as caught:
        verify_checkpoint(note, origin, key)
    return caught.value.code


def test_a_note_is_three_lines_and_a_signature() -> None:
    assert verify_checkpoint(NOTE, LOG_ORIGIN, LOG_KEY.public_key()) == POINT == parse_checkpoint(NOTE)
    lines = NOTE.split("\n")
    assert lines[:4] == [LOG_ORIGIN, "42", base64.b64encode(bytes(range(32))).decode(), ""]
    assert lines[4].startswith(f"— {LOG_ORIGIN} ")
    assert lines[5:] == [""]


def test_the_published_example_of_a_key_id() -> None:
    """The verifier key of Go's checksum database, as its clients hold it: name, key hash, key."""
    name, hashed, encoded = "sum.golang.org", "033de0ae", "Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8"
    raw = base64.b64decode(encoded)
    assert checkpoint.key_id(name, Ed25519PublicKey.from_public_bytes(raw[1:])).hex() == hashed


def test_other_signatures_are_passed_over() -> None:
    other = sign_checkpoint(POINT, private_key(9)).split("\n")[4]
    witnessed = NOTE + other + "\n" + f"— witness.example {base64.b64encode(bytes(80)).decode()}\n"
    assert verify_checkpoint(witnessed, LOG_ORIGIN, LOG_KEY.public_key()) == POINT
    assert code(sign_checkpoint(POINT, private_key(9))) == "checkpoint.key_absent"
    assert code(NOTE, "other.example/log") == "checkpoint.origin_mismatch"


@given(st.data())
def test_no_changed_character_is_overlooked(data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(NOTE) - 1))
    character = data.draw(st.sampled_from("0Aa=+/ \n—\r"))
    if NOTE[place] != character:
        assert code(NOTE[:place] + character + NOTE[place + 1 :]).startswith("checkpoint.")


@pytest.mark.parametrize(
    "note",
    [
        "",
        "\n\n\n",
        NOTE[:-1],
        NOTE.replace("\n42\n", "\n042\n"),
        NOTE.replace("\n42\n", "\n-1\n"),
        NOTE.replace("\n42\n", "\n٤٢\n"),
        NOTE.replace("\n42\n", "\n42\nextra\n"),
        NOTE.replace("— ", "- "),
        NOTE.replace("\n", "\r\n"),
        NOTE + "x" * 20_000,
        NOTE + "\n",
    ],
)
def test_malformed_notes(note: str) -> None:
    assert code(note) == "checkpoint.malformed"


@pytest.mark.parametrize(
    "point", [Checkpoint("a b", 1, bytes(32)), Checkpoint("a", -1, bytes(32)), Checkpoint("a", 1, b"")]
)
def test_what_is_not_signed(point: Checkpoint) -> None:
    with pytest.raises(InvalidInput, match=r"checkpoint\.malformed"):
        sign_checkpoint(point, LOG_KEY)


def test_a_leaf_says_nothing_without_its_salt() -> None:
    digest, salt = bytes([1]) * 32, bytes([2]) * 32
    entry = leaf.commit("issue", digest, salt)
    assert len(entry) == 33
    assert leaf.opens(entry, "issue", digest, salt)
    assert not leaf.opens(entry, "status", digest, salt)
    assert not leaf.opens(entry, "issue", salt, salt)
    assert not leaf.opens(entry, "issue", digest, digest)
    for kind, payload, key, problem in [
        ("other", digest, salt, "log.leaf_kind"),
        ("issue", b"", salt, "log.digest_length"),
        ("issue", digest, b"", "log.salt_length"),
    ]:
        with pytest.raises(InvalidInput) as caught:
            leaf.commit(kind, payload, key)  # type: ignore[arg-type]
        assert caught.value.code == problem
