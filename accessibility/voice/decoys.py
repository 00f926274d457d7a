"""Decoys: how a person would say the words that sound like one of their commands, none of which they ever recorded.

A synthesiser says command and near word (``near_sounds``). What differs between the two, point by point, is added to
the person's own template of the command, brought to its time. So a decoy has the person's voice and way of speaking
wherever the words are the same, and is held against what was said as a template is.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from accessibility.voice.aligning import (
    LENGTH,
    Compared,
    at_length,
    compared,
    in_quiet,
    local_distances,
    path_columns,
    path_squares,
    smoothed,
)
from accessibility.voice.audio import RATE
from accessibility.voice.endpoint import Span
from accessibility.voice.enrolment import FAINTEST, MOST_TAKES
from accessibility.voice.spectrum import BANDS, Bands, bands, over_white_noise

_DOUBT, _LEAST = 0.5, 10.0
_MOST_TAKES_KNOW = 1 + 1 / MOST_TAKES  # variance of a new take about the mean of so many
_TAKES_DIFFER, _AT_MOST = 1.2, 2.0  # of the logarithm of energies: a take from the next; deviations that count
_USUAL, _SPREAD, _HIDDEN = 0.9, 0.1, 2.7
_CLEAREST = 0.25  # of what two words have that differs
_FAINT = 0.2  # of the noise: no frame counts as quieter


@dataclass(frozen=True, slots=True)
class NearWords:
    """A command and the words near it, as the synthesiser says them.

    ``command``: its template, [LENGTH, 26]. ``differences``: what each near word has more, [words, LENGTH, 26] in its
    own time; ``points``: at which point of the command that is, [words, LENGTH]. ``instead``: what the nearest of them
    have more, [nearest, LENGTH, 26] in the command's time.
    """

    command: Bands
    differences: Bands
    points: NDArray[np.intp]
    instead: Bands

    @classmethod
    def of(cls, command: Bands, words: Bands, nearest: Sequence[int] = ()) -> "NearWords":
        """From templates of one voice: the command, [LENGTH, 26], and the words near it, [words, LENGTH, 26].

        ``nearest``: which of the words are looked for in noise too.
        """
        heard = in_quiet(command[None])
        points = np.concatenate([path_columns(local_distances(own, heard)) for own in in_quiet(words)])
        near = words[list(nearest)]
        onto = path_columns(local_distances(heard[0], in_quiet(near)))
        moved = np.stack([word[where] for word, where in zip(near, onto, strict=True)]) if len(near) else near
        return cls(command, words - command[points], points, moved - command)

    def said_by(self, templates: Bands) -> Bands:
        """The near words in the voice of whose templates of the command these are, [templates, words, LENGTH, 26]."""
        onto = path_columns(local_distances(in_quiet(self.command[None])[0], in_quiet(templates)))
        moved = np.stack([own[where[self.points]] for own, where in zip(templates, onto, strict=True)])
        made: Bands = np.maximum(moved + self.differences, np.float32(FAINTEST)).astype(np.float32)
        return made

    def said_instead(self, templates: Bands) -> Bands:
        """The nearest words in that voice, each point at its place in a template, [templates, nearest, LENGTH, 26]."""
        heard = in_quiet(self.command[None])
        onto = np.concatenate([path_columns(local_distances(own, heard)) for own in in_quiet(templates)])
        made: Bands = np.maximum(templates[:, None] + np.swapaxes(self.instead[:, onto], 0, 1), np.float32(FAINTEST))
        return made.astype(np.float32)


def told_apart(templates: Bands, decoys: Bands, energies: Bands, span: Span, quiet: Bands) -> float:
    """How surely the words of a recording are the command and not the likeliest decoy.

    ``templates``: of the command, [templates, LENGTH, 26]; ``decoys``: [templates, words, LENGTH, 26]. For each decoy:
    how much nearer the words are to the command, of what command and decoy are apart in that noise (about 1 for the
    command, -1 for the decoy), in squares, as two equally likely words under Gaussian noise are told; and ``_DOUBT``
    times the deviation that this share has, by how far the words are from the command itself; more with fewer takes,
    of which less is known. A decoy of which noise leaves less than ``_LEAST`` that differs can't be told and does not
    count; infinite where none is left.
    """
    takes, words = decoys.shape[:2]
    both = np.concatenate([templates, decoys.reshape(-1, LENGTH, BANDS)])
    beside = compared(both, energies, span, quiet)
    squares = path_squares(beside.local)
    shown = beside.shown[takes:].reshape(takes, words, LENGTH, -1)
    pairs = [local_distances(own, near) for own, near in zip(beside.shown[:takes], shown, strict=True)]
    apart = np.maximum(path_squares(np.concatenate(pairs)).reshape(takes, words), np.float32(1e-6))
    nearer = (squares[takes:].reshape(takes, words) - squares[:takes, None]) / apart
    differs = apart.mean(axis=0)
    doubt = _DOUBT * np.sqrt((1 + 1 / takes) / _MOST_TAKES_KNOW)
    told = nearer.mean(axis=0) + doubt * np.sqrt(squares[:takes].mean() / differs)
    return float(told[differs >= _LEAST].min(initial=np.inf))


def told_in_noise(templates: Bands, instead: Bands, energies: Bands, span: Span, quiet: Bands) -> float:
    """The same in noise, in deviations from what is usual for the command: 0 or so for it, below for a nearer word.

    ``templates``: [templates, LENGTH, 26]; ``instead``: [templates, words, LENGTH, 26], at the same points. Logarithms
    of energies are held against what command and near word would be in that noise, each point weighed by how little
    it varies: the noise's own flicker where there is noise only, what takes differ where there is speech (Moreno, Raj
    and Stern 1996). Nothing is left out as drowned: a breath of many points shows although none stands out.
    """
    beside = compared(templates, energies, span, quiet)
    noise, level = beside.noise, np.float32(beside.level)
    heard = at_length(np.log(np.maximum(span.speech(smoothed(energies)), _FAINT * noise)))
    flicker, lower = _flicker()
    nearer, apart = [], []
    for own, words, points in zip(templates, instead, path_columns(beside.local), strict=True):
        command, near = (np.exp(one) * level for one in (own[points], words[:, points]))
        speech = np.maximum(command / (command + noise), near / (near + noise))
        varies = flicker + (_TAKES_DIFFER * speech) ** 2
        differs = np.log(near + noise) - np.log(command + noise)
        more = heard - np.log(command + noise) - lower * (noise / (command + noise))
        most = _AT_MOST * np.sqrt(varies)
        more = np.clip(more, np.minimum(differs, 0) - most, np.maximum(differs, 0) + most)
        nearer.append((differs * more / varies).sum(axis=(1, 2)))
        apart.append((differs**2 / varies).sum(axis=(1, 2)))
    differ = np.maximum(np.mean(apart, axis=0), 1e-3)
    told = 1 - 2 * np.mean(nearer, axis=0) / differ
    return float(((told - _USUAL) / np.sqrt(_SPREAD**2 + _HIDDEN**2 / differ)).min(initial=np.inf))


def over_hiss(near: NearWords, templates: Bands, beside: Compared) -> float:
    """Decibels that a voice stands above the noise where a command differs from the nearest words.

    By the white noise that would be as loud there, in the ``_CLEAREST`` part of the bands in which the synthesiser has
    the difference: noise may drown some of it, and the rest still tells. The least of the words. ``templates``: of the
    command, [templates, LENGTH, 26]. It does not depend on how much breath a person has, which noise hides first.
    """
    each = over_white_noise(np.exp(templates) * np.float32(beside.level), beside.noise)
    order = np.argsort(-each)
    weights = (near.instead**2).sum(axis=1)[:, order]
    weights = weights / np.maximum(weights.sum(axis=1, keepdims=True), np.float32(1e-6))
    before = np.cumsum(weights, axis=1) - weights
    counted = np.clip(_CLEAREST - before, 0, weights)
    return float((counted @ each[order] / _CLEAREST).min())


@cache
def _flicker() -> tuple[Bands, Bands]:
    """The variance of logarithms of steady noise in each band, [26], and how far below the mean their mean lies."""
    still = np.random.default_rng(0).normal(0, 0.01, 20 * RATE).astype(np.float32)
    energies = smoothed(bands(still))
    logarithms = np.log(energies)
    lower = logarithms.mean(axis=0) - np.log(energies.mean(axis=0))
    return logarithms.var(axis=0).astype(np.float32), lower.astype(np.float32)
