"""Strict reading of JSON that a stranger sent: one meaning per document, or a typed refusal.

JSON readers differ on duplicate keys, NaN, lone surrogates and large numbers, and a signature is worth nothing over a
document that two programs read differently (RFC 7493 I-JSON; RFC 8259 §4, §6, §8).
"""

import json
import re
from typing import Any, NoReturn

from credit_bank.errors import InvalidInput

MAX_BYTES = 1_000_000
MAX_DEPTH = 64
MAX_NUMBER = 2**53
MIN_NUMBER = 1e-6

# A string (closed or cut off, so that the scan is linear) or one bracket.
_TOKEN = re.compile(rb'"(?:[^"\\]++|\\.)*+(?:"|\\?\Z)|[\[\]{}]', re.DOTALL)
_SURROGATE_ESCAPE = re.compile(rb"\\u[dD][89a-fA-F]")


def parse_object(data: bytes) -> dict[str, Any]:
    """The JSON object in these bytes.

    Raises InvalidInput ``json.too_large`` (over 1 MB), ``.byte_order_mark``, ``.not_utf8``, ``.too_deep`` (over 64
    levels), ``.malformed`` (with line and column), ``.duplicate_key``, ``.not_a_number`` (NaN, Infinity),
    ``.number_out_of_range`` (beyond 2^53, or nearer to zero than 1e-6), ``.lone_surrogate`` or ``.not_an_object``.
    """
    if len(data) > MAX_BYTES:
        raise InvalidInput("json.too_large", size=len(data), limit=MAX_BYTES)
    if data.startswith(b"\xef\xbb\xbf"):
        raise InvalidInput("json.byte_order_mark")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as problem:
        raise InvalidInput("json.not_utf8", position=problem.start) from None
    _refuse_depth(data)
    try:
        value = json.loads(
            text,
            object_pairs_hook=_pairs,
            parse_int=_integer,
            parse_float=_real,
            parse_constant=_constant,
        )
    except json.JSONDecodeError as problem:
        raise InvalidInput("json.malformed", line=problem.lineno, column=problem.colno) from None
    if not isinstance(value, dict):
        raise InvalidInput("json.not_an_object")
    if _SURROGATE_ESCAPE.search(data):
        _refuse_surrogates(value)
    return value


def as_bytes(document: dict[str, Any]) -> bytes:
    """A document given as values, as JSON bytes, so that it takes the same road as one that was sent.

    Raises InvalidInput ``json.malformed`` for what JSON has no form for, ``json.not_a_number``, ``json.too_deep`` or
    ``json.lone_surrogate``.
    """
    try:
        text = json.dumps(document, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        return text.encode("utf-8")
    except UnicodeEncodeError:
        raise InvalidInput("json.lone_surrogate") from None
    except RecursionError:
        raise InvalidInput("json.too_deep", limit=MAX_DEPTH) from None
    except ValueError:
        raise InvalidInput("json.not_a_number") from None
    except TypeError:
        raise InvalidInput("json.malformed", line=0, column=0) from None


def _refuse_depth(data: bytes) -> None:
    if data.count(b"{") + data.count(b"[") <= MAX_DEPTH:
        return
    depth = 0
    for token in _TOKEN.finditer(data):
        first = data[token.start()]
        if first in b"{[":
            depth += 1
            if depth > MAX_DEPTH:
                raise InvalidInput("json.too_deep", limit=MAX_DEPTH)
        elif first in b"}]":
            depth -= 1


def _refuse_surrogates(value: object) -> None:
    if isinstance(value, str):
        try:
            value.encode("utf-8")
        except UnicodeEncodeError:
            raise InvalidInput("json.lone_surrogate") from None
    elif isinstance(value, dict):
        for key, item in value.items():
            _refuse_surrogates(key)
            _refuse_surrogates(item)
    elif isinstance(value, list):
        for item in value:
            _refuse_surrogates(item)


def _pairs(pairs: list[tuple[str, object]]) -> dict[str, object]:
    result = dict(pairs)
    if len(result) != len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                raise InvalidInput("json.duplicate_key", key=ascii(key)[1:-1][:80])
            seen.add(key)
    return result


def _integer(digits: str) -> int:
    if len(digits) > 17 or abs(int(digits)) > MAX_NUMBER:
        raise InvalidInput("json.number_out_of_range", number=digits[:40])
    return int(digits)


def _real(digits: str) -> float:
    value = float(digits)
    if abs(value) > MAX_NUMBER or (abs(value) < MIN_NUMBER and re.search(r"[1-9]", digits.lower().partition("e")[0])):
        raise InvalidInput("json.number_out_of_range", number=digits[:40])
    return value


def _constant(name: str) -> NoReturn:
    raise InvalidInput("json.not_a_number", name=name)
