"""The ways in which people ask for an item: read from its front matter, and checked."""

import re

from adaptive.content.fault import Faults
from adaptive.content.model import Asked
from adaptive.content.places import Loaded, Places
from adaptive.content.record import Record
from adaptive.content.words import one_spelling

MOST = 25
"""How many an item may have in one language."""
LONGEST = {"zh": 40, "en": 100}
"""Characters that one may have."""


def read_asked(item: Record, id: str, places: Places) -> Asked:
    """What stands under ``asked``; nothing where it is not there."""
    own = item.record("asked")
    if own is None:
        return Asked()
    said: dict[str, tuple[str, ...]] = {}
    for language in LONGEST:
        lines = own.words_at(language)
        said[language] = tuple(sentence for sentence, _ in lines)
        places.put("asked", f"{id} {language}", own.file, own.line_of(language))
        for number, (_, line) in enumerate(lines):
            places.put("asked", f"{id} {language} {number}", own.file, line)
    own.done()
    item.ok &= own.ok
    return Asked(said["zh"], said["en"])


def check(loaded: Loaded, faults: Faults) -> None:
    """Lists that are too long, sentences that are, and those that stand in the library twice."""
    seen: dict[str, tuple[str, int]] = {}
    for item in loaded.library.items.values():
        for language, sentences in (("zh", item.asked.zh), ("en", item.asked.en)):
            if len(sentences) > MOST:
                at = loaded.places.of("asked", f"{item.id} {language}")
                faults.error(*at, "content.asked_many", count=len(sentences), most=MOST)
            for number, sentence in enumerate(sentences):
                at = loaded.places.of("asked", f"{item.id} {language} {number}")
                if len(sentence) > LONGEST[language]:
                    faults.error(*at, "content.asked_long", most=LONGEST[language])
                plain = re.sub(r"[\W_]+", "", one_spelling(sentence))
                if plain in seen:
                    file, line = seen[plain]
                    faults.error(*at, "content.asked_twice", file=file, line=line)
                seen.setdefault(plain, at)
