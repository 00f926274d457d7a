"""Predicting an answer and learning from it, without any storage, against the bare sum of products it stands on."""

import random
import time
from operator import mul

from adaptive.mastery.following import Learner, apart
from adaptive.mastery.model import Asked, Event, Shared, default_weights
from bench import measuring


def _history(draw: random.Random, answers: int, *, timed: bool) -> list[Event]:
    now, found = 1.7e9, []
    for _ in range(answers):
        item = draw.randrange(400)
        now += draw.choice([30.0, 90.0, 50_000.0])
        skills = (f"s{item % 20}", "s20") if item % 4 == 0 else (f"s{item % 20}",)
        asked = Asked(f"q{item}", skills, now if timed else None, 1 + item % 5)
        found.append(Event(asked, draw.random() < 0.75, now + 12 if timed else None))
    return found


def run(quick: bool) -> None:
    """Print CPU µs an answer (predict and observe), with and without times, and the ratio to the sum of products."""
    learners, each = (4, 100) if quick else (50, 300)
    weights = default_weights()
    z = [0.1] * len(weights.values)
    for timed in (True, False):
        draw = random.Random(1)  # the same answers in every run
        histories = [_history(draw, each, timed=timed) for _ in range(learners)]
        shared = apart(Shared(weights))
        start = time.process_time()
        for history in histories:
            Learner(shared).follow(history, adapting=True)
        own = 1e6 * (time.process_time() - start) / (learners * each)
        bare = 1e6 / measuring.rate(lambda: sum(map(mul, weights.values, z)), 2_000 if quick else 100_000)
        kind = "with times, memories kept" if timed else "without times"
        print(f"{kind}: {own:.1f} µs an answer; {len(z)} products and their sum {bare:.2f} µs; ratio {own / bare:.0f}")
