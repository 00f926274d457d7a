"""Which form of an item to show: what the person prefers, else what has worked for them, else the standard one."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from math import sqrt

from adaptive.content.model import FORM_KINDS, FormKind
from adaptive.reason import Reason, because

PRIOR_RIGHT, PRIOR_WRONG = 3.0, 1.0  # where every form begins: three answers of four right
DEVIATIONS = 1.0  # by how many a form must lie above the standard one before it is shown instead
LEAST = 5  # answers after a form before it says anything


@dataclass(frozen=True, slots=True)
class FormChoice:
    """The form to show first, the others in the order in which they are offered, and why."""

    kind: FormKind
    others: tuple[FormKind, ...]
    reasons: tuple[Reason, ...]


def choose_form(
    available: Collection[FormKind],
    preferred: FormKind | None,
    worked: Mapping[FormKind, tuple[int, int]],
    used: Collection[FormKind] = (),
) -> FormChoice:
    """The form of an item for a person.

    ``worked`` counts (right answers, answers) of this person after each form; ``used`` are forms that did not help with
    this item. What the person prefers outranks what worked. Every form stays on offer. Raises ValueError where no form
    is available.
    """
    if not available:
        raise ValueError("an item has a form")
    ordered = sorted(available, key=lambda kind: (kind in used, kind != preferred, FORM_KINDS.index(kind)))
    if preferred is not None and preferred in available and preferred not in used:
        return _choice(ordered, preferred, "form.preferred")
    fresh = [kind for kind in ordered if kind not in used]
    if used and fresh:
        best = max(fresh, key=lambda kind: (_expected(worked, kind)[0], -FORM_KINDS.index(kind)))
        return _choice(ordered, best, "form.another")
    if "standard" in available:
        usual, _deviation = _expected(worked, "standard")
        better = [kind for kind in ordered if kind != "standard" and _clearly(worked, kind, usual)]
        if better:
            return _choice(ordered, max(better, key=lambda kind: _expected(worked, kind)[0]), "form.worked")
        return _choice(ordered, "standard", "form.standard")
    return _choice(ordered, ordered[0], "form.only" if len(ordered) == 1 else "form.first")


def _choice(ordered: list[FormKind], kind: FormKind, code: str) -> FormChoice:
    return FormChoice(kind, tuple(k for k in ordered if k != kind), (because(code, form=kind),))


def _expected(worked: Mapping[FormKind, tuple[int, int]], kind: FormKind) -> tuple[float, float]:
    """Mean and standard deviation of the chance of a right answer after a form (Beta distribution)."""
    right, count = worked.get(kind, (0, 0))
    a, b = PRIOR_RIGHT + right, PRIOR_WRONG + count - right
    return a / (a + b), sqrt(a * b / ((a + b) ** 2 * (a + b + 1)))


def _clearly(worked: Mapping[FormKind, tuple[int, int]], kind: FormKind, usual: float) -> bool:
    mean, deviation = _expected(worked, kind)
    return worked.get(kind, (0, 0))[1] >= LEAST and mean - DEVIATIONS * deviation > usual
