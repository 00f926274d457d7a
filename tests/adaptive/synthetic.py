"""Learners made up by a seeded generator, whose true probabilities are known."""

import math
import random
from pathlib import Path

from adaptive.mastery.model import Asked, Event

HEADER = "user_id,item_id,skill_ids,correct,presented_at,answered_at,fold"


def histories(
    learners: int, answers: int, *, items: int = 40, skills: int = 6, seed: int = 1, timed: bool = True
) -> list[list[Event]]:
    """Events of learners who differ in ability, get better, and meet questions of differing hardness."""
    return [[event for event, _p in own] for own in truths(learners, answers, items, skills, seed, timed)]


def truths(
    learners: int, answers: int, items: int = 40, skills: int = 6, seed: int = 1, timed: bool = True
) -> list[list[tuple[Event, float]]]:
    """The same with the true probability of each answer."""
    draw = random.Random(seed)
    hardness = [draw.gauss(0, 1) for _ in range(items)]
    found = []
    for _ in range(learners):
        ability, now, own = draw.gauss(0.8, 0.9), 1.7e9, []
        for number in range(answers):
            item = draw.randrange(items)
            now += draw.choice([20.0, 60.0, 90_000.0])
            p = 1 / (1 + math.exp(-(ability + 0.01 * number - hardness[item])))
            names = [f"s{item % skills}"] + ([f"s{(item + 1) % skills}"] if item % 5 == 0 else [])
            asked = Asked(f"q{item}", tuple(dict.fromkeys(names)), now if timed else None)
            event = Event(asked, draw.random() < p, now + draw.choice([4.0, 9.0, 40.0]) if timed else None)
            own.append((event, p))
        found.append(own)
    return found


def write_log(path: Path, given: list[list[Event]], *, tests_from: int | None = None) -> Path:
    """A log as CSV; the learners from ``tests_from`` on are in ``test``, without it no fold is given."""
    lines = [HEADER]
    for number, history in enumerate(given):
        fold = "" if tests_from is None else "test" if number >= tests_from else "train"
        for event in history:
            asked = event.asked
            times = ["" if at is None else f"{at:.3f}" for at in (asked.presented_at, event.answered_at)]
            cells = [f"u{number}", asked.item_id, ";".join(asked.skill_ids), str(int(event.correct)), *times, fold]
            lines.append(",".join(cells))
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path
