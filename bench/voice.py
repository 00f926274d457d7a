"""Spoken commands: how often the right one, asked again, a wrong act, other speech taken; beside plain time warping.

``--recordings FOLDER`` takes ``speaker/command_take.wav`` instead of the synthetic speakers; what else may lie in it
stands in docs/explanation/voice.md. ``--tuning`` takes the speakers, noises and talk that thresholds may be set on,
``--checked`` those that were looked at before and while they were set.
"""

import math
import os
import time
import zlib
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from itertools import islice, repeat
from pathlib import Path

import numpy as np

from accessibility.errors import InvalidInput
from accessibility.voice.audio import Samples
from accessibility.voice.commands import EnrolledCommands
from accessibility.voice.decoys import NearWords
from accessibility.voice.enrolment import Enrolment, take
from bench.voices.casts import Cast, Which, casts
from bench.voices.conditions import Condition
from bench.voices.people import CHECKED, HELD_OUT, NEW, TUNING, voices
from bench.voices.plain import Plain
from bench.voices.talk import CONFIRMING

Answer = tuple[Sequence[str], bool]
_MOST_OTHERS = 60


class Row:
    """What became of everything said in one condition, by one recogniser."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.taken: Counter[str] = Counter()
        self.seconds = 0.0

    def note(self, command: str | None, phrase: str, recognise: Callable[[Samples], Answer], samples: Samples) -> None:
        """Recognise and count; ``phrase`` is what was said."""
        began = time.process_time()
        order, taken = recognise(samples)
        self.seconds += time.process_time() - began
        self.counts["all"] += 1
        if command is None:
            self.counts.update(other=1, other_taken=int(taken))
            self.taken.update([phrase] if taken else [])
            return
        right = list(order[:1]) == [command]
        self.counts.update(said=1, right=taken and right, wrong=taken and not right, among=command in order[:3])

    def add(self, other: "Row") -> None:
        """Another's counts on top."""
        self.counts.update(other.counts)
        self.taken.update(other.taken)
        self.seconds += other.seconds

    def share(self, what: str, of: str = "said") -> float:
        """Per cent."""
        return 100 * self.counts[what] / max(1, self.counts[of])

    def __str__(self) -> str:
        asked = 100 - self.share("right") - self.share("wrong")
        figures = (self.share("right"), asked, self.share("wrong"), self.share("among"))
        other = f"{self.share('other_taken', 'other'):6.1f} ({self.counts['other_taken']:2})"
        return " ".join(f"{figure:6.1f}" for figure in figures) + other


Rows = dict[str, tuple[Row, Row]]


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


def _measure(cast: Cast, rows: Rows, again: int, others: int, near: Callable[[str], NearWords | None]) -> None:
    rng = np.random.default_rng(zlib.crc32(cast.name.encode()))
    takes = cast.enrolled(rng)

    def both(most: int) -> tuple[Callable[[Samples], Answer], Callable[[Samples], Answer]]:
        mine = EnrolledCommands(enrolment(takes, most), near=near, confirming=CONFIRMING)
        for command in takes:
            near(command)  # what a server has ready, so that it counts in no utterance
        return partial(ours, mine), Plain({name: own[:most] for name, own in takes.items()}).recognise

    def condition(name: str, where: Condition, recognisers: tuple[Callable[[Samples], Answer], ...]) -> None:
        own = rows.setdefault(name, (Row(), Row()))
        said = [(c, c, cast.said(c, where, n, rng)) for c in cast.commands for n in range(again)]
        other = ((None, cast.phrase(n), cast.other(where, n, rng)) for n in range(others))
        for command, phrase, samples in (*said, *other):
            for row, recognise in zip(own, recognisers, strict=True):
                if samples is not None:
                    row.note(command, phrase, recognise, samples)

    three = both(3)
    for most in (1, 2):
        condition(f"quiet, {most} recorded", cast.conditions[0], both(most))
    for where in cast.conditions:
        condition(where.name, where, three)


def measured(number: int, quick: bool, recordings: Path | None, which: Which) -> tuple[str, str, Rows] | None:
    """Kind, name and rows of one speaker by number; nothing where there is no such speaker."""
    with voices() as synthetic:
        cast = next(islice(casts(synthetic, recordings, which), number, None), None)
        if cast is None:
            return None
        rows: Rows = {}
        _measure(cast, rows, 1 if quick else 2, 6 if quick else _MOST_OTHERS, synthetic.near)
        return cast.kind, cast.name, rows


def at_most(found: int, of: int) -> float:
    """Per cent that a share can be with 95 % confidence, where so many were found (Clopper and Pearson 1934)."""
    low, high = 0.0, 1.0
    for _ in range(40):
        share = (low + high) / 2
        fewer = sum(math.comb(of, n) * share**n * (1 - share) ** (of - n) for n in range(found + 1))
        low, high = (share, high) if fewer > 0.05 else (low, share)
    return 100 * high


def _told(kind: str, speakers: Sequence[tuple[str, Rows]]) -> Rows:
    """Print the table of speakers who are counted together, and what it adds up to."""
    rows: Rows = {}
    for _name, own in speakers:
        for name, pair in own.items():
            for total, part in zip(rows.setdefault(name, (Row(), Row())), pair, strict=True):
                total.add(part)
    print(f"{len(speakers)} {kind} ({', '.join(name for name, _rows in speakers)}), per cent:")
    print("right, asked again, wrong act, right among the best three, other speech taken (how many); ours | plain")
    for name, (mine, plain) in rows.items():
        print(f"{name:20} {mine}   | {plain}")
    counts = sum((pair[0].counts for pair in rows.values()), Counter[str]())
    for what, found, of in (("wrong acts", "wrong", "said"), ("other speech taken", "other_taken", "other")):
        if counts[of]:
            most = at_most(counts[found], counts[of])
            print(f"{what}: {counts[found]} of {counts[of]}; at most {most:.2f} % with 95 % confidence")
    for name, (mine, _plain) in rows.items():
        if mine.taken:
            print(f"taken, {name}: {', '.join(f'{phrase} {count}' for phrase, count in mine.taken.most_common())}")
    return rows


def run(quick: bool, recordings: Path | None = None, which: Which = "measured") -> None:
    """Print a table of each kind of speakers, three recordings of each command enrolled where nothing else is said."""
    everybody = {"tuning": len(TUNING), "checked": len(HELD_OUT) + len(CHECKED)}.get(which, len(NEW))
    if recordings is not None:
        if not recordings.is_dir():
            raise SystemExit(f"{recordings}: no such folder")
        everybody = sum(folder.is_dir() for folder in recordings.iterdir())
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        done = pool.map(measured, range(2 if quick else everybody), repeat(quick), repeat(recordings), repeat(which))
        speakers = [one for one in done if one is not None]
    if not speakers:
        raise SystemExit(f"{recordings}: no folder of a speaker in it")
    pairs = []
    for kind in dict.fromkeys(kind for kind, _name, _rows in speakers):
        pairs += _told(kind, [(name, rows) for own, name, rows in speakers if own == kind]).values()
    cost, peer = (1e3 * sum(pair[n].seconds for pair in pairs) for n in (0, 1))
    count = sum(pair[0].counts["all"] for pair in pairs)
    print(f"CPU for an utterance: ours {cost / count:.1f} ms, plain {peer / count:.1f} ms; ratio {cost / peer:.2f}")
    if recordings is None:
        print("The speakers are synthetic: real elderly people will be understood less often.")
