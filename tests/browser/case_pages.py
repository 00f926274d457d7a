"""A learner's applications, the reviewers' desk and the public register, looked at in a real browser."""

from collections.abc import Callable
from functools import cache
from uuid import UUID, uuid4

from sqlmodel import Session

from credit_bank import agreeing, applying, deciding, evaluating, issuing, registering, reviewing
from credit_bank.applying import PriorLearning
from credit_bank.casekeeping import Item
from credit_bank.deciding import Ruling
from credit_bank.recognition.casework.independence import Reviewer
from credit_bank.recognition.casework.kind import Vote
from credit_bank.recognition.framework import Category
from credit_bank.reviewing import Say
from credit_bank.store import cases, documents
from credit_bank.store.tables import RecognitionCase
from tests.browser.looked import Looked, Sent
from tests.browser.site import Site
from tests.credit_bank import casework_city, cities
from tests.web import scenes
from tests.web.desks import Desk
from tests.web.scenes import Scene
from web.accounts.permissions import cookie_name
from web.accounts.roles import Role


def _somebody(case: RecognitionCase) -> Reviewer:
    return Reviewer(uuid4(), None, frozenset({case.institution_id}))


LIMIT = """
[[limit]]
id = "half"
title = "转换学分不超过一半"
title_en = "At most half is converted"
sense = "at-most"
unit = "credits"
bound = "50%"
base = "total"
"""


def _limited(session: Session, scene: Scene) -> None:
    """The rules in a newer version, with a limit."""
    text = casework_city.RULES.format(policy="").replace('version = "2026"', 'version = "2027"') + LIMIT
    draft = registering.ruleset_draft(text)
    row = agreeing.propose(session, scene.town.bank, scene.university, draft, proposed_by=uuid4())
    agreeing.publish(session, scene.town.bank, row.id, published_by=uuid4())


def _in_force(session: Session, scene: Scene) -> UUID:
    """The rules in force."""
    rows = documents.of_institution(session, scene.university)
    return next(row.id for row in rows if row.kind == "ruleset" and row.state == "in-force")


def _recognised(session: Session, scene: Scene) -> None:
    bank = scene.town.bank
    case = applying.recognition(session, bank, scene.holder.learner_id, scene.outcome, by=None)
    reviewing.vote(session, bank, case.id, _somebody(case), Say(Vote.AGREE, interest="institution"))
    for _ in range(2):
        reviewing.vote(session, bank, case.id, _somebody(case), Say(Vote.AGREE))
    deciding.decide(session, bank, case.id, _somebody(case), Ruling(True))


def _applied(session: Session, scene: Scene) -> RecognitionCase:
    bank, learner = scene.town.bank, scene.holder.learner_id
    found = evaluating.evaluate(session, bank, learner, documents.get(session, scene.programme))
    return applying.conversion(session, bank, learner, scene.programme, found.proposal, statement="请看大纲", by=None)


@cache
def _made(site: Site) -> tuple[Scene, dict[str, UUID]]:
    """Cases in several states, made once for each site."""
    scene = scenes.make(Desk(site.app))
    bank, learner = scene.town.bank, scene.holder.learner_id
    with site.writing() as session:
        _limited(session, scene)
        _recognised(session, scene)
        refused = _applied(session, scene)
        reviewing.vote(session, bank, refused.id, _somebody(refused), Say(Vote.AGREE))
        deciding.decide(session, bank, refused.id, _somebody(refused), Ruling(False, reason="看不出内容相同"))
        applied = _applied(session, scene)
        item = Item("作品集", "text/plain", "二十幅".encode(), ("用笔",))
        claim = PriorLearning(scene.university, "书法实践", Category.OTHER, 40, "3", ("用笔",), "练了十年", (item,))
        prior = applying.prior_learning(session, bank, learner, claim, by=None)
        row = cities.row(3, scene.holder.number, course_code="HIST", course_title="书法史", name="")
        [other] = cities.record(session, bank, scene.college, row).outcome_ids
        issuing.issue(session, bank, scene.college, [other])
        returned = applying.recognition(session, bank, learner, other, by=None)
        say = Say(Vote.RETURN, "请补大纲", "institution")
        reviewing.vote(session, bank, returned.id, _somebody(returned), say)
        [evidence] = cases.evidence(session, prior)
        ids = {
            "refused": refused.id, "applied": applied.id, "prior": prior.id, "returned": returned.id,
            "evidence": evidence.id, "programme": scene.programme, "outcome": scene.outcome,
            "rules": _in_force(session, scene),
        }  # fmt: skip
    return scene, ids


def _at(path: str) -> Callable[[Site], str]:
    return lambda site: path.format(**_made(site)[1])


def _learner(site: Site) -> dict[str, str]:
    scene = _made(site)[0]
    with site.app.app_context():
        return {cookie_name(): scene.town.token(scene.holder.person_id)}


def _staff(place: str, *roles: Role) -> Callable[[Site], dict[str, str]]:
    @cache
    def person(site: Site) -> UUID:
        scene = _made(site)[0]
        return scene.town.staff(f"case-{place}", getattr(scene, place), *roles)

    def cookies(site: Site) -> dict[str, str]:
        with site.app.app_context():
            return {cookie_name(): _made(site)[0].town.token(person(site))}

    return cookies


TABLE = (
    "机构,课程代码,成果名称,类别,学分,获得日期,等级\n"
    "试验学院,INTRO,书法入门,非学历,2,2026-05-01,3\n试验学院,NONE,插花,非学历,1,2026-05-01,3\n"
)


def _tried(text: str) -> Sent:
    """The form of the trial, sent with a table; of the programmes it takes the one that the learner looks at."""
    return Sent(lambda site: {"programme": str(_made(site)[1]["programme"]), "text": text})


_TRIED = {
    "try_programme": "art-2026", "try_institution": "试验学院", "try_course": "INTRO", "try_title": "书法入门",
    "try_credits": "2", "try_level": "3",
}  # fmt: skip
_reviewer = _staff("university", Role.REVIEWER, Role.REGISTRAR)
_awarder = _staff("college", Role.REVIEWER)
_DESK = "/desk/test-university/cases"
CASES = [
    Looked("my applications", _at("/cases"), _learner),
    Looked("an application", _at("/cases/{applied}"), _learner),
    Looked("an application, refused", _at("/cases/{refused}"), _learner),
    Looked("apply for recognition", _at("/cases/recognise"), _learner),
    Looked("programmes to convert to", _at("/cases/programmes"), _learner),
    Looked("apply for conversion", _at("/cases/convert/{programme}"), _learner),
    Looked("learning without a certificate", _at("/cases/prior"), _learner),
    Looked("withdraw an application", _at("/cases/{applied}/withdraw"), _learner),
    Looked("hand in more", _at("/cases/{returned}/more"), _learner),
    Looked("appeal", _at("/cases/{refused}/appeal"), _learner),
    Looked("what my credits can do", "/portfolio/plans", _learner),
    Looked("the plan for a programme", _at("/portfolio/plans/{programme}"), _learner),
    Looked("try a plan", _at("/plans")),
    Looked("a plan tried", _at("/plans"), sent=(_tried(TABLE),)),
    Looked("a plan tried, with faults", _at("/plans"), status=422, sent=(_tried("成果名称,学分\n书法,很多\n"),)),
    Looked("cases at the desk", _at(_DESK), _reviewer),
    Looked("a case at the desk", _at(_DESK + "/{applied}"), _reviewer),
    Looked("a case of prior learning", _at(_DESK + "/{prior}"), _reviewer),
    Looked("rules and agreements", _at("/desk/test-university/documents"), _reviewer),
    Looked("rules as cards", _at("/desk/test-university/rules?from={rules}"), _reviewer, sent=(Sent(_TRIED),)),
    Looked("a rule in a form", _at("/desk/test-university/rules?from={rules}&open=rule:0"), _reviewer),
    Looked("judge evidence", _at(_DESK + "/{prior}/evidence/{evidence}"), _reviewer),
    Looked(
        "revoke what others rest on",
        _at("/desk/test-college/outcomes/{outcome}/revoke"),
        _staff("college", Role.REVIEWER),
    ),
    Looked("register", _at("/register?receiver=test-university&source=test-college")),
    Looked("a document of the register", _at("/register/{programme}")),
    Looked("public notices", _at("/notices")),
]
