"""Which other words sound like a command: as long, one syllable away, said often, and no other way of saying it.

``python -m accessibility.voice.near_words`` writes ``near_words.txt`` from the frequencies of wordfreq and from how a
synthesiser says both; the program reads that file.
"""

import re
import warnings
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path

from accessibility.intent.model import intents
from accessibility.text.words import segmenter
from accessibility.voice.syllables import apart

MOST = 16
"""Words kept for a command, the nearest to the ear first."""
_LEAST_ZIPF = 3.0  # one in a million words
_MOST_APART, _TRIED, _CHARACTERS = 3, 80, 3000
_TELLABLE = 3.0  # of the distance between templates: what is nearer sounds the same where melody is not kept
_NEAREST = "*"
_HAN = re.compile(r"[\u3400-\u9fff]{2,6}")
_PLACES = ({"b", "p", "m", "f"}, {"d", "t", "n", "l", "r"}, {"g", "k", "h", ""}, {"j", "q", "x"},
           {"zh", "ch", "sh", "z", "c", "s", "r"})  # fmt: skip
_OFTEN_MIXED = ("j zh", "q ch", "x sh", "j z", "q c", "x s", "f h", "b d", "p t", "t k", "d g", "m ", "n ")
_MIXED = frozenset(frozenset(pair.split(" ")) for pair in _OFTEN_MIXED)


def near_words() -> Mapping[str, tuple[str, ...]]:
    """The words that sound like each command, by the words of the command."""
    return {command: tuple(word.removeprefix(_NEAREST) for word in words) for command, words in _rows().items()}


def nearest_words(command: str) -> tuple[int, ...]:
    """Which of the words near a command stand in a dictionary and differ by one part of a syllable, by number."""
    return tuple(n for n, word in enumerate(_rows().get(command, ())) if word.startswith(_NEAREST))


@cache
def _rows() -> Mapping[str, tuple[str, ...]]:
    lines = (files(__package__) / "near_words.txt").read_text("utf-8").splitlines()
    rows = [line.split() for line in lines if line and not line.startswith("#")]
    return {row[0]: tuple(row[1:]) for row in rows}


def syllables_apart(first: str, second: str) -> int:
    """How unlike two syllables are, 0 to 4: initial and final, the same, alike or neither; the tone is left out."""
    a, b = apart(first), apart(second)
    return 4 if a is None or b is None else _initials_apart(a[0], b[0]) + _finals_apart(a[1], b[1])


def _initials_apart(a: str, b: str) -> int:
    if a == b:
        return 0
    return 1 if any({a, b} <= place for place in _PLACES) or frozenset((a, b)) in _MIXED else 2


def _finals_apart(a: str, b: str) -> int:
    """Alike with the same vowel, or the same beginning or end."""
    if a == b:
        return 0
    open_a, open_b = (set(final) - set("iuv") for final in (a, b))
    return 1 if a[0] == b[0] or a[-1] == b[-1] or open_a == open_b else 2


def sound(words: str) -> tuple[str, ...]:
    """The syllables of words without their tones."""
    from pypinyin import Style, lazy_pinyin

    return tuple(lazy_pinyin(words, style=Style.NORMAL, v_to_u=False))


def candidates(command: str, others: frozenset[str]) -> list[str]:
    """Words said often that are one syllable away, the nearest in letters first; none that sounds like ``others``."""
    own = sound(command)
    avoided = {sound(other) for other in others} | {own}
    best: dict[tuple[str, ...], tuple[float, str]] = {}
    for words, said, often in _one_away(command, own):
        if said not in avoided and often > best.get(said, (0.0, ""))[0]:
            best[said] = (often, words)
    ranked = [
        (distance, -often, words)
        for said, (often, words) in best.items()
        if (distance := sum(syllables_apart(a, b) for a, b in zip(own, said, strict=True))) <= _MOST_APART
    ]
    return [words for _distance, _often, words in sorted(ranked)[:_TRIED]]


def _one_away(command: str, own: tuple[str, ...]) -> list[tuple[str, tuple[str, ...], float]]:
    """Words and phrases of as many syllables of which one is another, with how often they are said."""
    words = {words: said for words, said in _dictionary() if len(said) == len(own)}
    characters = [words for words, said in _dictionary() if len(said) == 1][:_CHARACTERS]
    for at in range(len(command)):
        for character in characters:
            other = command[:at] + character + command[at + 1 :]
            words.setdefault(other, sound(other))
    found = [(w, said) for w, said in words.items() if sum(a != b for a, b in zip(own, said, strict=False)) == 1]
    rated = [(w, said, _often(w)) for w, said in found if len(said) == len(own)]
    return [(w, said, often) for w, said, often in rated if often >= _LEAST_ZIPF]


@cache
def _dictionary() -> list[tuple[str, tuple[str, ...]]]:
    """The words of wordfreq's list of Chinese up to four characters, the most frequent first, with their syllables."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from wordfreq import top_n_list
    words = [w for w in top_n_list("zh", 100_000) if re.fullmatch(r"[\u3400-\u9fff]{1,4}", w)]
    return [(word, sound(word)) for word in words if len(word) == 1 or _often(word) >= _LEAST_ZIPF]


def _often(words: str) -> float:
    """How often words are said, on Zipf's scale: the logarithm of how often in a thousand million."""
    segmenter()  # wordfreq takes long phrases apart with it
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from wordfreq import zipf_frequency

        return float(zipf_frequency(words, "zh"))


def commands() -> dict[str, frozenset[str]]:
    """The words by which each intent is offered in Chinese; with them other ways of saying it, and other commands."""
    offered = {intent.offered("zh-CN"): intent for intent in intents().values()}
    return {
        words: frozenset((*intent.phrases["zh"], *intent.phrases["dialect"], *offered))
        for words, intent in offered.items()
        if _HAN.fullmatch(words)
    }


def nearest(tried: Sequence[str], distances: Sequence[float]) -> list[str]:
    """The candidates that are nearest to the ear and can still be told from the command."""
    ranked = sorted((distance, words) for distance, words in zip(distances, tried, strict=True))
    return [words for distance, words in ranked if distance >= _TELLABLE][:MOST]


def marked(command: str, word: str) -> str:
    """The word as it is written: with a mark where it is in a dictionary and differs by one part of a syllable."""
    known = {words for words, _said in _dictionary()}
    apart_by = sum(syllables_apart(a, b) for a, b in zip(sound(command), sound(word), strict=True))
    return _NEAREST + word if word in known and apart_by == 1 else word


def write(path: Path) -> None:
    """Write the file anew."""
    from accessibility.voice.near_sounds import distances
    from accessibility.voice.speaker import Speaker

    speaker, lines = Speaker(), [_HEAD]
    try:
        for command, others in commands().items():
            tried = candidates(command, others)
            found = nearest(tried, distances(command, tried, speaker)) if tried else []
            lines += [" ".join((command, *(marked(command, word) for word in found)))] if found else []
    finally:
        speaker.close()
    path.write_text("\n".join(lines) + "\n", "utf-8")


_HEAD = """\
# Words that sound like a command and are none, the nearest first, one command a line: what is nearer to one of these is
# asked about; with `*` in noise too. Written by `python -m accessibility.voice.near_words`."""

if __name__ == "__main__":
    write(Path(__file__).with_name("near_words.txt"))
