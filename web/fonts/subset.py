"""Make the certificate's font: the part of Noto Serif CJK SC that names and courses here can need.

    python web/fonts/subset.py /usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc Unihan_OtherMappings.txt.bz2

It keeps the 8,105 characters of 通用规范汉字表 (2013; Unihan's ``kTGH``, in Debian's package unicode-data), all of
GB 2312, and Latin letters with their accents. The font comes from Debian's fonts-noto-cjk; fontTools is a test
dependency. The result has a name of its own, as the OFL asks of changed fonts that share a reserved name, and so that
an installed font never stands in for it. ``coverage.txt`` lists what it holds, so that a missing character is found
without reading the font.
"""

import bz2
import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTCollection

HERE = Path(__file__).parent
FAMILY = "Evergreen Song"
FACE = "Noto Serif CJK SC"
LATIN = [*range(0x20, 0x7F), *range(0xA0, 0x180), *range(0x1CD, 0x1DD), *range(0x2010, 0x2028), 0x2030, 0x20AC, 0x2116]


def _standard_characters(unihan: Path) -> set[int]:
    with bz2.open(unihan, "rt", encoding="utf-8") as lines:
        fields = (line.split("\t") for line in lines if not line.startswith("#"))
        return {int(field[0][2:], 16) for field in fields if len(field) > 1 and field[1] == "kTGH"}


def _gb2312() -> set[int]:
    found: set[int] = set()
    for lead in range(0xA1, 0xF8):
        for trail in range(0xA1, 0xFF):
            text = bytes((lead, trail)).decode("gb2312", "ignore")
            found.update(ord(character) for character in text)
    return found


def _ranges(codepoints: list[int]) -> str:
    lines: list[str] = []
    start = previous = codepoints[0]
    for code in [*codepoints[1:], 0]:
        if code != previous + 1:
            lines.append(f"{start:X}" if start == previous else f"{start:X}-{previous:X}")
            start = code
        previous = code
    return " ".join(lines) + "\n"


def main(source: str, unihan: str) -> None:
    """Write the font and its coverage beside this file."""
    font = next(f for f in TTCollection(source).fonts if f["name"].getDebugName(1) == FACE)
    wanted = _standard_characters(Path(unihan)) | _gb2312() | set(LATIN)
    options = subset.Options(hinting=False, name_IDs=[0, 1, 2, 3, 4, 5, 6, 13, 14], notdef_outline=True)
    options.layout_features = ["kern", "mark", "halt", "palt"]  # no locl: one language's forms only
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=wanted)
    subsetter.subset(font)
    for record in font["name"].names:
        if record.nameID in (1, 4, 16):
            record.string = FAMILY
        elif record.nameID in (3, 6):
            record.string = FAMILY.replace(" ", "") + "-Regular"
    font["CFF "].cff.fontNames[0] = FAMILY.replace(" ", "") + "-Regular"
    font.save(HERE / "EvergreenSong-Regular.otf")
    (HERE / "coverage.txt").write_text(_ranges(sorted(font.getBestCmap())), "ascii")


if __name__ == "__main__":
    main(*sys.argv[1:3])
