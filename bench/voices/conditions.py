"""Rooms: noises, other voices and echoes laid over a take, at a stated distance in decibels from the speech."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from accessibility.voice.audio import RATE, Samples
from bench.voices.people import Person, Voices, shaken

Noise = Literal["none", "white", "pink", "babble", "brown", "hum", "band", "slope"]
ROOM = 42.0  # decibels between speech and a quiet room's own pink noise
BEFORE, AFTER = (0.35, 0.8), (0.35, 0.7)  # seconds of room around the words


@dataclass(frozen=True, slots=True)
class Condition:
    """What befalls a take: noise at so many decibels below the speech, echo, another pace, tremor."""

    name: str
    noise: Noise = "none"
    decibels: float = 99.0
    echo: float = 0.0  # seconds until it has died away by 60 dB
    quicker: float = 1.0
    shaking: float = 0.0


# The rows of the table; the noises of TUNING are others.
MEASURED = (
    Condition("quiet"),
    *(Condition(f"white {d} dB", "white", d) for d in (20, 10, 5)),
    *(Condition(f"pink {d} dB", "pink", d) for d in (20, 10, 5)),
    *(Condition(f"six voices {d} dB", "babble", d) for d in (20, 10, 5)),
    Condition("echo + pink 20 dB", "pink", 20, echo=0.5),
    Condition("very slow", quicker=0.6),
    Condition("fast", quicker=1.4),
    Condition("tremor, mild", shaking=1.6),
    Condition("tremor, strong", shaking=3),
)
TUNED = (
    Condition("quiet"),
    *(Condition(f"sloping {d} dB", "slope", d) for d in (25, 20, 14, 10, 7, 5, 3)),
    *(Condition(f"band {d} dB", "band", d) for d in (10, 5)),
    Condition("brown 8 dB", "brown", 8),
    Condition("hum 10 dB", "hum", 10),
    *(Condition(f"voices {d} dB", "babble", d) for d in (25, 20, 15, 10, 7, 5)),
    Condition("echo", "brown", 20, echo=0.45),
    Condition("longer echo", "slope", 20, echo=0.6),
    Condition("slow", quicker=0.65),
    Condition("quick", quicker=1.35),
    Condition("quicker", quicker=1.45),
    *(Condition(f"shaking {s}", shaking=s) for s in (1.5, 2.2, 3)),
)


def noise(kind: Noise, length: int, rng: Generator, crowd: Samples) -> NDArray[np.float64]:
    """Noise of that colour; ``crowd`` is what six people say at once, long enough to cut a piece from anywhere."""
    if kind == "babble":
        start = int(rng.integers(0, len(crowd) - length))
        return crowd[start : start + length].astype(np.float64)
    spectrum = np.fft.rfft(rng.normal(size=length))
    hertz = np.maximum(np.fft.rfftfreq(length, 1 / RATE), 20.0)
    if kind in ("pink", "none"):
        spectrum /= np.sqrt(hertz)
    elif kind == "brown":
        spectrum /= hertz
    elif kind == "band":
        low = rng.uniform(300, 1500)
        spectrum *= np.where((hertz > low) & (hertz < 3.5 * low), 1.0, 0.25)
    elif kind == "slope":
        spectrum /= hertz ** rng.uniform(-0.2, 0.75)
    elif kind == "hum":
        comb = sum(np.exp(-(((hertz - 50 * n) / 6) ** 2)) / n for n in range(1, 30))
        spectrum = spectrum * (comb * 12 + 1000 / (hertz + 1000) * 0.5)
    return np.fft.irfft(spectrum, length)


def crowd(voices: Voices, variants: Sequence[str], texts: Sequence[str], rng: Generator, seconds: int = 40) -> Samples:
    """Six people who talk at once, each on their own."""
    total = np.zeros(seconds * RATE, np.float32)
    for number, variant in enumerate(variants):
        person = Person(variant, variant, 30 + 8 * number, 105 + 5 * number)
        said: list[Samples] = []
        while sum(map(len, said)) < len(total):
            said.append(voices.take(person, texts[int(rng.integers(len(texts)))], rng))
            said.append(np.zeros(int(rng.uniform(0.02, 0.25) * RATE), np.float32))
        total += np.concatenate(said)[: len(total)]
    return total


def recorded(
    voices: Voices, person: Person, text: str, condition: Condition, rng: Generator, behind: Samples
) -> Samples:
    """A take as the microphone has it in that condition, with some of the room before and after the words."""
    sound = voices.take(person, text, rng, quicker=condition.quicker)
    if condition.shaking:
        sound = shaken(sound, rng, condition.shaking)
    return placed(sound, condition, rng, behind)


def placed(sound: Samples, condition: Condition, rng: Generator, behind: Samples) -> Samples:
    """Words put into a room."""
    before, after = (int(rng.uniform(*span) * RATE) for span in (BEFORE, AFTER))
    whole = np.pad(sound.astype(np.float64), (before, after))
    if condition.echo:
        tail = rng.normal(size=int(condition.echo * RATE)) * 10 ** (-3 * np.linspace(0, 1, int(condition.echo * RATE)))
        tail *= 0.7 / np.sqrt((tail**2).sum())
        tail[0] += 1.0
        size = len(whole) + len(tail)
        whole = np.fft.irfft(np.fft.rfft(whole, size) * np.fft.rfft(tail, size), size)[: len(whole)]
    loud = np.sqrt(np.mean(sound.astype(np.float64) ** 2))
    for kind, decibels in (("none", ROOM), (condition.noise, condition.decibels)):
        if decibels < 90:
            made = noise(kind, len(whole), rng, behind)  # type: ignore[arg-type]
            whole += made * loud / np.sqrt(np.mean(made**2)) * 10 ** (-decibels / 20)
    peak = np.abs(whole).max()
    return (whole * min(1.0, 0.9 / peak)).astype(np.float32)
