"""How alike two utterances sound: toneless pinyin without the differences that dialects and recognisers lose."""

import re
from functools import lru_cache

from pypinyin import Style, lazy_pinyin
from rapidfuzz.distance import Levenshtein

_HAN = re.compile(r"[\u3400-\u9fff]")
# zh, ch, sh and z, c, s; n and l; f and h before u; -ng and -n: told apart by few speakers of the south and southwest.
_LOST = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ang", "an"), ("eng", "en"), ("ing", "in"), ("ong", "on"), ("hu", "f"))


@lru_cache(maxsize=4096)
def sound(text: str) -> str:
    """The text as it sounds: canonical syllables with a space after each; English words in lower case."""
    syllables: list[str] = []
    for piece in re.findall(r"[\u3400-\u9fff]+|[a-z']+|\d+", text.lower()):
        syllables += map(_canonical, lazy_pinyin(piece, style=Style.NORMAL)) if _HAN.match(piece) else [piece]
    return "".join(f"{syllable} " for syllable in syllables)


def _canonical(syllable: str) -> str:
    for spelt, heard in _LOST:
        syllable = syllable.replace(spelt, heard)
    return "l" + syllable[1:] if syllable.startswith("n") and len(syllable) > 1 else syllable


def alike(one: str, other: str) -> float:
    """From 0 (nothing in common) to 1 (the same sounds)."""
    return Levenshtein.normalized_similarity(sound(one), sound(other))
