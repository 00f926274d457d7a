"""Default weights for the first day: one fit over several logs, whose questions and skills have nothing in common."""

import json
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from pathlib import Path

from adaptive.evaluation.log_file import Log
from adaptive.mastery.model import Event
from adaptive.mastery.preparing import prepare
from adaptive.mastery.refitting import refit
from adaptive.mastery.terms import Weights

DIGITS = 5


def fit_together(logs: Sequence[Log], executor: Executor | None, version: str, origin: str) -> Weights:
    """Weights fitted on the learners of ``train`` of all logs; the terms of questions and skills are left behind."""
    histories = (
        _renamed(log.history(learner), number)
        for number, log in enumerate(logs)
        for learner in range(log.train_learners)
    )
    weights, _items, _skills = refit(prepare(histories), executor, version, origin)
    return weights


def _renamed(events: Iterator[Event], number: int) -> Iterator[Event]:
    for event in events:
        asked = event.asked
        skills = tuple(f"{number}:{key}" for key in asked.skill_ids)
        yield event._replace(asked=asked._replace(item_id=f"{number}:{asked.item_id}", skill_ids=skills))


def write(weights: Weights, path: Path) -> None:
    """Write weights as a JSON file, with five significant digits."""
    rounded = json.loads(json.dumps(weights.as_json()), parse_float=lambda text: float(f"{float(text):.{DIGITS}g}"))
    path.write_text(json.dumps(rounded, indent=1, ensure_ascii=False) + "\n", "utf-8")
