"""Made-up people who use the pages for weeks, to see what is proposed to whom, and how often for nothing.

Assumptions, not people: each has a size of type, of targets and a pace of speech that suits them; the further a page is
from it, the more often they enlarge, miss or ask again. Beyond that everybody does each of these now and then.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from random import Random

from accessibility.adjust.proposing import LADDERS, Answer, Proposal, proposal
from accessibility.adjust.signal import Noticed
from accessibility.preference.model import Preference

START = date(2026, 1, 5)
PAGES = tuple(f"page-{n}" for n in range(12))
# How often a day somebody whom a page suits does it all the same (a slip, a curious press).
SLIPS = {"missed": 0.12, "zoomed": 0.03, "asked_again": 0.05, "wrong_press": 0.06, "sideways": 0.03, "went_back": 0.4,
         "replayed": 0.3, "slowed": 0.05, "refused_form": 0.1, "chose_easy": 0.05, "chose_sound": 0.08}  # fmt: skip
# What grows with each step that is missing, a day, and the preference that is short.
SHORT = {"missed": ("target_size", 0.9), "zoomed": ("text_size", 0.6), "asked_again": ("speech_rate", 0.7)}


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody made up: the value of each preference that suits them, and how likely they accept what is proposed."""

    name: str
    needs: dict[str, str] = field(default_factory=dict)
    accepts: float = 0.8


@dataclass(frozen=True, slots=True)
class Course:
    """What became of a person: days until every need was met (None: not), proposals for a need and for nothing."""

    met_after: int | None
    fitting: int
    needless: int
    beyond: int


def missing(person: Person, preference: Preference) -> dict[str, int]:
    """How many steps each of their preferences is short of what suits them."""
    found = {}
    for name, value in person.needs.items():
        ladder = LADDERS[name]
        steps = ladder.index(value) - ladder.index(getattr(preference, name))
        if steps > 0:
            found[name] = steps
    return found


def a_day(person: Person, preference: Preference, day: date, random: Random) -> list[Noticed]:
    """What is noticed of them on a day."""
    short, found = missing(person, preference), []
    for kind, slips in SLIPS.items():
        name, grows = SHORT.get(kind, ("", 0.0))
        for page in PAGES:
            if random.random() < (slips + grows * short.get(name, 0)) / len(PAGES):
                found.append(Noticed(day, kind, page))
    slower = 1 + 0.5 * short.get("text_size", 0)
    if random.random() < 0.5:
        found.append(Noticed(day, "lingered", random.choice(PAGES), 1, slower * random.lognormvariate(2.2, 0.25)))
    return found


Proposing = Callable[[Sequence[Noticed], Preference, Sequence[Answer], date], Proposal | None]


def live(person: Person, days: int, random: Random, proposing: Proposing = proposal) -> Course:
    """Some weeks of a person with the assistant, who starts from the standard presentation."""
    preference, noticed, answers = Preference(speech_rate="200"), list[Noticed](), list[Answer]()
    met, fitting, needless, beyond = None, 0, 0, 0
    for n in range(days):
        today = START + timedelta(days=n)
        if met is None and not missing(person, preference):
            met = n
        noticed += a_day(person, preference, today, random)
        found = proposing(noticed, preference, answers, today)
        if found is None:
            continue
        fits = found.preference in missing(person, preference)
        fitting, needless = fitting + fits, needless + (not fits)
        beyond += not fits and found.preference in person.needs
        says_yes = random.random() < (person.accepts if fits else 0.2)
        answers.append(Answer(found.rule, "accepted" if says_yes else "declined", today))
        if says_yes:
            preference = replace(preference, **{found.preference: found.after})
    return Course(met, fitting, needless, beyond)


PEOPLE = (
    Person("nothing is wanting"),
    Person("larger type by two steps", {"text_size": "26"}),
    Person("larger targets by two steps", {"target_size": "60"}),
    Person("slower speech by two steps", {"speech_rate": "120"}),
    Person("all three", {"text_size": "30", "target_size": "60", "speech_rate": "120"}),
    Person("all three, and refuses half", {"text_size": "26", "target_size": "60", "speech_rate": "120"}, 0.5),
)


@dataclass(frozen=True, slots=True)
class Row:
    """Many people of one kind: the share whose needs were met, median days, proposals a person and month."""

    person: str
    met: float
    median_days: float | None
    fitting: float
    needless: float


def table(*, people: int = 200, days: int = 90, seed: int = 1, proposing: Proposing = proposal) -> list[Row]:
    """What becomes of each kind of person; proposals are counted a person and thirty days."""
    rows = []
    for person in PEOPLE:
        random = Random(f"{seed} {person.name}")  # noqa: S311 - made-up people
        courses = [live(person, days, random, proposing) for _ in range(people)]
        waits = sorted(course.met_after for course in courses if course.met_after is not None)
        month = 30 / days / people
        rows.append(
            Row(
                person.name,
                len(waits) / people,
                waits[len(waits) // 2] if waits else None,
                sum(course.fitting for course in courses) * month,
                sum(course.needless for course in courses) * month,
            )
        )
    return rows
