"""Living through a learner's answers: predict each one, then learn from it, as it happens online."""

from collections.abc import Iterable

from adaptive.mastery.model import Event, predict_and_observe
from adaptive.mastery.state import NO_OVERALL, ItemState, LearnerState, SkillState
from adaptive.mastery.terms import NO_TERM, Shared, Term, add


class Learner:
    """A learner whose state changes in place, so that a step costs the same however long the history is.

    The terms of ``shared`` must be dicts where the learner is followed ``adapting``: they change too.
    """

    def __init__(self, shared: Shared) -> None:
        self.shared = shared
        self._skills, self._items = dict[str, SkillState](), dict[str, ItemState]()
        self.state = LearnerState(NO_OVERALL, self._skills, self._items)

    def follow(self, events: Iterable[Event], *, adapting: bool) -> list[float]:
        """The probability of each answer before it was learned from."""
        found = []
        state, shared = self.state, self.shared
        for event in events:
            before, ((overall, skills, items), change) = predict_and_observe(state, shared, event)
            found.append(before[0])
            self._skills.update(skills)
            self._items.update(items)
            state = LearnerState(overall, self._skills, self._items)
            if adapting:
                _take(shared.items, change.items)
                _take(shared.skills, change.skills)
        self.state = state
        return found


def _take(terms: object, changes: object) -> None:
    assert isinstance(terms, dict) and isinstance(changes, dict)
    own: dict[str, Term] = terms
    for key, change in changes.items():
        own[key] = add(own.get(key, NO_TERM), change)


def apart(shared: Shared) -> Shared:
    """The same terms in dicts of their own, to be changed."""
    return Shared(shared.weights, dict(shared.items), dict(shared.skills))
