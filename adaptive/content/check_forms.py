"""Faults of an item's forms: which are there, their Markdown and pictures, and how hard they are to read."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from adaptive.content.check_pictures import check_picture_file
from adaptive.content.fault import Faults
from adaptive.content.markdown import Block, Heading, Markup, Part, Picture, parts
from adaptive.content.model import FormKind, Item
from adaptive.content.places import Loaded
from adaptive.content.raster import is_raster

if TYPE_CHECKING:
    from adaptive.content.check import Measure

LEVELS = ("simple", "middle", "hard")
LONGEST_EASY, MEAN_EASY, CLDC_EASY = 25, 15, 15.0
LONGEST_STEP = 3
_SIGHT = re.compile(r"[见如看][下上左右]?[图表](?:所示)?|[下上左右]图")
_PAUSE = re.compile(r"^（停顿 ?\d+ ?秒）$")


def check(item: Item, loaded: Loaded, faults: Faults, measure: Measure) -> None:
    """Every fault of the item's forms."""
    _kinds(item, loaded, faults)
    used: set[str] = {question.picture for question in item.questions if question.picture}
    for kind in item.forms:
        found = _parts(item, kind, loaded)
        file, first = loaded.places.of("form", f"{item.id} {kind}")
        _markdown(found, file, faults)
        used |= _pictures(item, found, file, faults)
        if kind == "standard":
            _label(item, found, loaded, faults, measure)
        elif kind == "easy":
            _easy(item, found, file, first, faults, measure)
        elif kind == "audio":
            _audio(found, file, faults)
        elif kind == "steps":
            _steps(found, file, first, faults)
    folder = loaded.folders[item.id]
    for picture in item.pictures:
        if picture not in used:
            faults.notice((folder / picture).as_posix(), 0, "content.picture_unused", name=picture)
        if not is_raster(picture):  # those were looked at when they were read
            check_picture_file(folder / picture, faults)


def _parts(item: Item, kind: FormKind, loaded: Loaded) -> tuple[Part, ...]:
    return parts(item.forms[kind].body, loaded.places.of("form", f"{item.id} {kind}")[1])


def reading_text(found: tuple[Part, ...]) -> str:
    """What of a form is measured: its paragraphs, a line each; neither its headings nor the words of its pictures."""
    return "\n".join(part.text for part in found if isinstance(part, Block))


def _kinds(item: Item, loaded: Loaded, faults: Faults) -> None:
    at = loaded.places.of("item", item.id, "title")
    if not item.forms["standard"].body.strip():
        faults.error(*at, "content.form_empty")
    if len(item.forms) < 2:
        faults.error(*at, "content.forms_too_few")
    elif "easy" not in item.forms:
        faults.notice(*at, "content.easy_missing")
    if not item.questions:
        faults.error(*at, "content.questions_missing")
    course = loaded.library.courses.get(item.course_id)
    if not item.sources and not (course and course.sources):
        faults.notice(*at, "content.sources_missing")


def _markdown(found: tuple[Part, ...], file: str, faults: Faults) -> None:
    above = 1
    for part in found:
        if isinstance(part, Markup):
            faults.error(file, part.line, f"content.markdown_{part.kind}")
        elif isinstance(part, Heading):
            if part.level == 1 or part.level > above + 1:
                faults.error(file, part.line, "content.heading_level", level=part.level, allowed=max(2, above + 1))
            above = max(2, part.level)


def _pictures(item: Item, found: tuple[Part, ...], file: str, faults: Faults) -> set[str]:
    used = set()
    for part in found:
        if not isinstance(part, Picture):
            continue
        used.add(part.address)
        if not part.text:
            faults.error(file, part.line, "content.picture_text_missing", name=part.address)
        if part.address not in item.pictures:
            faults.error(file, part.line, "content.picture_missing", name=part.address)
    return used


def _label(item: Item, found: tuple[Part, ...], loaded: Loaded, faults: Faults, measure: Measure) -> None:
    """The standard form is no harder than its label says."""
    reading = measure(reading_text(found), item.forms["standard"].lang)
    if LEVELS.index(reading.level) > LEVELS.index(item.reading_level):
        at = loaded.places.of("item", item.id, "reading_level")
        faults.error(
            *at, "content.reading_level", label=item.reading_level, measured=reading.level,
            score=f"{reading.score:.1f}", words="、".join(reading.hard_words[:8]) or None,
        )  # fmt: skip


def _easy(item: Item, found: tuple[Part, ...], file: str, first: int, faults: Faults, measure: Measure) -> None:
    blocks = [part for part in found if isinstance(part, Block)]
    lang = item.forms["easy"].lang
    for block in blocks:
        reading = measure(block.text, lang)
        for text, length in zip(reading.sentences, reading.characters, strict=True):
            if length > LONGEST_EASY:
                faults.error(
                    file, block.line, "content.easy_sentence_long", characters=length, limit=LONGEST_EASY, text=text
                )  # fmt: skip
        for words in reading.double_negatives:
            faults.error(file, block.line, "content.easy_double_negative", text=words)
        for idiom in reading.idioms:
            faults.notice(file, block.line, "content.easy_idiom", text=idiom)
    whole = measure(reading_text(found), lang)
    mean = sum(whole.characters) / len(whole.characters) if whole.characters else 0.0
    if mean > MEAN_EASY:
        faults.error(file, first, "content.easy_sentences_long", characters=f"{mean:.1f}", limit=MEAN_EASY)
    if whole.score >= CLDC_EASY:
        hard = "、".join(whole.hard_words[:8]) or None
        faults.error(file, first, "content.easy_hard", score=f"{whole.score:.1f}", limit=int(CLDC_EASY), words=hard)


def _audio(found: tuple[Part, ...], file: str, faults: Faults) -> None:
    for part in found:
        if isinstance(part, Picture):
            faults.error(file, part.line, "content.audio_picture")
        elif isinstance(part, Block):
            seen = _SIGHT.search(part.text)
            if seen:
                faults.error(file, part.line, "content.audio_sight", text=seen.group())
            if "停顿" in part.text and part.text[:1] in "（(" and not _PAUSE.match(part.text):
                faults.error(file, part.line, "content.audio_pause", text=part.text[:20])


def _steps(found: tuple[Part, ...], file: str, first: int, faults: Faults) -> None:
    """One heading of the second level per step, each with a picture and one to three sentences."""
    steps: list[tuple[Heading, list[Part]]] = []
    for part in found:
        if isinstance(part, Heading) and part.level == 2:
            steps.append((part, []))
        elif steps:
            steps[-1][1].append(part)
    if len(steps) < 2:
        faults.error(file, first, "content.steps_too_few")
    for heading, held in steps:
        if not any(isinstance(part, Picture) for part in held):
            faults.error(file, heading.line, "content.step_picture_missing", step=heading.text)
        text = "".join(part.text for part in held if isinstance(part, Block))
        if not text:
            faults.error(file, heading.line, "content.step_text_missing", step=heading.text)
        elif len(re.findall(r"[^。！？!?]+[。！？!?]*", text)) > LONGEST_STEP:
            faults.notice(file, heading.line, "content.step_long", step=heading.text, limit=LONGEST_STEP)
