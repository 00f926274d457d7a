"""A city for cases: a centre, a district, a college that awards, a university that receives, rules, and a learner."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid4

from sqlmodel import Session, select

from credit_bank import admitting, agreeing, applying, deciding, evaluating, issuing, registering, reviewing
from credit_bank.account.posting import Account
from credit_bank.applying import PriorLearning, Promise
from credit_bank.bank import Bank
from credit_bank.casekeeping import Item
from credit_bank.deciding import Ruling
from credit_bank.recognition.casework.evidence import Criterion
from credit_bank.recognition.casework.independence import Reviewer
from credit_bank.recognition.casework.kind import Vote
from credit_bank.recognition.framework import Category
from credit_bank.reviewing import Say
from credit_bank.store import account, cases, documents, institutions
from credit_bank.store.tables import Credential, RecognitionCase
from tests.banks import code
from tests.credit_bank import cities

PROGRAMME = """
format = "evergreen-programme-1"
id = "art-2026"
version = "1"
institution = "test-university"
title = "书法教育"
framework = "evergreen-1"
level = "3"
total = "20"
valid_from = 2026-01-01

[[component]]
id = "core"
title = "核心课程"
minimum = "10"

[[course]]
code = "CAL1"
title = "书法基础"
component = "core"
credits = "2"

[[course]]
code = "CAL2"
title = "书法史"
component = "core"
credits = "2"

[[course]]
code = "WORK"
title = "毕业创作"
component = "core"
credits = "2"
convertible = false
"""
RULES = """
format = "evergreen-rules-1"
id = "art-rules"
version = "2026"
title = "书法课程转换规则"
receiver = "test-university"
basis = "programme"
framework = "evergreen-1"
valid_from = 2026-01-01
{policy}

[[rule]]
id = "intro"
title = "书法入门换书法基础"
from = "test-college: INTRO"
to = "CAL1"

[[rule]]
id = "spare"
title = "书法欣赏换书法基础"
from = "test-college: SPARE"
to = "CAL1"

[[rule]]
id = "history"
title = "书法史"
from = "test-college: HIST"
to = "CAL2"
"""


@dataclass
class City:
    """Who and what is there, by id."""

    centre: UUID
    district: UUID
    college: UUID
    university: UUID
    learner: UUID
    account: str
    programme: UUID
    bank: Bank

    def staff(self, *places: UUID, learner: UUID | None = None) -> Reviewer:
        """Somebody new who works there."""
        return Reviewer(uuid4(), learner, frozenset(places))


def build(session: Session, bank: Bank, policy: str = "") -> City:
    """The city, with its programme and rule set published."""
    college = cities.found(session, bank)
    every = list(Category)
    centre = admitting.admit(
        session, bank, handle="the-centre", name="市中心", categories=every, code=code(7), tier="centre"
    )
    district = admitting.admit(
        session, bank, handle="a-district", name="东区分中心", categories=[], code=code(8), tier="subcentre",
        parent_id=centre.id,
    )  # fmt: skip
    university = admitting.admit(
        session, bank, handle="test-university", name="试验大学", categories=every, code=code(9)
    )
    college.parent_id = district.id
    session.add(college)
    session.flush()
    published = []
    drafts = (registering.programme_draft(PROGRAMME, date(2026, 1, 1)),
              registering.ruleset_draft(RULES.format(policy=policy)))  # fmt: skip
    for draft in drafts:
        row = agreeing.propose(session, bank, university.id, draft, proposed_by=uuid4())
        published.append(agreeing.publish(session, bank, row.id, published_by=uuid4()))
    learner = cities.learner(session, bank, 1)
    learner.identity_level = "document-seen"
    session.add(learner)
    session.flush()
    return City(
        centre.id, district.id, college.id, university.id, learner.id, learner.account_number, published[0].id, bank
    )


def deposited(session: Session, city: City, course: str = "INTRO", title: str = "书法入门") -> UUID:
    """An outcome with its credential."""
    row = cities.row(2, city.account, course_code=course, course_title=title)
    [outcome] = cities.record(session, city.bank, city.college, row).outcome_ids
    issuing.issue(session, city.bank, city.college, [outcome])
    return outcome


def recognised(session: Session, city: City, outcome: UUID) -> RecognitionCase:
    """The outcome, recognised by a first reviewer of the district and a panel of three at the centre."""
    case = applying.recognition(session, city.bank, city.learner, outcome, by=None)
    reviewing.vote(session, city.bank, case.id, city.staff(city.district), Say(Vote.AGREE))
    for _ in range(2):
        reviewing.vote(session, city.bank, case.id, city.staff(city.centre), Say(Vote.AGREE))
    return deciding.decide(session, city.bank, case.id, city.staff(city.centre), Ruling(True))


def applied(session: Session, city: City) -> RecognitionCase:
    """An application for everything that is proposed."""
    document = documents.get(session, city.programme)
    found = evaluating.evaluate(session, city.bank, city.learner, document)
    return applying.conversion(
        session, city.bank, city.learner, city.programme, found.proposal, identity=found.identity,
        notice_days=found.notice_days, by=None,
    )  # fmt: skip


def converted(session: Session, city: City) -> RecognitionCase:
    """Everything that is proposed, granted by two people of the university."""
    case = applied(session, city)
    reviewing.vote(session, city.bank, case.id, city.staff(city.university), Say(Vote.AGREE))
    return deciding.decide(session, city.bank, case.id, city.staff(city.university), Ruling(True))


def university(session: Session, city: City) -> str:
    """The handle of the receiving institution."""
    return institutions.get(session, city.university).handle


def claimed(session: Session, city: City) -> RecognitionCase:
    """Learning without a certificate, approved by a panel of the university and one of the centre."""
    item = Item("作品集", "text/plain", "二十幅".encode(), ("用笔",))
    claim = PriorLearning(city.university, "书法实践", Category.OTHER, 40, "3", ("用笔",), "练了十年", (item,))
    case = applying.prior_learning(session, city.bank, city.learner, claim, by=None)
    [kept] = cases.evidence(session, case)
    for _ in range(3):
        who = city.staff(city.university)
        reviewing.judge(session, city.bank, case.id, who, kept.id, {c.value: "met" for c in Criterion})
        reviewing.vote(session, city.bank, case.id, who, Say(Vote.AGREE))
    for _ in range(2):
        reviewing.vote(session, city.bank, case.id, city.staff(city.centre), Say(Vote.AGREE))
    return deciding.decide(session, city.bank, case.id, city.staff(city.centre), Ruling(True))


def promised(session: Session, city: City, course: str = "CAL2") -> RecognitionCase:
    """A promise that 篆刻 of the college will count, granted by two people of the university."""
    asked = Promise(city.college, "NEW", "篆刻", course, date(2026, 12, 31))
    case = applying.promise(session, city.bank, city.learner, city.programme, asked, by=None)
    reviewing.vote(session, city.bank, case.id, city.staff(city.university), Say(Vote.AGREE))
    return deciding.decide(session, city.bank, case.id, city.staff(city.university), Ruling(True))


def on(session: Session, learner: UUID, where: Account) -> int:
    """What stands on an account of a learner, all kinds together."""
    return sum(balance[where] for balance in account.balance(session, learner))


def credential(session: Session, outcome: UUID) -> Credential:
    """The credential of an outcome."""
    return session.exec(select(Credential).where(Credential.outcome_id == outcome)).one()
