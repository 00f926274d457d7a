"""Proof bundles: everything needed offline, but for the bank's key."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from credit_bank.credential.bundle import compose_bundle, evidence, parse_bundle
from credit_bank.credential.verify import verify
from credit_bank.errors import InvalidInput
from credit_bank.key.trust import sign_statement
from credit_bank.report import Outcome
from tests.credit_bank.credential.worlds import BANK_DID, BANK_KEY, ISSUED, LIST, NOW, private_key, world

WORLD = world()
DATA = compose_bundle(WORLD.bundle())


def test_a_bundle_and_the_banks_key_suffice() -> None:
    bundle = parse_bundle(DATA)
    assert bundle == WORLD.bundle()
    report = verify(bundle.credential, now=NOW, **evidence(bundle, BANK_KEY.public_key()))
    assert report.outcome is Outcome.PASS
    assert report.check("log").outcome is Outcome.PASS


def test_without_the_banks_key_it_vouches_for_itself_only() -> None:
    report = verify(WORLD.credential, now=NOW, **evidence(WORLD.bundle(), None))
    assert report.check("proof").outcome is Outcome.PASS
    assert (report.check("issuer").outcome, report.check("issuer").code) == (Outcome.UNCHECKED, "issuer.no_trust_list")
    assert report.outcome is Outcome.UNCHECKED


def test_a_statement_is_not_good_for_ever() -> None:
    given = evidence(WORLD.bundle(), BANK_KEY.public_key())
    before = verify(WORLD.credential, now=ISSUED + timedelta(days=90), **given)
    assert (before.outcome, before.check("issuer").code) == (Outcome.PASS, "issuer.accredited_as_of")
    after = verify(WORLD.credential, now=ISSUED + timedelta(days=90, seconds=1), **given)
    assert (after.outcome, after.check("issuer").code) == (Outcome.UNCHECKED, "issuer.statement_expired")


def test_a_list_kept_from_before_a_revocation_is_not_believed_beside_a_newer_statement() -> None:
    lists = {f"{LIST}/revocation": NOW, f"{LIST}/suspension": ISSUED}
    record = replace(WORLD.record, status_lists=lists)
    statement = sign_statement(record, BANK_DID, BANK_KEY, NOW)
    mixed = replace(WORLD.bundle(), statement=statement)
    report = verify(mixed.credential, now=NOW, **evidence(mixed, BANK_KEY.public_key()))
    assert (report.outcome, report.check("status").code) == (Outcome.UNCHECKED, "status.list_outdated")


def test_another_banks_statement_is_refused() -> None:
    with pytest.raises(InvalidInput, match=r"trust\.statement_signature_mismatch"):
        evidence(WORLD.bundle(), private_key(77).public_key())


def test_a_bundle_without_a_receipt_or_before_the_checkpoint() -> None:
    assert WORLD.log is not None
    for log in (None, replace(WORLD.log, checkpoint=None, proof=())):
        bundle = parse_bundle(compose_bundle(replace(WORLD.bundle(), log=log)))
        assert bundle.log == log
        assert verify(bundle.credential, now=NOW, **evidence(bundle, BANK_KEY.public_key())).outcome is Outcome.PASS


CHANGES: list[tuple[list[str | int], Any, str]] = [
    (["type"], "Other", "bundle.malformed"),
    (["version"], 2, "bundle.version_unknown"),
    (["more"], 1, "bundle.malformed"),
    (["credential"], [], "bundle.malformed"),
    (["statusLists"], {}, "bundle.malformed"),
    (["statusLists"], [1], "bundle.malformed"),
    (["bankKey"], None, "bundle.malformed"),
    (["receipt"], {}, "bundle.malformed"),
    (["receipt", "index"], -1, "bundle.malformed"),
    (["receipt", "index"], True, "bundle.malformed"),
    (["receipt", "salt"], "AA==", "bundle.malformed"),
    (["receipt", "salt"], "A" * 43 + "B", "bundle.malformed"),
    (["receipt", "inclusionProof"], "x", "bundle.malformed"),
    (["receipt", "inclusionProof", 0], "A" * 42 + "B=", "bundle.malformed"),
    (["receipt", "checkpoint"], 5, "bundle.malformed"),
]


@pytest.mark.parametrize(("path", "value", "code"), CHANGES)
def test_malformed_bundles(path: list[str | int], value: Any, code: str) -> None:
    document = json.loads(DATA)
    holder: Any = document
    for step in path[:-1]:
        holder = holder[step]
    holder[path[-1]] = value
    with pytest.raises(InvalidInput) as caught:
        parse_bundle(json.dumps(document).encode())
    assert caught.value.code == code
