"""Bitstring Status Lists."""

import base64
import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit_bank.credential import status
from credit_bank.credential.canonical import canonical_rdf
from credit_bank.errors import InvalidInput
from tests.credit_bank.credential.worlds import DID, ISSUED, LIST


def test_the_first_bit_is_the_leftmost() -> None:
    bits = status.set_bits(status.empty_bits(), [0])
    assert bits[0] == 0x80
    assert status.set_bits(bits, [9])[1] == 0x40
    assert status.get_bit(bits, 0)
    assert not status.get_bit(bits, 1)


@given(st.lists(st.integers(0, status.MIN_ENTRIES - 1), max_size=20), st.integers(0, status.MIN_ENTRIES - 1))
def test_setting_sets_these_and_no_others(indexes: list[int], other: int) -> None:
    bits = status.set_bits(status.empty_bits(), indexes)
    assert status.decode(status.encode(bits)) == bits
    assert status.get_bit(bits, other) == (other in indexes)
    assert status.set_bits(bits, indexes, False) == status.empty_bits()


def test_the_standards_own_example_reads_as_empty() -> None:
    """The encodedList of Bitstring Status List v1.0, example 3: 131,072 bits, none set."""
    example = "uH4sIAAAAAAAAA-3BMQEAAADCoPVPbQwfoAAAAAAAAAAAAAAAAAAAAIC3AYbSVKsAQAAA"
    assert status.decode(example) == status.empty_bits()


def packed(raw: bytes) -> str:
    return "u" + base64.urlsafe_b64encode(gzip.compress(raw, mtime=0)).rstrip(b"=").decode()


@pytest.mark.parametrize(
    ("encoded", "code"),
    [
        ("", "status.encoding"),
        (packed(bytes(16384))[1:], "status.encoding"),
        ("z" + packed(bytes(16384))[1:], "status.encoding"),
        ("u!!!!", "status.encoding"),
        ("uAAAA", "status.encoding"),
        (packed(bytes(16384))[:-8], "status.encoding"),
        (
            "u" + base64.urlsafe_b64encode(gzip.compress(bytes(16384), mtime=0) + b"more").decode().rstrip("="),
            "status.encoding",
        ),
        (packed(bytes(100)), "status.length"),
        (packed(bytes(300_000_000)), "status.too_large"),
    ],
)
def test_what_is_no_list(encoded: str, code: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        status.decode(encoded)
    assert caught.value.code == code


def test_places_outside_the_list() -> None:
    for index in (-1, status.MIN_ENTRIES):
        with pytest.raises(InvalidInput, match=r"status\.index_out_of_range"):
            status.get_bit(status.empty_bits(), index)
    with pytest.raises(InvalidInput, match=r"status\.length"):
        status.empty_bits(1000)


def test_the_list_credential_says_everything_in_rdf() -> None:
    document = status.compose_status_list(f"{LIST}/revocation", DID, "revocation", status.empty_bits(), ISSUED)
    assert document["issuer"] == DID
    assert "_:" not in canonical_rdf(document)


@pytest.mark.parametrize(
    ("url", "beside"),
    [
        (f"{LIST}/revocation", f"{LIST}/suspension"),
        ("https://x.example/status/7/revocation", "https://x.example/status/7/suspension"),
        ("https://x.example/lists/7/revocation", None),
        ("https://x.example/status/7/suspension", None),
        ("https://x.example/status//revocation", None),
        ("revocation", None),
    ],
)
def test_companions(url: str, beside: str | None) -> None:
    assert status.companion(url) == beside


ENTRY = {
    "type": "BitstringStatusListEntry",
    "statusPurpose": "revocation",
    "statusListIndex": "5",
    "statusListCredential": "https://x.example/1",
}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"type": "StatusList2021Entry"}, "status.type_unsupported"),
        ({"statusPurpose": ""}, "status.entry_malformed"),
        ({"statusListIndex": "-1"}, "status.entry_malformed"),
        ({"statusListIndex": "٣"}, "status.entry_malformed"),
        ({"statusListIndex": True}, "status.entry_malformed"),
        ({"statusListIndex": "9" * 13}, "status.entry_malformed"),
        ({"statusListCredential": 5}, "status.entry_malformed"),
        ({"statusSize": 2}, "status.type_unsupported"),
    ],
)
def test_entries_that_cannot_be_looked_up(change: dict[str, object], code: str) -> None:
    assert status.listed_statuses({"credentialStatus": ENTRY}) == [
        status.ListedStatus("revocation", "https://x.example/1", 5)
    ]
    with pytest.raises(InvalidInput) as caught:
        status.listed_statuses({"credentialStatus": [ENTRY, {**ENTRY, **change}]})
    assert caught.value.code == code
