"""What to do instead of "again": another form, then a worked example, then what lies underneath, then a person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from adaptive.content.model import FormKind
from adaptive.reason import Reason, because

ApproachKind = Literal["form", "example", "prerequisite", "person"]
LADDER: tuple[ApproachKind, ...] = ("form", "example", "prerequisite", "person")
FORM_ORDER: tuple[FormKind, ...] = ("easy", "steps", "audio", "standard")
WEAK = 0.8  # P(mastery) of a prerequisite below which it may be what is missing


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


def next_approach(skill_id: str, used: Sequence[Approach], offers: Offers, shown: FormKind | None) -> Approach:
    """The next rung: never one that was used for this skill already, and in the end a person.

    ``used`` are the approaches taken since the skill was last answered three times right in a row, the oldest first;
    ``shown`` the form that the learner has in front of them. At most two other forms are tried before an example.
    """
    begun = max((LADDER.index(a.kind) for a in used), default=0)
    forms_used = {a.form for a in used if a.kind == "form"} | {shown}
    left = [form for form in (*offers.forms, *FORM_ORDER) if form in offers.forms and form not in forms_used]
    if begun == 0 and left and sum(a.kind == "form" for a in used) < 2:
        return Approach("form", (because("approach.form", form=left[0], skill=skill_id),), form=left[0])
    seen = {a.question_id for a in used}
    examples = [question for question in offers.examples if question not in seen]
    if begun <= 1 and examples and not any(a.kind == "example" for a in used):
        return Approach("example", (because("approach.example", skill=skill_id),), question_id=examples[0])
    below = {a.skill_id for a in used if a.kind == "prerequisite"}
    weak = sorted((p, skill) for skill, p in offers.prerequisites.items() if p < WEAK and skill not in below)
    if begun <= 2 and weak:
        p, weakest = weak[0]
        facts = because("approach.prerequisite", skill=skill_id, before=weakest, percent=round(100 * p))
        return Approach("prerequisite", (facts,), skill_id=weakest)
    return Approach("person", (because("approach.person", skill=skill_id),))
