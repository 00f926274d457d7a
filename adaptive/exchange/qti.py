"""QTI 2.1, 2.2 and 3.0: a single item, a test, or a package of them, as a course draft."""

from xml.etree.ElementTree import Element

from adaptive.errors import InvalidInput
from adaptive.exchange.archive import Archive
from adaptive.exchange.draft import CourseDraft, ItemDraft, named
from adaptive.exchange.manifest import Manifest, has_manifest, read_manifest
from adaptive.exchange.markup import deep, html_of, parse, words
from adaptive.exchange.picture import shelf_of
from adaptive.exchange.problem import Problems
from adaptive.exchange.qti_item import read_item
from adaptive.exchange.rich_text import to_markdown


def read_single(root: Element, file: str, problems: Problems) -> CourseDraft:
    """A course of the one question that an ``assessmentItem`` document is."""
    title = root.get("title") or root.get("identifier") or file
    draft = ItemDraft(title)
    _take(root, None, "", draft, problems.at(file))
    draft.questions = named(draft.questions)
    return CourseDraft(title, language=root.get("lang", ""), source=root.get("identifier"), items=[draft])


def read_package(archive: Archive, problems: Problems) -> CourseDraft:
    """A package: every section of its test (or, without a test, the package itself) becomes an item.

    Raises InvalidInput ``exchange.no_manifest`` for a package without one; what cannot be taken is noted.
    """
    if not has_manifest(archive):
        raise InvalidInput("exchange.no_manifest")
    manifest = read_manifest(archive)
    title = manifest.metadata.get("title", "")
    parsed: dict[str, Element] = {}
    for resource in manifest.resources.values():
        name = archive.resolve("", resource.href)
        if name is None:
            problems.left_out(resource.identifier, "file_missing", name=resource.href)
        elif resource.kind.startswith(("imsqti_", "imsqti")) and name.lower().endswith(".xml"):
            _parse(archive, name, parsed, problems)
        elif name.lower().endswith((".html", ".htm")):
            problems.at(name).left_out(name, "resource_kind", kind=resource.kind)
    tests = [name for name, root in parsed.items() if root.tag == "assessmentTest"]
    items = {name for name, root in parsed.items() if root.tag == "assessmentItem"}
    course = _course(manifest, title or "QTI")
    for test in tests:
        course.title = title or parsed[test].get("title") or course.title
        _sections(parsed[test], test, archive, parsed, items, course, problems)
    loose = [name for name in parsed if name in items]
    if loose:
        draft = ItemDraft(course.title)
        for name in loose:
            _take(parsed[name], archive, name, draft, problems.at(name))
        course.items.append(draft)
    for draft in course.items:
        draft.questions = named(draft.questions)
    course.items = [draft for draft in course.items if draft]
    return course


def _course(manifest: Manifest, title: str) -> CourseDraft:
    about = manifest.metadata
    return CourseDraft(
        title,
        name=manifest.identifier or None,
        summary=about.get("description", ""),
        language=about.get("language", ""),
        author=about.get("author", ""),
        licence=about.get("licence", ""),
        source=manifest.identifier or None,
    )


def _parse(archive: Archive, name: str, parsed: dict[str, Element], problems: Problems) -> None:
    try:
        root = parse(archive.read(name), name)
    except InvalidInput as error:
        problems.at(name).left_out(name, "unreadable", reason=error.code)
        return
    if root.tag in ("assessmentTest", "assessmentItem"):
        parsed[name] = root
    else:
        problems.at(name).left_out(name, "document_kind", kind=root.tag)


def _sections(
    test: Element, name: str, archive: Archive, parsed: dict[str, Element], left: set[str], course: CourseDraft,
    problems: Problems,
) -> None:  # fmt: skip
    """Each section of a test with references of its own as an item; ``left`` loses what was taken."""
    for section in deep(test, "assessmentSection"):
        draft = ItemDraft(section.get("title") or course.title, name=section.get("identifier"))
        texts = [child for child in section if child.tag == "rubricBlock"]
        for text in texts:
            shelf = shelf_of(archive, name, draft.title, problems.at(name))
            draft.body = "\n\n".join(
                part
                for part in (draft.body, to_markdown(html_of(text), draft.title, problems.at(name), shelf.take))
                if part
            )
            draft.pictures |= shelf.pictures
        for reference in [child for child in section if child.tag == "assessmentItemRef"]:
            target = archive.resolve(name, reference.get("href", ""))
            if target is None or target not in parsed:
                place = reference.get("identifier", "")
                problems.at(name).left_out(place, "file_missing", name=reference.get("href", ""))
            elif target in left:
                left.discard(target)
                _take(parsed[target], archive, target, draft, problems.at(target))
        if [child for child in section if child.tag in ("selection", "ordering")]:
            problems.at(name).changed(draft.title, "selection")
        course.items.append(draft)


def _take(item: Element, archive: Archive | None, file: str, draft: ItemDraft, problems: Problems) -> None:
    """Add the questions of an item to a draft, with their pictures under names of that draft."""
    shelf = shelf_of(archive, file, item.get("title") or words(item)[:40], problems)
    questions = read_item(item, problems, shelf)
    draft.add(questions, shelf.pictures)
