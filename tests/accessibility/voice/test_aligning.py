"""Laws of the distances between speech and templates."""

from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from accessibility.voice.aligning import LENGTH, STRETCHES, along, at_length, between, compared, warped
from accessibility.voice.echoing import echoing
from accessibility.voice.endpoint import Span, restlessness, spans
from accessibility.voice.enrolment import Take
from accessibility.voice.spectrum import BANDS, CEPSTRA, bands, features, quiet_noise

STEPS = arrays(np.int8, (LENGTH, CEPSTRA + 1), elements=st.integers(-40, 40))


@settings(max_examples=20)
@given(st.lists(STEPS, min_size=2, max_size=5))
def test_a_template_is_nearest_to_itself(steps: list[np.ndarray]) -> None:
    apart = between(np.stack([Take(one, 50).template for one in steps]))
    assert (np.diag(apart) <= apart.min(axis=1) + 1e-3).all()
    assert np.diag(apart).max() < 0.05
    np.testing.assert_allclose(apart, apart.T, rtol=1e-3, atol=1e-2)


@settings(max_examples=20)
@given(st.lists(STEPS, min_size=2, max_size=5), st.integers(0, 1000))
def test_the_order_of_templates_does_not_matter(steps: list[np.ndarray], seed: int) -> None:
    templates = np.stack([Take(one, 50).template for one in steps])
    order = np.random.default_rng(seed).permutation(len(steps))
    np.testing.assert_allclose(
        between(templates[order]), between(templates)[np.ix_(order, order)], rtol=1e-4, atol=1e-3
    )


def test_the_warped_distance_is_the_least_of_all_paths() -> None:
    local = np.random.default_rng(1).random((3, 6, 6)).astype(np.float32)

    def paths(column: int, row: int) -> list[list[tuple[int, int]]]:
        if row == 5:
            return [[(row, column)]] if column >= 3 else []
        return [
            [(row, column), *rest] for step in (0, 1, 2) if column + step < 6 for rest in paths(column + step, row + 1)
        ]

    every = [path for start in range(3) for path in paths(start, 0)]
    for template in range(3):
        costs = []
        for path in every:
            extra = sum({0: 0.1, 1: 0.0, 2: 0.15}[b[1] - a[1]] for a, b in pairwise(path))
            costs.append(sum(float(local[template][at]) for at in path) + extra)
        assert abs(float(warped(local)[template]) - min(costs) / 6) < 1e-5


def test_the_path_that_is_told_is_the_one_that_was_warped() -> None:
    local = np.random.default_rng(6).random((4, LENGTH, LENGTH)).astype(np.float32)
    moved = warped(local) * LENGTH - along(local).sum(axis=1)
    assert (moved >= -1e-4).all()
    assert (moved <= 0.15 * LENGTH).all()
    straight = np.full((2, LENGTH, LENGTH), 9, np.float32)
    straight[:, np.arange(LENGTH), np.arange(LENGTH)] = np.linspace(0, 1, LENGTH)
    np.testing.assert_allclose(along(straight), np.linspace(0, 1, LENGTH)[None].repeat(2, axis=0), atol=1e-6)


def test_speech_that_shares_all_but_one_stretch_with_a_template_is_far_from_it_there() -> None:
    rng = np.random.default_rng(7)
    shape = np.repeat(rng.normal(0, 1.5, (STRETCHES, BANDS)), LENGTH // STRETCHES, axis=0).astype(np.float32)
    other = shape.copy()
    other[: LENGTH // STRETCHES] = rng.normal(0, 1.5, BANDS)
    quiet = np.full(BANDS, 1e-4, np.float32)
    spoken = np.exp(shape)
    span = Span(0, LENGTH, np.ones(LENGTH, np.bool_))
    beside = compared(np.stack([shape, other]), spoken, span, quiet)
    same, shared = (beside.stretches([template]) for template in (0, 1))
    assert same.shape == (2, STRETCHES)
    assert (shared[:, 0] > 2 * same.max()).all()
    assert (shared[:, 2:] < shared[:, :1] / 2).all()


def test_pieces_are_found_wherever_they_stand_in_a_template() -> None:
    rng = np.random.default_rng(8)
    shape = np.repeat(rng.normal(0, 1.5, (STRETCHES, BANDS)), LENGTH // STRETCHES, axis=0).astype(np.float32)
    turned = np.roll(shape, LENGTH // 2, axis=0)
    strange = np.repeat(rng.normal(0, 1.5, (STRETCHES, BANDS)), LENGTH // STRETCHES, axis=0).astype(np.float32)
    quiet = np.full(BANDS, 1e-4, np.float32)
    span = Span(0, LENGTH, np.ones(LENGTH, np.bool_))
    beside = compared(np.stack([turned, strange]), np.exp(shape), span, quiet)
    pieces = beside.pieces([0])
    assert pieces.shape == (STRETCHES,)
    inner = [0, 1, 4, 5]  # what stands at the ends of the turned template has other neighbours there
    assert (pieces[inner] < beside.pieces([1])[inner] / 2).all()
    assert (pieces[inner] < beside.stretches([0])[0][inner] / 2).all()
    np.testing.assert_allclose(beside.pieces([0, 1]), np.minimum(pieces, beside.pieces([1])), rtol=0.2)


def test_noise_leaves_less_and_less_to_be_seen() -> None:
    rng = np.random.default_rng(9)
    shape = np.repeat(rng.normal(0, 1.5, (STRETCHES, BANDS)), LENGTH // STRETCHES, axis=0).astype(np.float32)
    span = Span(0, LENGTH, np.ones(LENGTH, np.bool_))
    shares = []
    for level in (1e-4, 0.1, 1.0, 10.0):
        noise = np.full(BANDS, level, np.float32)
        shares.append(compared(shape[None], np.exp(shape) + noise, span, noise).visible)
    assert shares == sorted(shares, reverse=True)
    assert shares[0] > 0.9
    assert shares[-1] < 0.1


@given(STEPS, st.integers(20, 200))
def test_an_echo_fills_what_comes_after_sound_and_keeps_the_level(steps: np.ndarray, frames: int) -> None:
    template = Take(steps, frames).template[None]
    wet = echoing(template, np.array([frames]))
    assert wet.shape == template.shape
    assert np.isfinite(wet).all()
    burst = np.full((1, LENGTH, BANDS), -9, np.float32)
    burst[:, 4:8] = 0
    dry, wet = burst[0].mean(axis=1), echoing(burst, np.array([frames]))[0].mean(axis=1)
    assert wet[12] - wet[6] > dry[12] - dry[6]
    assert (np.diff(wet[10:40]) <= 1e-5).all()


def test_echo_is_added_to_every_template_alike_and_to_none_where_there_are_none() -> None:
    templates = np.random.default_rng(5).normal(0, 1, (3, LENGTH, BANDS)).astype(np.float32)
    frames = np.array([40, 60, 80])
    for number in range(3):
        one = echoing(templates[[number]], frames[[number]])[0]
        np.testing.assert_allclose(echoing(templates, frames)[number], one, rtol=1e-4, atol=1e-4)
    assert echoing(templates[:0], frames[:0]).shape == (0, LENGTH, BANDS)


@given(st.integers(1, 120))
def test_anything_is_brought_to_one_length(frames: int) -> None:
    rows = np.linspace(0, 1, frames)[:, None].repeat(BANDS, axis=1).astype(np.float32)
    made = at_length(rows)
    assert made.shape == (LENGTH, BANDS)
    assert made[0, 0] == rows[0, 0]
    assert abs(made[-1, 0] - rows[-1, 0]) < 1e-6


def test_louder_speech_has_the_same_features() -> None:
    energies = np.exp(np.random.default_rng(2).normal(size=(1, LENGTH, BANDS))).astype(np.float32)
    np.testing.assert_allclose(features(7 * energies), features(energies), atol=1e-4)


def test_nobody_is_heard_in_silence_or_in_any_steady_noise() -> None:
    rng = np.random.default_rng(3)
    for colour in (0.0, 0.5, 1.0):
        for _ in range(20):
            spectrum = np.fft.rfft(rng.normal(size=40_000))
            spectrum /= np.maximum(np.arange(len(spectrum)), 50.0) ** colour
            sound = np.fft.irfft(spectrum)
            energies = bands((0.1 * sound / np.abs(sound).max()).astype(np.float32))
            assert spans(energies, quiet_noise(energies)) == []
    silence = bands(np.zeros(40_000, np.float32))
    assert spans(silence, quiet_noise(silence)) == []


def test_a_room_is_restless_where_its_noise_comes_and_goes_on_both_sides() -> None:
    rng = np.random.default_rng(4)
    steady = np.exp(rng.normal(0, 0.3, (100, BANDS))).astype(np.float32)
    coming = steady * np.exp(2 * np.sin(np.arange(100) / 4))[:, None].astype(np.float32)
    span = Span(40, 60, np.ones(100, np.bool_))
    echo = np.concatenate([steady[:60], coming[60:]])
    assert restlessness(steady, span) < 0.34
    assert restlessness(echo, span) < 0.34
    assert restlessness(coming, span) > 0.44
    assert restlessness(steady, Span(2, 98, np.ones(100, np.bool_))) > 0.44
