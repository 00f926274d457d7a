"""A person's own commands: what was said one to three times each, as features, with what should be said better."""

import struct
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Self

import numpy as np
from numpy.typing import NDArray

from accessibility.errors import InvalidInput
from accessibility.voice.aligning import LENGTH, at_length, between
from accessibility.voice.audio import Samples, demand_audible
from accessibility.voice.endpoint import spans
from accessibility.voice.spectrum import CEPSTRA, COSINES, HOP, Bands, bands, quiet_noise

MOST_TAKES, MOST_COMMANDS = 3, 64
_VERSION = 1
_STEP = 0.4
FAINTEST = -9.0  # nepers below the mean level, about -39 dB
_LOUD_ENOUGH_DB, _CLEAR_ENOUGH_DB = -45.0, 12.0
_AT_THE_EDGE = 3  # frames
_ALIKE = 0.5
_UNLIKE = 0.8
_LARGEST = 1_000_000

QualityCode = Literal["voice.quiet", "voice.cut_off", "voice.noisy"]


@dataclass(frozen=True, slots=True)
class Take:
    """A command said once: cepstra 0 to 12 at 48 points in time as steps of 0.4, and how many frames it lasted.

    The melody and the sound itself are not in it.
    """

    steps: NDArray[np.int8]
    frames: int

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Take) and self.frames == other.frames and bool(np.array_equal(self.steps, other.steps))

    def __hash__(self) -> int:
        return hash((self.frames, self.steps.tobytes()))

    @property
    def template(self) -> Bands:
        """Logarithms of energies about their mean level, [48, 26]."""
        made: Bands = ((self.steps * np.float32(_STEP)) @ COSINES.T).astype(np.float32)
        return made


@dataclass(frozen=True, slots=True)
class Taken:
    """A take and what may be wrong with it."""

    take: Take
    warnings: tuple[QualityCode, ...]


@dataclass(frozen=True, slots=True)
class TooSimilar:
    """Two commands that this person says so alike that they will be taken for each other; 1 is the same."""

    first: str
    second: str
    likeness: float


def take(samples: Samples) -> Taken:
    """What is kept of a recording of one command.

    Raises InvalidInput: ``voice.silent``, ``voice.clipped`` (see ``audio``), ``voice.no_speech`` where nobody speaks.
    """
    demand_audible(samples)
    energies = bands(samples)
    quiet = quiet_noise(energies) if len(energies) else energies
    found = spans(energies, quiet) if len(energies) else []
    if not found:
        raise InvalidInput("voice.no_speech")
    span = found[0]
    spoken = span.speech(energies)
    clean = np.maximum(spoken - quiet, 1e-9)
    level = float(clean.mean())
    logarithms = at_length(np.log(np.maximum(clean / level, np.exp(np.float32(FAINTEST)))))
    steps = np.clip(np.rint(logarithms @ COSINES / _STEP), -127, 127).astype(np.int8)
    warnings: list[QualityCode] = []
    words = samples[span.start * HOP : span.end * HOP]
    if 10 * np.log10(float(np.mean(words**2)) + 1e-12) < _LOUD_ENOUGH_DB:
        warnings.append("voice.quiet")
    if span.start < _AT_THE_EDGE or span.end > len(energies) - _AT_THE_EDGE:
        warnings.append("voice.cut_off")
    if 10 * np.log10(level / float(quiet.mean())) < _CLEAR_ENOUGH_DB:
        warnings.append("voice.noisy")
    return Taken(Take(steps, len(spoken)), tuple(warnings))


@dataclass(frozen=True, slots=True)
class Enrolment:
    """One to three takes of each command, by its id. Raises InvalidInput ``voice.enrolment_invalid``."""

    takes: Mapping[str, tuple[Take, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        fits = all(
            name and len(name.encode()) < 256 and 1 <= len(own) <= MOST_TAKES for name, own in self.takes.items()
        )
        if len(self.takes) > MOST_COMMANDS or not fits:
            raise InvalidInput("voice.enrolment_invalid")

    def with_take(self, command: str, new: Take) -> Self:
        """With one take more of a command; the oldest goes where there are three."""
        kept = (*self.takes.get(command, ()), new)[-MOST_TAKES:]
        return type(self)({**self.takes, command: kept})

    def without(self, command: str) -> Self:
        """Without a command."""
        return type(self)({name: own for name, own in self.takes.items() if name != command})

    def templates(self) -> tuple[Sequence[str], NDArray[np.intp], Bands]:
        """The commands, the number of the command of each template, and the templates, [templates, 48, 26]."""
        names = sorted(self.takes)
        owners = [number for number, name in enumerate(names) for _take in self.takes[name]]
        stacked = [own.template for name in names for own in self.takes[name]]
        made = np.stack(stacked) if stacked else np.zeros((0, LENGTH, COSINES.shape[0]), np.float32)
        return names, np.array(owners, dtype=np.intp), made.astype(np.float32)

    def to_bytes(self) -> bytes:
        """The enrolment for a store: a version, then names and features, compressed. No sound is in it."""
        parts = [struct.pack("<BB", len(self.takes), 0)]
        for name in sorted(self.takes):
            label = name.encode()
            parts.append(struct.pack("<BB", len(label), len(self.takes[name])) + label)
            parts += [struct.pack("<H", min(own.frames, 65_535)) + own.steps.tobytes() for own in self.takes[name]]
        return bytes([_VERSION]) + zlib.compress(b"".join(parts), 6)

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """The enrolment that ``to_bytes`` wrote. Raises InvalidInput ``voice.enrolment_unreadable``."""
        if not data or data[0] != _VERSION:
            raise InvalidInput("voice.enrolment_unreadable")
        try:
            unpacking = zlib.decompressobj()
            body = unpacking.decompress(data[1:], _LARGEST)
            if not unpacking.eof or unpacking.unused_data:
                raise InvalidInput("voice.enrolment_unreadable")
            return cls(_read(body))
        except (zlib.error, struct.error, ValueError) as error:
            raise InvalidInput("voice.enrolment_unreadable") from error


def too_similar(enrolment: Enrolment) -> list[TooSimilar]:
    """Pairs of commands that this person says alike, the most alike first; nothing with fewer than three commands."""
    names, owners, templates = enrolment.templates()
    if len(names) < 3:
        return []
    apart = between(templates)
    usual = float(apart[owners[:, None] != owners[None]].mean())
    likeness = {
        (a, b): 1 - float(apart[np.ix_(owners == a, owners == b)].min()) / usual
        for a in range(len(names))
        for b in range(a + 1, len(names))
    }
    found = [TooSimilar(names[a], names[b], alike) for (a, b), alike in likeness.items() if alike >= _ALIKE]
    return sorted(found, key=lambda pair: -pair.likeness)


def unlike_the_others(enrolment: Enrolment, command: str) -> bool:
    """Whether the last take of a command is as far from its others as other commands are: one of them went wrong."""
    names, owners, templates = enrolment.templates()
    if len(names) < 3 or len(enrolment.takes.get(command, ())) < 2:
        return False
    apart, own = between(templates), np.flatnonzero(owners == names.index(command))
    usual = float(apart[owners[:, None] != owners[None]].mean())
    return float(apart[own[-1], own[:-1]].min()) > _UNLIKE * usual


def _read(body: bytes) -> dict[str, tuple[Take, ...]]:
    count, _reserved = struct.unpack_from("<BB", body)
    at, size = 2, LENGTH * (CEPSTRA + 1)
    takes: dict[str, tuple[Take, ...]] = {}
    for _command in range(count):
        length, own = struct.unpack_from("<BB", body, at)
        name = body[at + 2 : at + 2 + length].decode()
        at += 2 + length
        read = []
        for _take in range(own):
            (frames,) = struct.unpack_from("<H", body, at)
            steps = np.frombuffer(body, np.int8, size, at + 2).reshape(LENGTH, CEPSTRA + 1)
            read.append(Take(steps, frames))
            at += 2 + size
        takes[name] = tuple(read)
    if at != len(body) or len(takes) != count:
        raise ValueError("more or less than was said")
    return takes
