"""Strict reading: what two programs could read differently is refused, each with its code."""

import json
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit_bank.credential.parse import MAX_BYTES, MAX_DEPTH, as_bytes, parse_object
from credit_bank.errors import InvalidInput

BAD = {
    "json.too_large": [b'{"a":"' + b"x" * MAX_BYTES + b'"}'],
    "json.byte_order_mark": ['\ufeff{"a":1}'.encode()],
    "json.not_utf8": [
        b'{"a":"\xff"}',
        '{"a":1}'.encode("utf-16"),
        '{"a":"学分银行"}'.encode("gb18030"),
        b'{"a":"\xed\xa0\x80"}',
    ],
    "json.too_deep": [b'{"a":' * 65 + b"1" + b"}" * 65, b"[" * 100_000, b'{"a":' + b"[" * 400_000],
    "json.duplicate_key": [b'{"a":1,"a":1}', b'{"x":{"a":1,"b":2,"a":3}}', b'{"a":1,"\\u0061":2}'],
    "json.not_a_number": [b'{"a":NaN}', b'{"a":Infinity}', b'{"a":-Infinity}'],
    "json.number_out_of_range": [
        b'{"a":1180591620717411303424}',
        b'{"a":9007199254740993}',
        b'{"a":-9007199254740993}',
        b'{"a":' + b"9" * 10_000 + b"}",
        b'{"a":1e400}',
        b'{"a":1e17}',
        b'{"a":1e-7}',
        b'{"a":-0.0000001}',
        b'{"a":1e-400}',
    ],
    "json.lone_surrogate": [b'{"a":"\\ud800"}', b'{"\\udfff":1}', b'{"a":["\\ud83d\\u0041"]}'],
    "json.not_an_object": [b"[]", b'"x"', b"1", b"null"],
    "json.malformed": [
        b"",
        b"{",
        b'{"a":1}x',
        b"{'a':1}",
        b'{"a":01}',
        b'{"a":"\n"}',
        b'{"a":"\\x"}',
        b'{"a":1,}',
        b'{"a',
    ],
}


CASES = [(code, data) for code, many in BAD.items() for data in many]


@pytest.mark.parametrize(("code", "data"), CASES, ids=[f"{code}-{n}" for n, (code, _) in enumerate(CASES)])
def test_refused(code: str, data: bytes) -> None:
    with pytest.raises(InvalidInput) as caught:
        parse_object(data)
    assert caught.value.code == code


@pytest.mark.parametrize(
    "data", [b'{"a":' * 10 + b'"\\"' * 100_000, b'"' * 900_000, b'{"a":"' + b"\\" * 900_000, b"[{" * 300_000]
)
def test_refusals_take_no_time(data: bytes) -> None:
    began = time.process_time()
    with pytest.raises(InvalidInput):
        parse_object(data)
    assert time.process_time() - began < 1


def test_brackets_in_strings_are_no_depth() -> None:
    text = json.dumps({"a": "[" * 1000 + '"\\' + "{" * 1000})
    assert parse_object(text.encode()) == json.loads(text)


def test_the_deepest_that_is_read() -> None:
    assert parse_object(b'{"a":' * MAX_DEPTH + b"1" + b"}" * MAX_DEPTH)


def test_numbers_that_all_programs_read_alike() -> None:
    data = b'{"a":[3,3.0,3.5,2.50,1e2,9007199254740992,-9007199254740992,0.000001,0,0.0,-1]}'
    assert parse_object(data)["a"] == [3, 3.0, 3.5, 2.5, 100.0, 2**53, -(2**53), 1e-6, 0, 0.0, -1]


SIMPLE = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(st.characters(exclude_categories=["Cs"]))
VALUES = st.recursive(
    SIMPLE, lambda some: st.lists(some, max_size=4) | st.dictionaries(st.text("ab\n学"), some, max_size=4)
)


@given(st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), VALUES, max_size=5))
def test_what_is_written_is_read_back(value: dict[str, Any]) -> None:
    assert parse_object(as_bytes(value)) == value
    assert parse_object(json.dumps(value).encode()) == value


def test_values_without_a_json_form() -> None:
    deep: dict[str, Any] = {}
    inner = deep
    for _ in range(200_000):
        inner["a"] = {}
        inner = inner["a"]
    for value, code in [
        ({"a": object()}, "json.malformed"),
        ({"a": float("nan")}, "json.not_a_number"),
        ({"a": "\ud800"}, "json.lone_surrogate"),
        (deep, "json.too_deep"),
    ]:
        with pytest.raises(InvalidInput) as caught:
            as_bytes(value)
        assert caught.value.code == code
    while deep:  # taken apart by hand: freeing it in one go would recurse
        deep = deep.pop("a")
