"""From words that were heard or typed to what is meant: an act, a few to choose from, or nothing.

A closed grammar matches something whatever is said, so most of this is about refusing: a short phrase counts only when
it is said exactly, a longer one when nothing else comes near, and a "not" that the phrase has not makes it a question.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from typing import Literal

from accessibility.intent.model import Intent, intents
from accessibility.intent.sound import alike, sound
from accessibility.text.numerals import NUMERAL, value_of

LONGEST = 120
"""Characters of an utterance that are looked at; a longer one means nothing here."""
_SURE, _MARGIN, _PERHAPS = 0.84, 0.12, 0.62
_ASKED = 0.8  # asked about, never acted on
_SHORT = 2  # syllables up to which a phrase must sound exactly so, or is not thought of
_POLITE = 4  # words of politeness that are taken away at most, on either side
_LONG = 5  # syllables from which one that is wrong leaves no doubt
_MARKS = re.compile(r"[\s。，、！？；：,.!?;:“”\"'‘’…—~～（）()]+")
_BEFORE = re.compile(
    r"(?:麻烦|请(?!问)|劳驾|那个|那|嗯|呃|哦|帮我|帮|给我|替我|我想要|我想|我要|想|要(?!不)|你|您|能不能|可以|再|就|翻到|翻|去到|去|到|打开|看看|看)"
)
_AFTER = re.compile(r"(?:一下子|一下儿|一下|吧|啊|呢|呀|嘛|吗|了|哈|好不好|好吗|行吗|谢谢|儿)$")
_ENGLISH_FILLERS = re.compile(r"\b(?:please|could|can|you|i|want|to|would|like|the|now|er|um|thanks|thank|show|me)\b")
_NOT = re.compile(r"[不别没甭勿莫]|\b(?:not|no|never|don't|dont)\b")

Words = str | int


@dataclass(frozen=True, slots=True)
class Label:
    """A control of the page that can be said by its words; ``id`` is whatever finds it again."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Understood:
    """What an utterance may mean: an intent, or a label of the page (then ``intent`` is ``label``).

    ``slots`` are ``number`` (a Decimal as text), ``words`` or ``label``; ``score`` from 0 to 1.
    """

    intent: str
    score: float
    slots: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Meaning:
    """``act``: do the first; ``choose``: ask which of up to three; ``nothing``: say what can be said."""

    outcome: Literal["act", "choose", "nothing"]
    found: tuple[Understood, ...] = ()


def understand(text: str, *, available: Collection[str] | None = None, labels: Sequence[Label] = ()) -> Meaning:
    """What a text means where those intents (None: all) and those labels of the page can be said."""
    said = plain(text)
    if not said or len(text) > LONGEST:
        return Meaning("nothing")
    best: dict[tuple[str, str], Understood] = {}
    for one in _candidates(said, available, labels):
        key = one.intent, one.slots.get("label", "")
        if key not in best or one.score > best[key].score:
            best[key] = one
    ranked = sorted(best.values(), key=lambda one: -one.score)
    near = tuple(one for one in ranked if one.score >= _PERHAPS)[:3]
    if not near:
        return Meaning("nothing")
    sure = near[0].score >= _SURE and (len(near) == 1 or near[0].score - near[1].score >= _MARGIN or _exact(near))
    return Meaning("act", near[:1]) if sure else Meaning("choose", near)


def _exact(near: Sequence[Understood]) -> bool:
    return near[0].score == 1 and near[1].score < 1


def plain(text: str) -> str:
    """The words alone: without marks, in lower case, spaces only between Latin words."""
    text = _MARKS.sub(" ", text.lower()).strip()
    return re.sub(r"(?<=[\u3400-\u9fff]) | (?=[\u3400-\u9fff])", "", text)


def _ways(said: str) -> tuple[str, ...]:
    """As it was said, then with fewer of the words around it that only make it polite; the barest last."""
    starts, ends = [said], []
    while len(starts) < _POLITE and (polite := _BEFORE.match(starts[-1])):
        starts.append(starts[-1][polite.end() :])
    for words in starts:
        ends.append(words)
        for _ in range(_POLITE):
            words = _AFTER.sub("", words)
            ends.append(words)
    ends.append(re.sub(r" +", " ", _ENGLISH_FILLERS.sub(" ", said)).strip())
    return tuple(dict.fromkeys(words for words in ends if words))


def _candidates(said: str, available: Collection[str] | None, labels: Sequence[Label]) -> Iterator[Understood]:
    ways = _ways(said)
    for label in labels:
        words = plain(label.text)
        if words:
            yield Understood("label", _score_of_label(ways, words), {"label": label.id})
    for intent in intents().values():
        if available is None or intent.id in available:
            yield from _of_intent(intent, ways)


def _of_intent(intent: Intent, ways: Sequence[str]) -> Iterator[Understood]:
    for phrase, pattern in _phrases(intent.id):
        if pattern is None:
            yield Understood(intent.id, _score(ways, phrase))
            continue
        for words in ways:
            found = pattern.fullmatch(words)
            slots = _slots(found) if found else None
            if slots is not None:
                yield Understood(intent.id, 0.96, slots)


def _slots(found: re.Match[str]) -> dict[str, str] | None:
    slots = {name: value.strip() for name, value in found.groupdict().items()}
    if "number" in slots:
        value = value_of(slots["number"])
        if value is None:
            return None
        slots["number"] = format(value if value != value.to_integral() else Decimal(int(value)), "f")
    return slots


@cache
def _phrases(intent_id: str) -> tuple[tuple[str, re.Pattern[str] | None], ...]:
    """The phrases of an intent as they are compared; one with a slot as a pattern."""
    found = []
    for phrase in (phrase for tongue in intents()[intent_id].phrases.values() for phrase in tongue):
        words = plain(phrase)
        pattern = None
        if "{" in words:
            literal = re.escape(words).replace(r"\{", "{").replace(r"\}", "}")
            number = rf"(?P<number>{NUMERAL}|[a-z]+(?:[ -][a-z]+){{0,3}})"
            pattern = re.compile(literal.replace("{number}", f" ?{number}").replace("{words}", r" ?(?P<words>.{2,})"))
        found.append((words, pattern))
    return tuple(found)


def _score(ways: Sequence[str], phrase: str) -> float:
    if phrase in ways:
        return 1.0 if phrase == ways[0] else 0.97
    sounds, wanted = [sound(words) for words in ways], sound(phrase)
    syllables = wanted.count(" ")
    if syllables > 1 and wanted in sounds:
        score = 0.9
    elif syllables <= _SHORT:
        return 0.0
    else:
        score = max(alike(words, phrase) for words in {ways[0], ways[-1]})
        if syllables < _LONG:  # one syllable of three is another word: 低一点 is not 大一点
            score = min(score, _ASKED)
    if phrase in ways[0]:
        score = max(score, _ASKED)
    if bool(_NOT.search(ways[0])) != bool(_NOT.search(phrase)):
        score = min(score, _ASKED)
    return score


def _score_of_label(ways: Sequence[str], label: str) -> float:
    """A part of a label is enough to ask whether it is meant."""
    part = any(len(words) > 1 and words in label for words in ways)
    return max(_score(ways, label), _ASKED if part else 0.0)
