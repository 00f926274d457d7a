"""Where in a recording somebody speaks: stretches that stand out from the noise, breaks inside words bridged."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from accessibility.voice.spectrum import Bands

CUTS = (0.18, 0.35, 0.55)
"""How far up between the noise and the loudest speech a stretch must rise: from generous ends to tight ones."""
_STANDS_OUT = 0.45
"""Least activity, in nepers over the bands, of the loudest speech: steady noise alone stays below .3."""
_DEVIATIONS = 4.0
_SHORTEST, _LONGEST_BREAK = 3, 42  # frames
_COUNTS = 0.08  # of the strongest stretch's activity, for another stretch to belong to the same words
_MARGIN = 2
_SHORTEST_WORD = 8
_KEPT_OF_A_BREAK = 5
_ENOUGH_ROOM = 8  # frames
_ALL_SPEECH = 1.0
_NEAR, _FLICKER = 4, 0.12  # frames beside the words that still belong to them; nepers of steady noise


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of speech: first frame, the frame after the last, and which frames of the recording are active."""

    start: int
    end: int
    active: NDArray[np.bool_]

    def speech(self, energies: Bands) -> Bands:
        """The frames of the stretch, with breaks inside it shortened to 75 ms."""
        run, kept = 0, []
        for frame in range(self.start, self.end):
            run = 0 if self.active[frame] else run + 1
            if run <= _KEPT_OF_A_BREAK:
                kept.append(frame)
        return energies[kept]


def spans(energies: Bands, noise: Bands) -> list[Span]:
    """Where the words may begin and end, by each of the ``CUTS``; nothing where nobody speaks."""
    activity = _activity(energies, noise)
    top = float(np.percentile(activity, 95))
    if top < _STANDS_OUT:
        return []
    quiet = _quietest(activity)
    least = float(quiet.mean() + _DEVIATIONS * quiet.std())
    found: list[Span] = []
    for cut in CUTS:
        active = activity > max(least, float(quiet.mean()) + cut * (top - float(quiet.mean())))
        ends = _around_the_strongest(active, activity)
        if ends is None:
            continue
        start, end = max(0, ends[0] - _MARGIN), min(len(energies), ends[1] + _MARGIN)
        new = all(abs(start - other.start) + abs(end - other.end) > 4 for other in found)
        if new and end - start >= _SHORTEST_WORD:
            found.append(Span(start, end, active))
    return found


def left_out(energies: Bands, noise: Bands, span: Span) -> float:
    """How much was said before or after the words, as a share of what is said in them; 0 where they are all there is.

    Noise parts what belongs together, and the loudest piece of something else may be like a command.
    """
    activity = _activity(energies, noise)
    still = float(_quietest(activity).mean())
    outside = np.concatenate([activity[: max(0, span.start - _NEAR)], activity[span.end + _NEAR :]]) - still - _FLICKER
    inside = np.maximum(activity[span.start : span.end] - still, 0).sum()
    return float(np.maximum(outside, 0).sum() / max(float(inside), 1e-6))


def _activity(energies: Bands, noise: Bands) -> NDArray[np.float64]:
    """How far each frame stands out from the noise, in nepers over the bands."""
    standing = np.log1p(np.maximum(energies / noise - 1, 0)).mean(axis=1)
    activity: NDArray[np.float64] = np.convolve(standing, np.ones(3) / 3, "same")
    return activity


def _quietest(activity: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.sort(activity)[: max(8, len(activity) // 5)]


def restlessness(energies: Bands, span: Span) -> float:
    """How much the room changes before or after the words, whichever is less: nepers of deviation in a band.

    About .25 in any steady noise, .5 and more where others speak. Before or after, since an echo dies away after the
    words. Where the recording has no room on either side it can't be told, and counts as others speaking.
    """
    sides = (energies[: max(0, span.start - 3)], energies[span.end + 3 :])
    rooms = [np.log(side) for side in sides if len(side) >= _ENOUGH_ROOM]
    smooth = [(room[2:] + room[1:-1] + room[:-2]) / 3 for room in rooms]
    return min((float(room.std(axis=0).mean()) for room in smooth), default=_ALL_SPEECH)


def _around_the_strongest(active: NDArray[np.bool_], activity: NDArray[np.float64]) -> tuple[int, int] | None:
    """From the strongest stretch outwards as long as the next one is near and counts."""
    turns = np.flatnonzero(np.diff(np.concatenate([[0], active.astype(np.int8), [0]])))
    runs = [(int(a), int(b)) for a, b in zip(turns[::2], turns[1::2], strict=True) if b - a >= _SHORTEST]
    if not runs:
        return None
    strength = [float(activity[a:b].sum()) for a, b in runs]
    at = int(np.argmax(strength))
    first, last = runs[at]
    for n in range(at + 1, len(runs)):
        if runs[n][0] - last > _LONGEST_BREAK or strength[n] <= _COUNTS * strength[at]:
            break
        last = runs[n][1]
    for n in range(at - 1, -1, -1):
        if first - runs[n][1] > _LONGEST_BREAK or strength[n] <= _COUNTS * strength[at]:
            break
        first = runs[n][0]
    return first, last
