"""Pages of the library and of practice in a real browser: for a stranger, and for one whose learning is kept."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache

from adaptive import answering, practising
from adaptive.answering import Given, Learning
from adaptive.content.model import Library
from adaptive.mastery.terms import default_weights
from adaptive.suiting import Choices, Practice
from credit_bank.store.types import new_id
from tests.browser.site import Site
from tests.web.learners import keeping
from tests.web.people import Holder, Town
from web.accounts.permissions import cookie_name
from web.learning import Shelves


def library_of(site: Site) -> Library:
    """The library of the running application."""
    shelves: Shelves = site.app.extensions["evergreen_library"]
    return shelves.current().library


@cache
def learner(site: Site) -> tuple[Town, Holder]:
    """A learner who agreed to keeping their learning."""
    town = Town(site.app)
    return town, keeping(town, town.learner("示例读者"))


def reading(site: Site) -> dict[str, str]:
    """The cookies of that learner's browser."""
    town, holder = learner(site)
    with site.app.app_context():
        return {cookie_name(): town.token(holder.person_id)}


def first_course(site: Site) -> str:
    """The path of a course."""
    return "/library/" + next(iter(library_of(site).courses))


def lesson(form: str) -> Callable[[Site], str]:
    """The path of the first lesson that has that form."""

    def path(site: Site) -> str:
        found = next(item for item in library_of(site).items.values() if form in item.forms)
        return f"/library/{found.id}?form={form}"

    return path


def question_of(kind: str) -> Callable[[Site], str]:
    """The path at which a stranger is asked a question of that kind."""

    def path(site: Site) -> str:
        library = library_of(site)
        for item in library.items.values():
            for number, question in enumerate(item.questions):
                if question.kind == kind:
                    return f"/library/{item.id}/practice?n={number}"
        raise LookupError(kind)

    return path


def _learning(site: Site) -> tuple[Learning, Choices]:
    library = library_of(site)
    return Learning(library, default_weights(), lambda: datetime.now(UTC), new_id), Choices(library)


def why(site: Site) -> str:
    """The path of a choice's reasons."""
    _town, holder = learner(site)
    learning, choices = _learning(site)
    with site.writing() as session:
        chosen = practising.next_question(session, learning, choices, holder.learner_id, Practice())
        return f"/why/{chosen.id}"


def answered(site: Site) -> str:
    """The path of an answer's feedback: a wrong one, to several options."""
    _town, holder = learner(site)
    learning, _choices = _learning(site)
    question = next(q for q in learning.library.questions.values() if q.kind == "several")
    wrong = [index for index, option in enumerate(question.options) if not option.correct]
    with site.writing() as session:
        taken = answering.take(session, learning, holder.learner_id, Given(question.id, wrong, new_id().hex))
    return f"/practice/answers/{taken.answer_id}"
