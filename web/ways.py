"""Where practice ends or does not get on: what there is to do instead, as links with their words."""

from uuid import UUID

from flask import url_for

from adaptive import helping, practising
from adaptive.struggle.ways import Way
from adaptive.suiting import Practice
from web import learning, presentation
from web.database import tx
from web.languages import named
from web.messages import t
from web.reasons import reason_sentences


def ways_of(learner_id: UUID, scope: str) -> list[tuple[str | None, str]]:
    """Address and words of each way on; a rest has no address."""
    found = helping.ways_on(tx(), learning.learning(), learner_id, scope)
    return [_shown(way) for way in found]


def resting_in(course: str) -> tuple[list[str], list[tuple[str | None, str]]]:
    """Why a course has nothing that suits its reader to practise now, and the ways on; both empty where it has."""
    learner_id = learning.stored_learner()
    if learner_id is None:
        return [], []
    practice = Practice(course, gentle=presentation.shown().easy)
    found = practising.nothing_due(tx(), learning.learning(), learning.choices(), learner_id, practice)
    return ([], []) if found is None else (reason_sentences(found), ways_of(learner_id, course))


def _shown(way: Way) -> tuple[str | None, str]:
    library = learning.library()
    if way.course_id is not None:
        title = named(library.courses[way.course_id].title)
        return url_for("library.course", course=way.course_id), t("practice.way.course", title=title)
    if way.item_id is None:
        return None, t("practice.way.rest", count=way.minutes) if way.minutes else t("practice.way.rest_later")
    item = library.items[way.item_id]
    course, _, name = item.id.partition("/")
    more = {"form": way.form} if way.form else {}
    form = t(f"library.form.{way.form}") if way.form else ""
    said = t(f"practice.way.{way.kind}", title=named(item.title), form=form, minutes=item.minutes)
    return url_for("library.item", course=course, item=name, **more), said  # type: ignore[arg-type] # no _scheme here
