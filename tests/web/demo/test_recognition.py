"""What is published in the demo city, and its cases: every state that is promised, each with somebody who can go on."""

from collections import Counter
from pathlib import Path

from sqlmodel import Session, select

from credit_bank import correcting, deciding, evaluating, redeeming, registering, reviewing
from credit_bank.bank import Bank
from credit_bank.deciding import Ruling
from credit_bank.recognition.casework.independence import Reviewer
from credit_bank.recognition.casework.kind import Vote
from credit_bank.recognition.evaluation.proposing import greedy, proposal_of
from credit_bank.recognition.framework import EVERGREEN
from credit_bank.reviewing import Say
from credit_bank.store import cases, credentials, documents, institutions, precedents, regions
from credit_bank.store.tables import Learner, PublishedDocument, RecognitionCase
from credit_bank.verifying import open_document, verify_document
from web.accounts import memberships, people
from web.accounts.roles import Role
from web.accounts.tables import Release
from web.cli import deployment
from web.demo.city import organisations

REVIEWING = (Role.REVIEWER, Role.REGISTRAR)


def _reviewer(session: Session, bank: Bank, sign_in_name: str) -> Reviewer:
    person = people.find(session, sign_in_name)
    assert person is not None
    works_at = {
        m.institution_id for m in memberships.active_of(session, person.id, bank.clock()) if m.role in REVIEWING
    }
    return Reviewer(person.id, None, frozenset(works_at))


def _learner(session: Session, name: str) -> Learner:
    return session.exec(select(Learner).where(Learner.name == name)).one()


def _case(session: Session, name: str, kind: str, state: str) -> RecognitionCase:
    mine = cases.of_learner(session, _learner(session, name).id)
    [found] = [c for c in mine if (c.kind, c.state) == (kind, state)]
    return found


def test_documents_are_signed_by_two_people_and_the_agreement_by_both_parties(city: Path) -> None:
    found = deployment.open_deployment()
    with found.db.reading() as session:
        rows = session.exec(select(PublishedDocument)).all()
        assert Counter(r.kind for r in rows) == {"programme": 3, "ruleset": 3, "agreement": 1}
        assert all(r.state == "in-force" and r.signature and r.proposed_by != r.decided_by for r in rows)
        [agreement] = [r for r in rows if r.kind == "agreement"]
        [acceptance] = documents.acceptances(session, agreement.id)
        assert institutions.get(session, acceptance.party_id).handle == "qinghe-vocational"
        assert acceptance.state == "accepted" and acceptance.signature
        day = found.bank.today()
        texts = [r.text for r in rows if r.kind != "programme"]
        lints = [f for text in texts for f in registering.found_against(session, text, day)]
        assert not [f for f in lints if f.severity == "error"]


def test_the_level_map_and_the_equivalences_are_published(city: Path) -> None:
    found = deployment.open_deployment()
    with found.db.reading() as session:
        [row] = regions.level_maps(session)
        assert (row.source, row.target) == ("hkqf", EVERGREEN.id)
        place = institutions.find(session, "qinghe-open")
        told = {
            o: precedents.count(session, place.id, precedents.PrecedentFilter(origin=o)) for o in ("import", "review")
        }
        assert told == {"import": 14, "review": 5}
        assert place.id in precedents.with_public(session, found.bank.today())


def test_there_is_a_case_in_every_state_that_a_visitor_is_to_see(city: Path) -> None:
    found = deployment.open_deployment()
    with found.db.reading() as session:
        rows = session.exec(select(RecognitionCase)).all()
        assert Counter((c.kind, c.state) for c in rows) == {
            ("recognition", "first-review"): 2,
            ("recognition", "second-review"): 1,
            ("recognition", "returned"): 1,
            ("recognition", "refused"): 1,
            ("recognition", "impaired"): 1,
            ("recognition", "approved"): 23,
            ("conversion", "first-review"): 1,
            ("conversion", "second-review"): 1,
            ("conversion", "notice"): 1,
            ("conversion", "approved"): 1,
            ("conversion", "consumed"): 1,
            ("conversion", "impaired"): 1,
            ("conversion", "refused"): 1,
            ("ex-ante", "approved"): 1,
            ("ex-ante", "refused"): 1,
            ("appeal", "first-review"): 1,
            ("correction", "second-review"): 1,
            ("impairment", "first-review"): 2,
        }
        refused = _case(session, "试伟民", "recognition", "refused")
        [decision] = cases.decisions(session, refused)
        assert len(decision.reason) > 20
        centre = institutions.find(session, "qinghe-credit-bank")
        recognised = _case(session, "例彩云", "conversion", "consumed")
        [given] = cases.decisions(session, recognised)
        assert given.credential_id is not None and given.granted
        held = credentials.get(session, given.credential_id)
        source = open_document(session, found.bank, held)
        assert verify_document(session, found.bank, source).require().check("log").outcome == "pass"
        mine = cases.of_learner(session, recognised.learner_id)
        first = cases.decisions(session, next(c for c in mine if c.kind == "recognition"))[0]
        assert first.institution_id == centre.id and first.credential_id is not None


def test_who_applied_for_conversion_or_asked_beforehand_agreed_that_the_institution_sees_it(city: Path) -> None:
    found = deployment.open_deployment()
    with found.db.reading() as session:
        asked = [c for c in session.exec(select(RecognitionCase)).all() if c.kind in ("conversion", "ex-ante")]
        given = {r.subject_id: r.recipient_id for r in session.exec(select(Release)).all()}
        assert given == {c.id: c.receiver_id for c in asked} and len(given) == 9


def test_those_who_can_sign_in_can_go_on_with_every_open_case(city: Path) -> None:
    found = deployment.open_deployment()
    bank = found.bank
    agree, own = Say(Vote.AGREE), Say(Vote.AGREE, interest="institution")
    with found.db.writing() as session:
        staff = [m["sign_in_name"] for o in organisations() for m in o["staff"]]
        who = {name: _reviewer(session, bank, name) for name in staff}
        new = _case(session, "例兰英", "recognition", "first-review")
        reviewing.vote(session, bank, new.id, who["vocational-reviewer"], own)
        assert deciding.decide(session, bank, new.id, who["bank-reviewer"], Ruling(True)).state == "approved"
        asked = _case(session, "试玉珠", "conversion", "second-review")
        deciding.decide(session, bank, asked.id, who["open-reviewer"], Ruling(True))
        assert redeeming.consume(session, bank, asked.id, who["registrar"]).state == "consumed"
        appeal = _case(session, "例永强", "appeal", "first-review")
        reviewing.vote(session, bank, appeal.id, who["open-reviewer"], agree)
        ruling = Ruling(True, reason="规则没有写年限，应当重新看")
        assert correcting.decide_again(session, bank, appeal.id, who["registrar"], "vary", ruling).state == "varied"
        wrong = _case(session, "试子涵", "correction", "second-review")
        ruling = Ruling(True, reason="编号看错了，按公布的规则可以抵")
        correcting.decide_again(session, bank, wrong.id, who["open-reviewer"], "vary", ruling)
        assert _case(session, "试子涵", "ex-ante", "approved").course == "LN105"
        mine = cases.of_learner(session, _learner(session, "试庆红").id)
        for one in [c for c in mine if c.kind == "impairment"]:
            first, second = ("reviewer", "open-reviewer") if one.programme else ("bank-reviewer", "bank-registrar")
            reviewing.vote(session, bank, one.id, who[first], agree)
            kept = correcting.decide_impairment(session, bank, one.id, who[second], "keep", reason="另有证明")
            assert kept.state == "kept"


def test_for_one_resident_the_best_plan_counts_more_than_the_order_of_rules(city: Path) -> None:
    found = deployment.open_deployment()
    with found.db.reading() as session:
        learner = _learner(session, "试国强")
        day = found.bank.today()
        [document] = [d for d in documents.in_force(session, day) if d.key == "mechatronics" and d.kind == "programme"]
        best = evaluating.evaluate(session, found.bank, learner.id, document)
        ordered = proposal_of(best.case, greedy(best.case))
        assert (EVERGREEN.credits(best.proposal.credits), EVERGREEN.credits(ordered.credits)) == ("12", "10")
        # The visitor is to ask for it.
        assert not [c for c in cases.of_learner(session, learner.id) if c.kind == "conversion"]
