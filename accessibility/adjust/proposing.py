"""A change of presentation that is proposed, with its reason. One at a time, and only ever towards more help.

A proposal is a value. Nothing is changed here: the person says yes, or said before that it may be done for them, and
then it is announced and undone in one press (WCAG 2.2, 3.2.5).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType
from typing import Literal

from accessibility.adjust.signal import WINDOW, Evidence, Noticed, evidence, slowing
from accessibility.preference.model import Preference

Outcome = Literal["accepted", "declined", "done", "undone"]

# From less help to more. What is not on a ladder has no direction and is never proposed.
LADDERS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "text_size": ("18", "22", "26", "30", "40", "48"),
        "target_size": ("44", "52", "60", "72"),
        "text_spacing": ("standard", "wide"),
        "line_length": ("standard", "32", "24"),
        "layout": ("standard", "single-column"),
        "one_thing": ("off", "on"),
        "symbols": ("off", "on"),
        "easy_read": ("off", "first"),
        "read_aloud": ("off", "on"),
        "speech_rate": ("200", "150", "120", "95"),
        "help_button": ("standard", "large"),
    }
)
RESTS = (timedelta(days=14), timedelta(days=60), timedelta(days=365))
"""How long a rule says nothing after a first, a second and any further no."""
AFTER_UNDOING = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Rule:
    """``count`` of a kind on ``pages`` pages within two weeks, or reading ``ratio`` times as slowly, ask for a change.

    ``daily``: as many of it for each day on which anything was noticed, so that who is here often is not asked sooner.

    The first preference that can still go up is the one that is proposed.
    """

    id: str
    kind: str
    preferences: tuple[str, ...]
    count: int
    daily: float
    pages: int = 2
    ratio: float | None = None


# In this order: what stops a person first.
RULES = (
    Rule("presses_miss", "missed", ("target_size", "help_button"), 5, 0.5),
    Rule("presses_undone", "wrong_press", ("target_size", "one_thing"), 5, 0.4),
    Rule("enlarged_by_hand", "zoomed", ("text_size", "line_length"), 3, 0.25),
    Rule("asked_again", "asked_again", ("speech_rate",), 3, 0.3, pages=1),
    Rule("slowed_by_hand", "slowed", ("speech_rate",), 4, 0.3),
    Rule("heard_again", "replayed", ("speech_rate", "symbols"), 8, 1.0),
    Rule("pushed_sideways", "sideways", ("layout", "line_length"), 4, 0.3),
    Rule("forms_come_back", "refused_form", ("one_thing", "symbols"), 5, 0.4),
    Rule("easy_by_hand", "chose_easy", ("easy_read",), 4, 0.4, pages=3),
    Rule("sound_by_hand", "chose_sound", ("read_aloud",), 5, 0.5, pages=3),
    Rule("goes_back", "went_back", ("text_spacing", "line_length"), 10, 1.0, pages=3),
    Rule("reads_slower", "lingered", ("text_size", "easy_read"), 3, 0, pages=3, ratio=1.6),
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person said to a rule's proposal: ``done`` and ``undone`` where it was done for them."""

    rule: str
    outcome: Outcome
    day: date


@dataclass(frozen=True, slots=True)
class Proposal:
    """A preference, its value now and the one proposed, the rule and what speaks for it."""

    rule: str
    preference: str
    before: str
    after: str
    evidence: Evidence


def proposal(
    noticed: Sequence[Noticed], preference: Preference, answers: Sequence[Answer], today: date
) -> Proposal | None:
    """The change to propose today, or None. The order of what was noticed does not matter."""
    for rule in RULES:
        since = _counts_from(rule, answers, today)
        if since is None:
            continue
        found = slowing(noticed, since) if rule.ratio else evidence(noticed, rule.kind, since)
        active = len({row.day for row in noticed if row.day >= since})
        if not _enough(rule, found, active):
            continue
        for name, before, after in _steps(rule, preference):
            return Proposal(rule.id, name, before, after, found)
    return None


def _counts_from(rule: Rule, answers: Sequence[Answer], today: date) -> date | None:
    """The day from which what was noticed speaks for a rule; None while it rests."""
    since = today - WINDOW
    own = [answer for answer in answers if answer.rule == rule.id]
    refused = [answer for answer in own if answer.outcome == "declined"]
    for answer in own:
        if answer.outcome == "undone" and today < answer.day + AFTER_UNDOING:
            return None
        since = max(since, answer.day + timedelta(days=1))
    if refused:
        rest = RESTS[min(len(refused), len(RESTS)) - 1]
        if today < max(answer.day for answer in refused) + rest:
            return None
    return since


def _enough(rule: Rule, found: Evidence, active: int) -> bool:
    slower = rule.ratio is None or (found.ratio is not None and found.ratio >= rule.ratio)
    return found.count >= max(rule.count, rule.daily * active) and found.pages >= rule.pages and slower


def _steps(rule: Rule, preference: Preference) -> Iterator[tuple[str, str, str]]:
    """The next step up of each of the rule's preferences that has one."""
    for name in rule.preferences:
        ladder, now = LADDERS[name], getattr(preference, name)
        at = ladder.index(now) if now in ladder else -1
        if at + 1 < len(ladder):
            yield name, now, ladder[at + 1]


def upwards(preference: str, before: str, after: str) -> bool:
    """Whether that change is one towards more help."""
    ladder = LADDERS.get(preference, ())
    return before in ladder and after in ladder and ladder.index(after) > ladder.index(before)


def may_be_done(rule: str, answers: Sequence[Answer]) -> bool:
    """Whether a rule may act without asking where the person wished that: not after they undid it once."""
    return not any(answer.rule == rule and answer.outcome in ("undone", "declined") for answer in answers)
