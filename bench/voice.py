"""Spoken commands: how often the right one, asked again, a wrong act, other speech taken; beside plain time warping.

``--recordings FOLDER`` takes ``speaker/command_take.wav`` instead of the synthetic speakers.
"""

import time
from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import numpy as np

from accessibility.errors import InvalidInput
from accessibility.voice.audio import Samples
from accessibility.voice.commands import EnrolledCommands
from accessibility.voice.enrolment import Enrolment, take
from bench.voices.casts import Cast, casts
from bench.voices.conditions import MEASURED, Condition
from bench.voices.people import TALK, voices
from bench.voices.plain import Plain

Answer = tuple[Sequence[str], bool]


class Row:
    """What became of everything said in one condition, by one recogniser."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.seconds = 0.0

    def note(self, command: str | None, recognise: Callable[[Samples], Answer], samples: Samples) -> None:
        """Recognise and count."""
        began = time.process_time()
        order, taken = recognise(samples)
        self.seconds += time.process_time() - began
        self.counts["all"] += 1
        if command is None:
            self.counts.update(other=1, other_taken=int(taken))
            return
        right = list(order[:1]) == [command]
        self.counts.update(said=1, right=taken and right, wrong=taken and not right, among=command in order[:3])

    def share(self, what: str, of: str = "said") -> float:
        """Per cent."""
        return 100 * self.counts[what] / max(1, self.counts[of])

    def __str__(self) -> str:
        asked = 100 - self.share("right") - self.share("wrong")
        figures = (self.share("right"), asked, self.share("wrong"), self.share("other_taken", "other"))
        return " ".join(f"{figure:6.1f}" for figure in (*figures, self.share("among")))


def ours(recogniser: EnrolledCommands, samples: Samples) -> Answer:
    """What the library's recogniser answers."""
    likeness = recogniser.compare(samples)
    return ((), False) if likeness is None else (likeness.order, recogniser.accepts(likeness))


def enrolment(takes: dict[str, list[Samples]], most: int = 3) -> Enrolment:
    """The takes enrolled, at most so many of each command; one that can't be is left out, and told."""
    made = Enrolment()
    for command, own in takes.items():
        for one in own[:most]:
            try:
                made = made.with_take(command, take(one).take)
            except InvalidInput as error:
                print(f"{command}: {error}")
    return made


def _measure(cast: Cast, rows: dict[str, tuple[Row, Row]], again: int, others: int) -> None:
    rng = np.random.default_rng(len(cast.name))
    takes = cast.enrolled(rng)

    def both(most: int) -> tuple[Callable[[Samples], Answer], Callable[[Samples], Answer]]:
        mine = EnrolledCommands(enrolment(takes, most))
        return partial(ours, mine), Plain({name: own[:most] for name, own in takes.items()}).recognise

    def condition(name: str, where: Condition, recognisers: tuple[Callable[[Samples], Answer], ...]) -> None:
        own = rows.setdefault(name, (Row(), Row()))
        said = [(c, cast.said(c, where, n, rng)) for c in cast.commands for n in range(again)]
        for command, samples in (*said, *((None, cast.other(where, n, rng)) for n in range(others))):
            for row, recognise in zip(own, recognisers, strict=True):
                if samples is not None:
                    row.note(command, recognise, samples)

    three = both(3)
    for most in (1, 2):
        condition(f"quiet, {most} recorded", MEASURED[0], both(most))
    for where in MEASURED:
        condition(where.name, where, three)


def run(quick: bool, recordings: Path | None = None) -> None:
    """Print the table, three recordings of each command enrolled where nothing else is said."""
    rows: dict[str, tuple[Row, Row]] = {}
    names = []
    with voices() as synthetic:
        for cast in casts(synthetic, recordings, 2 if quick else 100):
            names.append(cast.name)
            _measure(cast, rows, 1 if quick else 3, 6 if quick else len(TALK))
    kind = "synthetic speakers" if recordings is None else "recorded speakers"
    print(f"{len(names)} {kind} ({', '.join(names)}); per cent: right, asked again, wrong act, other speech taken,")
    print(f"right among the best three. {'':12}ours{'':32}plain time warping")
    for name, (mine, plain) in rows.items():
        print(f"{name:20} {mine}   | {plain}")
    cost, peer = (1e3 * sum(r[n].seconds for r in rows.values()) for n in (0, 1))
    count = sum(row[0].counts["all"] for row in rows.values())
    print(f"CPU for an utterance: ours {cost / count:.1f} ms, plain {peer / count:.1f} ms; ratio {cost / peer:.2f}")
    if recordings is None:
        print("The speakers are synthetic: real elderly people will be understood less often.")
