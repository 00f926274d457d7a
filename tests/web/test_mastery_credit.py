"""Mastery becomes credit once: asked twice, asked at once, broken off in the middle, on both databases."""

import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest
from sqlmodel import Session, col, select

from adaptive.answering import Learning
from adaptive.store import personal_data
from credit_bank import depositing, issuing, revoking, verifying
from credit_bank.bank import Bank
from credit_bank.depositing import SourceFile
from credit_bank.errors import Conflict, CreditBankError, Forbidden
from credit_bank.report import Outcome as Found
from credit_bank.store import credentials, institutions, outcomes
from credit_bank.store.tables import Credential, Log, LogLeaf, Outcome
from tests.adaptive.lessons import COURSE, learning_of
from tests.banks import Clock
from tests.credit_bank import cities
from tests.web.desks import course
from tests.web.masteries import practised, recognise
from web.accounts.tables import AuditEvent
from web.database import Database
from web.operations import mastery_rows
from web.operations.mastery_tables import EvidenceRelease, MasteryDecision, MasteryRequest
from web.workflows import mastery_award, mastery_credit
from web.workflows.mastery_credit import Asker, Decider

ROOT = Path(__file__).parents[2]
REVIEWER = Decider(UUID(int=77), None)
COUNTED = (Outcome, Credential, LogLeaf, MasteryRequest, MasteryDecision, EvidenceRelease)


@dataclass
class Place:
    """An institution that recognises the small course, and a learner who has mastered it."""

    db: Database
    bank: Bank
    learning: Learning
    institution: UUID
    learner: UUID
    number: str
    evidence: str

    def ask(self, session: Session) -> MasteryRequest:
        return mastery_credit.ask(
            session,
            self.bank,
            self.learning,
            Asker(UUID(int=5), self.learner, "zh-CN"),
            institution_id=self.institution,
            library_course=COURSE,
            evidence_sha256=self.evidence,
        )

    def accept(self, session: Session, request_id: UUID) -> MasteryRequest:
        return mastery_credit.accept(
            session, self.bank, self.institution, request_id, evidence_sha256=self.evidence, by=REVIEWER
        )

    def counts(self) -> dict[str, int]:
        with self.db.reading() as session:
            return {table.__name__: len(session.exec(select(table)).all()) for table in COUNTED}  # type: ignore[call-overload]


def place(db: Database, bank: Bank, clock: Clock, **rule: object) -> Place:
    """See ``Place``."""
    learning = learning_of(clock)
    with db.writing() as session:
        college = cities.found(session, bank)
        depositing.import_catalogue(session, bank, college.id, [course(1), course(2)], SourceFile("c", b"c", {}))
        person = cities.learner(session, bank)
        adoption = recognise(session, college.id, **rule)
        practised(session, person.id, until=clock())
        clock.advance(hours=3)
        found = mastery_credit.standing(session, learning, person.id, adoption)
        return Place(db, bank, learning, college.id, person.id, person.account_number, found.evidence.digest)


@pytest.fixture
def here(db: Database, bank: Bank, clock: Clock) -> Place:
    return place(db, bank, clock)


@pytest.fixture
def by_person(db: Database, bank: Bank, clock: Clock) -> Place:
    return place(db, bank, clock, decides="person")


def test_the_rule_issues_at_once_and_the_credential_names_rule_and_evidence(here: Place) -> None:
    with here.db.writing() as session:
        row = here.ask(session)
        assert row.state == "issued" and row.credential_id is not None
    with here.db.reading() as session:
        held = credentials.get(session, row.credential_id)
        document = verifying.open_document(session, here.bank, held)
        assert verifying.verify_document(session, here.bank, document).outcome is Found.PASS
        text = document.decode()
        assert row.rule_sha256 in text and row.evidence_sha256 in text
        assert "home.gas" not in text and "kitchen-safety/" not in text  # how much, not what
        [outcome] = session.exec(select(Outcome)).all()
        assert (outcome.source, outcome.state, outcome.code) == ("mastery", "issued", "QH-001")
        assert outcome.id == row.outcome_id
        [decision] = session.exec(select(MasteryDecision)).all()
        assert (decision.decision, decision.decided_by, decision.rule_sha256) == ("issued", None, row.rule_sha256)
        [release] = session.exec(select(EvidenceRelease)).all()
        assert (release.institution_id, release.evidence_sha256) == (here.institution, row.evidence_sha256)
        assert release.text_sha256 == mastery_credit.release_sha256("zh-CN")
        actions = session.exec(select(AuditEvent.action).order_by(col(AuditEvent.id))).all()
        assert actions[-2:] == ["mastery.asked", "credential.issued"]


def test_asked_again_nothing_more_happens(here: Place) -> None:
    with here.db.writing() as session:
        first = here.ask(session).credential_id
    before = here.counts()
    with here.db.writing() as session:
        assert here.ask(session).credential_id == first
    assert here.counts() == before


@pytest.mark.parametrize("decides", ["rule", "person"])
def test_many_ask_at_once_and_there_is_one(db: Database, bank: Bank, clock: Clock, decides: str) -> None:
    here = place(db, bank, clock, decides=decides)
    barrier = threading.Barrier(6)
    came: list[object] = []

    def ask() -> None:
        barrier.wait(10)
        try:
            with db.writing() as session:
                came.append(here.ask(session).id)
        except Exception as error:
            came.append(error)

    _together(6, ask)
    assert len(came) == 6 and len(set(came)) == 1, came
    issued = 1 if decides == "rule" else 0
    assert here.counts() == {
        "Outcome": issued, "Credential": issued, "LogLeaf": issued, "MasteryRequest": 1, "MasteryDecision": issued,
        "EvidenceRelease": 1,
    }  # fmt: skip


def test_two_reviewers_accept_at_once_and_there_is_one(by_person: Place) -> None:
    here = by_person
    with here.db.writing() as session:
        request = here.ask(session).id
    barrier = threading.Barrier(4)
    came: list[str] = []

    def accept() -> None:
        barrier.wait(10)
        try:
            with here.db.writing() as session:
                here.accept(session, request)
            came.append("issued")
        except CreditBankError as error:
            came.append(error.code)

    _together(4, accept)
    assert sorted(came) == ["issued", *["mastery.decided"] * 3]
    assert here.counts()["Credential"] == 1


def _together(count: int, run: Callable[[], None]) -> None:
    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
        assert not thread.is_alive()


@pytest.mark.parametrize("after", ["record_outcomes", "issue", "decided", "audited"])
def test_what_breaks_in_the_middle_leaves_nothing_half(
    here: Place, monkeypatch: pytest.MonkeyPatch, after: str
) -> None:
    before = here.counts()
    owner = {"record_outcomes": depositing, "issue": issuing}.get(after, mastery_award)
    real = getattr(owner, after)

    def broken(*given: object, **named: object) -> object:
        real(*given, **named)
        if after == "audited" and given[1] == "mastery.asked":
            return None
        raise RuntimeError("the power failed")

    with monkeypatch.context() as patched:
        patched.setattr(owner, after, broken)
        with pytest.raises(RuntimeError), here.db.writing() as session:
            here.ask(session)
    assert here.counts() == before
    with here.db.writing() as session:
        assert here.ask(session).state == "issued"
    with here.db.reading() as session:
        log = session.exec(select(Log).where(Log.institution_id == here.institution)).one()
        assert log.size == 1
    assert here.counts()["Credential"] == 1


def test_a_killed_process_leaves_nothing_half(here: Place) -> None:
    before = here.counts()
    url = here.db.engine.url.render_as_string(hide_password=False)
    moment = here.learning.clock().isoformat()
    arguments = [url, str(here.institution), str(here.learner), here.evidence, moment]
    program = [sys.executable, "-m", "tests.faults.asking_halfway", *arguments]
    with subprocess.Popen(program, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == "issued"
        process.kill()
    assert here.counts() == before
    with here.db.writing() as session:
        assert here.ask(session).state == "issued"
    assert here.counts()["Credential"] == before["Credential"] + 1


def test_the_evidence_must_be_what_the_learner_saw(here: Place) -> None:
    with here.db.writing() as session, pytest.raises(Conflict, match=r"mastery\.evidence_changed"):
        mastery_credit.ask(
            session, here.bank, here.learning, Asker(UUID(int=5), here.learner, "en"),
            institution_id=here.institution, library_course=COURSE, evidence_sha256="0" * 64,
        )  # fmt: skip


def test_too_early_is_refused_and_nothing_is_kept(db: Database, bank: Bank, clock: Clock) -> None:
    here = place(db, bank, clock, days=3)
    with db.writing() as session, pytest.raises(Conflict, match=r"mastery\.not_yet"):
        here.ask(session)
    assert here.counts()["MasteryRequest"] == 0


def test_what_came_from_a_file_is_not_credited_again(here: Place) -> None:
    with here.db.writing() as session:
        row = cities.row(2, here.number, course_code="QH-001", credits=None, level=None)
        taken = cities.record(session, here.bank, here.institution, row)
        issuing.issue(session, here.bank, here.institution, taken.outcome_ids)
    with here.db.writing() as session, pytest.raises(Conflict, match=r"mastery\.held_already"):
        here.ask(session)
    assert here.counts()["MasteryRequest"] == 0
    with here.db.reading() as session:  # the page says so before anybody asks
        [adopted] = mastery_rows.adopters(session, COURSE)
        assert mastery_credit.standing(session, here.learning, here.learner, adopted).held is not None


def test_declined_with_a_reason_and_asked_again(by_person: Place) -> None:
    here = by_person
    with here.db.writing() as session:
        request = here.ask(session)
        assert request.state == "waiting"
        mastery_credit.decline(session, here.bank, here.institution, request.id, reason=" 请再练 两天 ", by=REVIEWER)
        assert (request.state, request.answer) == ("declined", "请再练 两天")
    with here.db.writing() as session:
        again = here.ask(session)
        assert again.id == request.id and again.state == "waiting" and again.times_asked == 2 and again.answer == ""
    with here.db.writing() as session:
        granted = here.accept(session, request.id)
        assert granted.state == "issued"
    with here.db.reading() as session:
        row = mastery_rows.request_of(session, here.institution, request.id)
        history = [(d.decision, d.reason, d.decided_by) for d in mastery_rows.decisions_on(session, row)]
        assert history == [("declined", "请再练 两天", REVIEWER.person_id), ("issued", "", REVIEWER.person_id)]
        assert len(session.exec(select(EvidenceRelease)).all()) == 2  # each time asked is a consent of its own


def test_nobody_decides_their_own_request(by_person: Place) -> None:
    here = by_person
    with here.db.writing() as session:
        request = here.ask(session).id
    me = Decider(UUID(int=9), here.learner)
    with here.db.writing() as session, pytest.raises(Forbidden, match=r"mastery\.own_request"):
        mastery_credit.accept(session, here.bank, here.institution, request, evidence_sha256=here.evidence, by=me)


def test_taking_evidence_back_ends_a_request_and_leaves_a_credential(by_person: Place, clock: Clock) -> None:
    here = by_person
    with here.db.writing() as session:
        request = here.ask(session).id
    with here.db.writing() as session:
        mastery_credit.take_back(session, here.learner, request, by=None, now=clock())
    with here.db.writing() as session, pytest.raises(Conflict, match=r"mastery\.decided"):
        here.accept(session, request)
    with here.db.writing() as session:
        here.ask(session)
    with here.db.writing() as session:
        here.accept(session, request)
    with here.db.writing() as session:
        personal_data.erase_learner(session, here.learner)
        mastery_credit.forget(session, here.learner, by=None, now=clock())
    with here.db.reading() as session:
        row = mastery_rows.request_of(session, here.institution, request)
        assert row.state == "issued" and row.evidence is None and row.evidence_sha256 == here.evidence
        assert all(r.withdrawn_at is not None for r in session.exec(select(EvidenceRelease)).all())
        assert row.credential_id is not None
        document = verifying.open_document(session, here.bank, credentials.get(session, row.credential_id))
        assert verifying.verify_document(session, here.bank, document).outcome is Found.PASS


def test_a_new_version_of_the_course_can_be_asked_for_once_more(here: Place, clock: Clock) -> None:
    with here.db.writing() as session:
        first = here.ask(session)
    clock.advance(days=1)
    with here.db.writing() as session:
        changed = [course(1, credits=60), course(2)]
        depositing.import_catalogue(session, here.bank, here.institution, changed, SourceFile("d", b"d", {}))
    with here.db.writing() as session:
        second = here.ask(session)
        assert second.id != first.id and second.state == "issued"
    assert here.counts()["Credential"] == 2


def test_revoking_stays_what_it_is_and_does_not_open_the_way_to_a_second(here: Place) -> None:
    with here.db.writing() as session:
        row = here.ask(session)
    assert row.credential_id is not None
    with here.db.writing() as session:
        revoking.change_status(session, here.bank, here.institution, row.credential_id, "revoke", reason="误发")
    with here.db.writing() as session:
        assert here.ask(session).credential_id == row.credential_id
    with here.db.reading() as session:
        assert [o.state for o, _ in outcomes.portfolio(session, here.learner, outcomes.PortfolioFilter())] == [
            "revoked"
        ]


@pytest.mark.parametrize("granted_first", [True, False])
def test_two_accounts_that_become_one_hold_one(here: Place, clock: Clock, granted_first: bool) -> None:
    with here.db.writing() as session:
        twin = cities.learner(session, here.bank, 2, name="示例乙")
        absorbed, kept = (here.learner, twin.id) if granted_first else (twin.id, here.learner)
        here.ask(session)
        other = MasteryRequest(
            institution_id=here.institution, learner_id=twin.id, adoption_id=UUID(int=1), library_course=COURSE,
            course_id=session.exec(select(MasteryRequest.course_id)).one(), state="waiting", asked_at=clock(),
            rule_sha256="0" * 64, evidence={}, evidence_sha256="0" * 64,
        )  # fmt: skip
        session.add(other)
    with here.db.writing() as session:
        mastery_credit.move(session, absorbed, kept, by=UUID(int=3), now=clock())
    with here.db.reading() as session:
        [row] = mastery_rows.requests_by(session, kept)
        assert row.state == "issued"
        assert [r.state for r in mastery_rows.requests_by(session, absorbed)] == ["withdrawn"]


def test_an_institution_that_may_not_issue_recognises_nothing(db: Database, bank: Bank, clock: Clock) -> None:
    here = place(db, bank, clock)
    with db.writing() as session:
        for row in institutions.accreditations(session, here.institution):
            row.valid_to = clock()
            session.add(row)
    with db.writing() as session, pytest.raises(Forbidden, match=r"mastery\.not_accredited"):
        recognise(session, here.institution, days=3)
    with db.writing() as session, pytest.raises(CreditBankError):
        here.ask(session)
    assert here.counts()["Outcome"] == 0


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"right_answers": 4}, "mastery.questions_few"),
        ({"right_answers": 0}, "mastery.rule_out_of_range"),
        ({"percent": 99}, "mastery.rule_out_of_range"),
        ({"award": "NONE"}, "mastery.course_gone"),
        ({"course_id": "nothing"}, "mastery.no_credential"),
    ],
)
def test_a_rule_that_cannot_be(here: Place, changes: dict[str, object], code: str) -> None:
    with here.db.writing() as session, pytest.raises(CreditBankError) as raised:
        recognise(session, here.institution, **changes)
    assert raised.value.code == code
