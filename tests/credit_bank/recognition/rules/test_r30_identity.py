"""R30: conversion takes an identity that is known surely enough; a near match goes to a person."""

import pytest

from tests.credit_bank.recognition.rules.cases import found, held, only, rules, why_not

PLAIN = 'rule = [{ from = "A: X", to = "M" }]\n'


@pytest.mark.parametrize(
    ("identity", "why"),
    [
        ("document-seen", []),
        ("self-declared", ["identity.too_low"]),
        ("near-match", ["identity.near_match"]),
        ("somebody", ["identity.unknown"]),
    ],
)
def test_r30_the_usual_policy_asks_for_a_document(identity: str, why: list[str]) -> None:
    assert why_not(only(found([held()], rules(PLAIN), identity=identity))) == why


def test_r30_a_policy_may_ask_for_less() -> None:
    lenient = rules(PLAIN + '[policy]\nidentity = "self-declared"\n')
    assert only(found([held()], lenient, identity="self-declared")).eligible
