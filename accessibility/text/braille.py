"""Text for a Braille printer: Braille through liblouis where that is installed, and plain text in the same page shape.

A Braille ready file (BRF) is ASCII, each cell a character of North American Braille Computer Code; lines of at most 40
cells, pages of at most 25 lines ended by a form feed. Chinese goes by 国家通用盲文 (GF 0019—2018; liblouis' table
``zhcn-cbs``), English by Unified English Braille, uncontracted. liblouis guesses the readings of 多音字 from phrases: a
person who reads Braille should look over what matters. The program ``lou_translate`` (Debian: liblouis-bin) is optional
and runs in a process of its own, on text that goes in by its standard input.
"""

import re
import shutil
import subprocess
import unicodedata
from collections.abc import Iterator

CELLS, LINES = 40, 25
PROGRAM = "lou_translate"
TABLES = {"zh-CN": "zhcn-cbs.ctb", "en": "en-ueb-g1.ctb"}
SECONDS = 20
# More than a line of print ever has; the program takes lines of limited length.
_LONGEST_LINE = 400
_BLANK = "\u2800"
# The cell of dots 1 to 6 as bits, U+2800 to U+283F, each as its ASCII character.
_ASCII = " A1B'K2L@CIF/MSP\"E3H9O6R^DJG>NTQ,*5<-U8V.%[$+X!&;:4\\0Z7(_?W]#Y)="


class BrailleUnavailable(Exception):
    """There is no liblouis here, or it did not answer."""


def available() -> bool:
    """Whether Braille can be made here."""
    return shutil.which(PROGRAM) is not None


def braille(text: str, lang: str) -> str:
    """A text as a Braille ready file. Raises BrailleUnavailable."""
    cells = _translated(text, "en" if lang.startswith("en") else "zh-CN")
    lines = [line for paragraph in cells for line in _wrapped(paragraph.split(_BLANK), CELLS)]
    return _paged(["".join(_ascii(cell) for cell in line) for line in lines])


def plain(text: str) -> str:
    """A text as plain text in the same shape, for a printer's own program to make Braille of; a 汉字 is two columns."""
    lines = [line for paragraph in text.split("\n") for line in _wrapped(list(_pieces(_tidy(paragraph))), CELLS, "")]
    return _paged([line.rstrip() for line in lines])


def _tidy(text: str) -> str:
    """Without control characters, spaces folded."""
    return " ".join("".join(" " if unicodedata.category(c)[0] in "CZ" else c for c in text).split())


def _translated(text: str, lang: str) -> list[str]:
    program = shutil.which(PROGRAM)
    if program is None:
        raise BrailleUnavailable("missing")
    short = [piece for line in text.split("\n") for piece in _short(_tidy(line))]
    try:
        done = subprocess.run(  # noqa: S603 - a fixed program and table; the text goes in by its standard input
            [program, "--forward", f"unicode.dis,{TABLES[lang]}"],
            input="\n".join(short) + "\n",
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=SECONDS,
            check=True,
        )
    except (OSError, subprocess.SubprocessError, UnicodeError) as error:
        raise BrailleUnavailable("failed") from error
    return done.stdout.removesuffix("\n").split("\n")


def _short(line: str) -> Iterator[str]:
    while len(line) > _LONGEST_LINE:
        cut = max(line.rfind(mark, 0, _LONGEST_LINE) for mark in " 。；，") + 1 or _LONGEST_LINE
        yield line[:cut]
        line = line[cut:]
    yield line


def _ascii(cell: str) -> str:
    """A cell's character; dots 7 and 8, which no printer of six dots has, are left out; anything else is a blank."""
    place = ord(cell) - 0x2800
    return _ASCII[place & 0x3F] if 0 <= place <= 0xFF else " "


def _pieces(text: str) -> Iterator[str]:
    """What is not torn apart: a word with the space after it, a wide character alone with the mark that follows it."""
    yield from re.findall(
        r"[\u2e80-\u9fff\uf900-\ufaff][，。、；：！？）》」』”]*|[^\s\u2e80-\u9fff\uf900-\ufaff]+\s?|\s", text
    )


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def _wrapped(words: list[str], most: int, between: str = _BLANK) -> Iterator[str]:
    line = ""
    for word in words:
        joined = f"{line}{between}{word}" if line else word
        if _width(joined.rstrip()) <= most:
            line = joined
            continue
        if line:
            yield line
        while _width(word) > most:
            cut = next(n for n in range(len(word), 0, -1) if _width(word[:n]) <= most)
            yield word[:cut]
            word = word[cut:]
        line = word.lstrip()
    yield line


def _paged(lines: list[str]) -> str:
    """Pages of text: lines ended as Braille printers want them, each page by a form feed."""
    pages = [lines[at : at + LINES] for at in range(0, len(lines), LINES)]
    return "".join("".join(f"{line}\r\n" for line in page) + "\f" for page in pages)
