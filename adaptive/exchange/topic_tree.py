"""Topic folders as Kolibri channels are made from: a tree of topics with pages and exercises, as a folder or a ZIP.

channel.json             {"title", "description", "language", "author", "license", "source_id"}, or none
01 Topic/
  topic.json             {"title", "description"}, or none: then the folder's name
  page.md, page.html     a page each
  exercise.json          {"title", "questions": [...]}: as Kolibri's ricecooker names the fields of its questions
"""

import json
import posixpath
import re
from typing import Any

from adaptive.content.model import Option, Question
from adaptive.exchange.archive import Archive
from adaptive.exchange.draft import CourseDraft, ItemDraft, choice, named, number_of, question
from adaptive.exchange.picture import shelf_of
from adaptive.exchange.problem import Problems
from adaptive.exchange.rich_text import to_markdown, to_plain
from adaptive.exchange.web_text import as_text, title_of

CHANNEL = "channel.json"
TOPIC = "topic.json"
_HTML = (".html", ".htm", ".xhtml")
_TEXT = (".md", ".txt")
_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg", ".css")
_ORDER = re.compile(r"^\s*\d+[.、_\-\s]+")
_NUMBERS = re.compile(r"(\d+)")
_HEADING = re.compile(r"^#{1,6}\s+(.+?)\s*#*$", re.MULTILINE)
_TAG = re.compile(r"<(?=[A-Za-z/!?])")


def read_topics(archive: Archive, title: str, problems: Problems) -> CourseDraft:
    """A tree of topics as a course: each page an item, an exercise with the page before it in its topic.

    Topics become the outline. Sound, film, PDF, Perseus exercises and all else is noted (``resource_kind``).
    """
    names = sorted(archive, key=_natural)
    root = posixpath.commonpath([posixpath.dirname(n) for n in names]) if names else ""
    base = f"{root}/" if root else ""
    channel = _json(archive, base + CHANNEL, problems)
    course = CourseDraft(
        _said(channel, "title") or title, summary=_said(channel, "description"), language=_said(channel, "language"),
        author=_said(channel, "author"), licence=_said(channel, "license"), source=_said(channel, "source_id") or None,
    )  # fmt: skip
    shown: set[str] = set()
    page: tuple[str, ItemDraft] | None = None
    for name in names:
        folder, file = posixpath.split(name)
        if file in (CHANNEL, TOPIC) or name.lower().endswith(_PICTURES) or file.startswith("."):
            continue
        _show(archive, folder, base, shown, course, problems)
        depth = folder.removeprefix(root).strip("/").count("/") + (1 if folder != root else 0)
        item = _read(archive, name, page[1] if page and page[0] == folder else None, problems.at(name))
        if item is not None and (page is None or item is not page[1]):
            course.items.append(item)
            course.outline.append((depth, item.title))
            page = (folder, item)
    for item in course.items:
        item.questions = named(item.questions)
    return course


def _natural(name: str) -> list[tuple[int, int, str]]:
    """Order as people count: 2 before 10; pages before the exercises that belong to them."""
    stem, extension = posixpath.splitext(name)
    parts = [(0, int(p), "") if p.isdigit() else (1, 0, p) for p in _NUMBERS.split(stem.lower()[:500]) if p]
    return [*parts, (2, extension == ".json", "")]


def _title(name: str) -> str:
    stem = posixpath.splitext(posixpath.basename(name))[0]
    return _ORDER.sub("", stem).replace("_", " ").strip() or stem


def _show(archive: Archive, folder: str, base: str, shown: set[str], course: CourseDraft, problems: Problems) -> None:
    """Add a topic, and those above it, to the outline when it is first met."""
    parts = folder.removeprefix(base.rstrip("/")).strip("/").split("/") if folder != base.rstrip("/") else []
    for depth in range(len(parts)):
        path = base + "/".join(parts[: depth + 1])
        if path not in shown:
            shown.add(path)
            course.outline.append((depth, _said(_json(archive, f"{path}/{TOPIC}", problems), "title") or _title(path)))


def _json(archive: Archive, name: str, problems: Problems) -> dict[str, Any]:
    if name not in archive:
        return {}
    try:
        data = json.loads(archive.read(name).decode("utf-8-sig"))
    except (ValueError, RecursionError):
        data = None
    if not isinstance(data, dict):
        problems.at(name).left_out(name, "unreadable", reason="exchange.json_broken")
        return {}
    return data


def _said(data: dict[str, Any], key: str) -> str:
    value = data.get(key)
    return value.strip() if isinstance(value, str) else ""


def _read(archive: Archive, name: str, page: ItemDraft | None, problems: Problems) -> ItemDraft | None:
    """The item of a file; an exercise goes to the page before it, where that has none yet."""
    lower = name.lower()
    shelf = shelf_of(archive, name, name, problems)
    if lower.endswith(_HTML):
        html = as_text(archive.read(name))
        title = title_of(html) or _title(name)
        return ItemDraft(title, body=to_markdown(html, title, problems, shelf.take), pictures=shelf.pictures)
    if lower.endswith(_TEXT):
        text = as_text(archive.read(name)).replace("\r\n", "\n").strip()
        heading = _HEADING.search(text)
        title = heading[1] if heading else _title(name)
        if heading and heading.start() == 0:
            text = text[heading.end() :].strip()
        return ItemDraft(title, body=_markdown(text, shelf), pictures=shelf.pictures)
    if not lower.endswith(".json"):
        problems.left_out(name, "resource_kind", kind=posixpath.splitext(lower)[1].lstrip(".") or "?")
        return None
    data = _json(archive, name, problems)
    questions = [q for entry in _entries(data) if (q := _question(entry, problems)) is not None]
    item = page if page is not None and not page.questions else ItemDraft(_said(data, "title") or _title(name))
    item.questions += questions
    return item if questions else None


def _markdown(text: str, shelf: Any) -> str:
    """Markdown as it is, but that tags stay words and headings begin at ``##``; pictures by their names here."""
    text = _TAG.sub(r"\\<", text)
    text = re.sub(r"^(#{1,5}) ", r"#\1 ", text, flags=re.MULTILINE) if re.search(r"^# ", text, re.MULTILINE) else text

    def picture(found: re.Match[str]) -> str:
        name = shelf.take(found[2])
        return f"![{found[1]}]({name})" if name else found[1]

    return re.sub(r"!\[([^\]]*)\]\(([^)\s]+)[^)]*\)", picture, text)


def _entries(data: dict[str, Any]) -> list[dict[str, Any]]:
    listed = data.get("questions", [])
    return [entry for entry in listed if isinstance(entry, dict)] if isinstance(listed, list) else []


def _question(entry: dict[str, Any], problems: Problems) -> Question | None:
    """A question by ricecooker's names: ``type``, ``question``, ``correct_answer(s)``, ``all_answers``, ``hints``."""
    prompt = to_plain(_said(entry, "question"))
    place = _said(entry, "id") or prompt[:40]
    kind = _said(entry, "type")
    right = _texts(entry.get("correct_answers")) or _texts(entry.get("correct_answer")) or _texts(entry.get("answers"))
    fields = {
        "hints": tuple(to_plain(hint) for hint in _texts(entry.get("hints"))),
        "explanation": to_plain(_said(entry, "explanation")),
    }
    if kind not in ("single_selection", "multiple_selection", "input_question"):
        problems.left_out(place, "interaction", kind=kind or "?")
        return None
    if not right:
        problems.left_out(place, "no_key")
        return None
    if kind == "input_question":
        number = number_of(right[0])
        if number is not None and len(right) == 1:
            return question(place, "number", prompt, answer=f"{number:f}", **fields)
        return question(place, "text", prompt, accept=tuple(right), **fields)
    listed = list(dict.fromkeys([*_texts(entry.get("all_answers")), *right]))
    options = [Option(to_plain(text), text in right) for text in listed]
    return choice(place, prompt, options, several=kind == "multiple_selection", **fields)


def _texts(value: object) -> list[str]:
    if isinstance(value, str | int | float) and not isinstance(value, bool):
        return [str(value)]
    return [str(v) for v in value if isinstance(v, str | int | float)] if isinstance(value, list) else []
