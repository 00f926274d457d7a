"""What to do instead of "again": another form, then a worked example or what lies underneath, then a person.

How soon a person comes is measured on logs: docs/reference/simulation.md, "When a person".
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from adaptive.content.model import FormKind
from adaptive.reason import Reason, because

ApproachKind = Literal["form", "example", "prerequisite", "person"]
LADDER: tuple[ApproachKind, ...] = ("form", "example", "prerequisite", "person")
FORM_ORDER: tuple[FormKind, ...] = ("easy", "steps", "audio", "standard")
WEAK = 0.8  # P(mastery) of a prerequisite below which it may be what is missing
MISSING = 0.5  # below which it more likely is than not, so that it comes before an example
CHANGES = 2  # of the approach on a skill, after which a person is better than a third
CHANGES_ACROSS = 1  # of the approach on any skill, for whoever fails on several at once


@dataclass(frozen=True, slots=True)
class Approach:
    """A way on: a form of the same item, a worked example of a question, a skill underneath, or a person to ask."""

    kind: ApproachKind
    reasons: tuple[Reason, ...]
    form: FormKind | None = None
    skill_id: str | None = None
    question_id: str | None = None


@dataclass(frozen=True, slots=True)
class Offers:
    """What there is to offer: the forms of the item in the order that suits the person, questions with a worked
    explanation that are not the one just asked, and P(mastery) of the skill's prerequisites."""

    forms: Sequence[FormKind] = ()
    examples: Sequence[str] = ()
    prerequisites: Mapping[str, float] = field(default_factory=dict)


def next_approach(
    skill_id: str,
    used: Sequence[Approach],
    offers: Offers,
    shown: FormKind | None,
    across: Sequence[ApproachKind] | None = None,
) -> Approach:
    """The next rung: never one that was used for this skill already, and a person once two changes did not help.

    ``used`` are the approaches taken since the skill was last answered three times right in a row, the oldest first;
    ``shown`` the form that the learner has in front of them. ``across`` is given when answers fail across skills: the
    kinds that were offered lately on any skill. One of them is enough then, and a person comes next; while a person is
    among them already, the skill goes up its own ladder, so that there is something else to do too.
    """
    person = Approach("person", (because("approach.person", skill=skill_id),))
    if across is not None and len(across) >= CHANGES_ACROSS and "person" not in across:
        return person
    tried = {a.kind for a in used}
    if "person" in tried or len(used) >= CHANGES:
        return person
    left = [form for form in (*offers.forms, *FORM_ORDER) if form in offers.forms and form != shown]
    if not tried and left:
        return Approach("form", (because("approach.form", form=left[0], skill=skill_id),), form=left[0])
    below = _weakest(skill_id, offers) if "prerequisite" not in tried else None
    if below is not None and offers.prerequisites[below.skill_id or ""] < MISSING:
        return below
    if not tried & {"example", "prerequisite"} and offers.examples:
        return Approach("example", (because("approach.example", skill=skill_id),), question_id=offers.examples[0])
    return below or person


def _weakest(skill_id: str, offers: Offers) -> Approach | None:
    weak = sorted((p, skill) for skill, p in offers.prerequisites.items() if p < WEAK)
    if not weak:
        return None
    p, weakest = weak[0]
    facts = because("approach.prerequisite", skill=skill_id, before=weakest, percent=round(100 * p))
    return Approach("prerequisite", (facts,), skill_id=weakest)
