"""Syllables as the voice ``cmn-latn-pinyin`` takes them: those that it would spell as English get their phonemes.

espeak-ng 1.52 has no rule for *jiong*, *qiong* and *xiong* (兄, 穷, 胸 would be read as English letters) nor for a
retroflex ending (一点儿). Both are written as phonemes of its table for Mandarin, between ``[[`` and ``]]``; the rhotic
``r`` lowers the third formant from about 2,700 to 2,400 Hz within one syllable, as *er* does.
"""

import re
from collections.abc import Sequence
from functools import cache

from pypinyin.contrib.tone_convert import to_normal
from pypinyin.pinyin_dict import pinyin_dict

RETROFLEX = "r5"
"""How a lexicon and ``mandarin`` write a 儿 that is no syllable of its own: it belongs to the one before it."""

SYLLABLE = re.compile(r"([a-zv]+)([1-5])")
_TONES = {"1": "55", "2": "35", "3": "214", "4": "51", "5": "11"}
_INITIALS = {
    "b": "p", "p": "ph", "m": "m", "f": "f", "d": "t", "t": "th", "n": "n", "l": "l", "g": "k", "k": "kh", "h": "X",
    "j": "tS;", "q": "tS;h", "x": "S;", "zh": "ts.", "ch": "ts.h", "sh": "s.", "r": "z.", "z": "ts", "c": "tsh",
    "s": "s", "": "",
}  # fmt: skip
# What is left of a final before a retroflex ending: 安 and 爱 lose their end, 英 and 音 fall together.
_RHOTIC = {
    "a": "'a", "ai": "'a", "an": "'a", "ang": "'A", "ao": "'Au", "e": "'o-", "ei": "'@", "en": "'@", "eng": "'@",
    "o": "'o", "ong": "'o", "ou": "'ou", "i": "j'@", "in": "j'@", "ing": "j'@", "ia": "'iA", "ian": "'iA",
    "iang": "'iA", "iao": "j'Au", "ie": "'iE", "iu": "'iou", "iong": "j'o", "u": "'u", "ua": "w'a", "uai": "w'a",
    "uan": "w'a", "uang": "w'A", "uo": "'uo", "ui": "w'@", "un": "w'@", "ueng": "w'@", "v": "'y@", "vn": "'y@",
    "van": "'y&", "ve": "'yE", "uei": "w'@", "uen": "w'@", "iou": "'iou", "io": "'o",
}  # fmt: skip
_BARE = {"y": "i", "yi": "i", "w": "u", "wu": "u", "yu": "v"}
# Interjections that are hardly syllables: said as the nearest that is one.
_NEAREST = {"m": "mu", "hm": "hen", "hng": "heng", "n": "en", "ng": "en", "ê": "ei", "wong": "weng"}
_OPEN = re.compile(r"(jiong|qiong|xiong)([1-5])")


@cache
def known() -> frozenset[str]:
    """Every syllable of Mandarin without its tone, ü written v."""
    read = {said for several in pinyin_dict.values() for said in several.split(",")}
    return frozenset(plain for said in read if (plain := to_normal(said).replace("ü", "v")).isascii() and plain != "n")


def written(syllables: Sequence[str]) -> str:
    """A word's syllables as the voice takes them: ``("yi4", "dian3", "r5")`` → ``yi4 [[t'iA214r]]``."""
    pieces: list[str] = []
    for at, syllable in enumerate(syllables):
        if syllable == RETROFLEX and pieces:
            pieces[-1] = _retroflex(syllables[at - 1])
        else:
            pieces.append(_plain(syllable))
    joined = "".join(f" {piece} " if piece.startswith("[[") else piece for piece in pieces)
    return " ".join(joined.split())


def _plain(syllable: str) -> str:
    if syllable == RETROFLEX:
        return "er5"
    if found := _OPEN.fullmatch(syllable):
        return f"[[{_INITIALS[found[1][0]]}'iong{_TONES[found[2]]}]]"
    base, tone = syllable[:-1], syllable[-1:]
    return _NEAREST.get(base, base) + tone


def _retroflex(syllable: str) -> str:
    """A syllable with a retroflex ending; one that cannot be taken apart is said with *er* after it."""
    found = SYLLABLE.fullmatch(syllable)
    parts = apart(found[1]) if found else None
    if found is None or parts is None:
        return _plain(syllable) + "er5"
    initial, final = parts
    return f"[[{_INITIALS[initial]}{_RHOTIC[final]}{_TONES[found[2]]}r]]"


def apart(syllable: str) -> tuple[str, str] | None:
    """Initial and final, the final without y or w: ``wan`` → ``("", "uan")``, ``xue`` → ``("x", "ve")``."""
    for beginning in ("yi", "wu", "yu", "y", "w"):
        if syllable.startswith(beginning):
            rest = syllable[len(beginning) :]
            final = _BARE[beginning] + rest
            return ("", final) if final in _RHOTIC else None
    initial = next((i for i in sorted(_INITIALS, key=len, reverse=True) if syllable.startswith(i)), "")
    final = syllable[len(initial) :]
    if initial in ("j", "q", "x") and final.startswith("u"):
        final = "v" + final[1:]
    if initial in ("zh", "ch", "sh", "r", "z", "c", "s") and final == "i":
        final = "en"
    return (initial, final) if final in _RHOTIC else None
