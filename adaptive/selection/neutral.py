"""The order that follows nobody: the courses as their authors ordered them. Always one press away."""

from collections.abc import Collection, Sequence

from adaptive.content.model import Library
from adaptive.reason import because
from adaptive.selection.choosing import Decision


def neutral_order(library: Library, course_ids: Sequence[str] | None = None) -> tuple[str, ...]:
    """Every question, course by course, item by item. It depends on the library alone."""
    courses = library.courses if course_ids is None else course_ids
    return tuple(
        question.id
        for course in courses
        for item in library.courses[course].items
        for question in library.items[item].questions
    )


def choose_neutral(order: Sequence[str], answered: Collection[str], not_now: Collection[str] = ()) -> Decision:
    """The first question of the order that was not answered yet; no model, no state, nothing about the person.

    ``not_now`` are questions, items or courses that the learner set aside; when only these are left there is nothing.
    """
    rejected = {}
    chosen = None
    for question in order:
        item = question.partition("#")[0]
        if question in answered:
            rejected[question] = because("rejected.done")
        elif {question, item, item.partition("/")[0]} & set(not_now):
            rejected[question] = because("rejected.not_now")
        elif chosen is None:
            chosen = question
        else:
            rejected[question] = because("rejected.later")
    reason = because("choose.neutral") if chosen else because("choose.neutral_done")
    return Decision(chosen, None, (reason,), rejected, policy="neutral")
