"""What a decision rests on, checked far from the bank (R29), and what a machine's proposal is not (R31)."""

import hashlib
import json
from pathlib import Path

import pytest
from sqlmodel import Session

from credit_bank import bundling, deciding, founding, reviewing, verifying
from credit_bank.__main__ import main
from credit_bank.account.posting import Account
from credit_bank.bank import Bank
from credit_bank.credential.bundle import compose_bundle
from credit_bank.deciding import Ruling
from credit_bank.errors import Forbidden
from credit_bank.recognition.casework.kind import Vote
from credit_bank.reviewing import Say
from credit_bank.store import cases, credentials
from credit_bank.store.tables import CaseDecision, RecognitionCase
from tests.credit_bank import casework_city as world
from tests.credit_bank.casework_city import credential, on
from web.database import Database


def standing(session: Session, case: RecognitionCase) -> CaseDecision:
    """The decision of a case that has one."""
    found = cases.standing_decision(session, case)
    assert found is not None
    return found


def test_r29_a_decision_names_who_when_by_which_rules_and_from_what_and_is_checked_without_the_bank(
    db: Database, bank: Bank, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with db.writing() as session:
        city = world.build(session, bank)
        outcome = world.deposited(session, city)
        source = credential(session, outcome)
        world.recognised(session, city, outcome)
        conversion = world.converted(session, city)
        claim = world.claimed(session, city)
        bank_key = founding.bank_key(session, bank).multikey
        files, facts = {}, {}
        for name, case in (("conversion", conversion), ("claim", claim)):
            row = credentials.get(session, standing(session, case).credential_id)
            files[name] = tmp_path / f"{name}.json"
            files[name].write_bytes(compose_bundle(bundling.bundle(session, bank, row)))
            facts[name] = json.loads(verifying.open_document(session, bank, row))
        [rules] = standing(session, conversion).rulesets
        university = world.university(session, city)
    said = json.dumps(facts["conversion"], ensure_ascii=False)
    assert facts["conversion"]["issuer"]["id"].endswith(university) and facts["conversion"]["validFrom"]  # who, when
    assert rules in said and str(conversion.id) in said
    assert source.id.urn in said and source.document_sha256.hex() in said
    assert hashlib.sha256("二十幅".encode()).hexdigest() in json.dumps(facts["claim"])
    when = bank.now().isoformat()
    for file in files.values():  # nothing but the file and the bank's key
        assert main(["verify", str(file), "--bank-key", bank_key, "--at", when]) == 0
    changed = files["conversion"].read_text().replace(rules, rules[::-1])
    files["conversion"].write_text(changed)
    assert main(["verify", str(files["conversion"]), "--bank-key", bank_key, "--at", when]) == 1
    capsys.readouterr()


def test_r31_a_proposal_changes_nothing_until_people_decide(db: Database, bank: Bank) -> None:
    with db.writing() as session:
        city = world.build(session, bank)
        world.recognised(session, city, world.deposited(session, city))
        case = world.applied(session, city)
        assert case.proposal is not None and case.proposal["chosen"]
        candidates = json.loads(json.dumps(case.proposal["candidates"]))
        assert candidates and all(one["reasons"] for one in candidates)  # the trace of its rules
        assert (case.state, cases.standing_decision(session, case)) == ("first-review", None)
        assert (on(session, city.learner, Account.AVAILABLE), on(session, city.learner, Account.HELD)) == (40, 0)
        one = city.staff(city.university)
        reviewing.vote(session, bank, case.id, one, Say(Vote.AGREE))
        with pytest.raises(Forbidden, match="reviewed_already"):
            deciding.decide(session, bank, case.id, one, Ruling(True))
        assert on(session, city.learner, Account.HELD) == 0
        two = city.staff(city.university)
        deciding.decide(session, bank, case.id, two, Ruling(True))
        assert standing(session, case).decided_by == two.person
        assert on(session, city.learner, Account.HELD) == 40
