"""Pages of one's own learning in a real browser: a learner with a history, a goal and a placement."""

from datetime import UTC, datetime, timedelta
from functools import cache
from random import Random

from adaptive import answering, placing, planning
from adaptive.answering import Given, Learning
from adaptive.content.grading import right_response
from adaptive.mastery.terms import default_weights
from credit_bank.store.types import new_id
from tests.browser.library_pages import learner, library_of
from tests.browser.site import Site
from tests.web.learners import keeping
from tests.web.people import Holder, Town
from web.accounts.permissions import cookie_name


@cache
def experienced(site: Site) -> tuple[Town, Holder]:
    """A learner who mastered some skills, forgot some, began others, and has a goal; one step is set aside."""
    town, library, rng = learner(site)[0], library_of(site), Random(3)
    holder = keeping(town, town.learner("示例老学员"))
    at = [datetime.now(UTC)]
    learning = Learning(library, default_weights(), lambda: at[0], new_id)
    with site.writing() as session:
        for course, days, share in (("phone-basics", 60, 1.0), ("spotting-fraud", 5, 0.6), ("poetry", 1, 0.9)):
            at[0] = datetime.now(UTC) - timedelta(days=days)
            for item in library.courses[course].items[:4]:
                for question in library.items[item].questions:
                    at[0] += timedelta(minutes=2)
                    response = right_response(question) if rng.random() < share else None
                    presented = at[0] - timedelta(seconds=20)
                    answering.take(
                        session,
                        learning,
                        holder.learner_id,
                        Given(question.id, response, new_id().hex, presented_at=presented),
                    )
        at[0] = datetime.now(UTC)
        made = planning.choose(session, learning, holder.learner_id, "course:spotting-fraud")
        planning.skip(session, learning, holder.learner_id, made.plan.steps[-1].skill_id)
        placing.begin(session, learning, holder.learner_id, "poetry")
        placing.end(session, learning, holder.learner_id, "poetry")
        placing.begin(session, learning, holder.learner_id, "mobile-payment")
    return town, holder


def learning_there(site: Site) -> dict[str, str]:
    """The cookies of that learner's browser."""
    town, holder = experienced(site)
    with site.app.app_context():
        return {cookie_name(): town.token(holder.person_id)}


@cache
def _doubter(site: Site) -> tuple[Town, Holder]:
    town = learner(site)[0]
    return town, town.learner("示例新学员")


def not_agreed(site: Site) -> dict[str, str]:
    """The cookies of a learner who did not agree to keeping their learning."""
    town, holder = _doubter(site)
    with site.app.app_context():
        return {cookie_name(): town.token(holder.person_id)}
