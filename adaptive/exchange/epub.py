"""EPUB 2 and 3: a book's chapters as the items of a course (EPUB 3.3, and OPF 2.0.1 with its NCX)."""

import posixpath
from xml.etree.ElementTree import Element

from adaptive.errors import InvalidInput
from adaptive.exchange.archive import Archive
from adaptive.exchange.draft import CourseDraft, ItemDraft
from adaptive.exchange.markup import deep, each, first, parse, words
from adaptive.exchange.picture import shelf_of
from adaptive.exchange.problem import Problems
from adaptive.exchange.rich_text import to_markdown
from adaptive.exchange.web_text import as_text, title_of

CONTAINER = "META-INF/container.xml"
ENCRYPTION = "META-INF/encryption.xml"
_PAGES = ("application/xhtml+xml", "text/html", "application/x-dtbook+xml")
# Fonts are obfuscated in books that anyone may read (EPUB 3.3, Font obfuscation).
_OBFUSCATION = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")


def is_epub(archive: Archive) -> bool:
    """Whether a package says that it is a book."""
    return CONTAINER in archive


def read_epub(archive: Archive, problems: Problems) -> CourseDraft:
    """A book as a course; the table of contents gives titles and the outline.

    Raises InvalidInput ``exchange.epub_protected`` for a book with copy protection, ``exchange.epub_broken`` for one
    without a package document. Sound, film and pages without words are noted.
    """
    if ENCRYPTION in archive:
        methods = {
            m.get("Algorithm", "") for m in deep(parse(archive.read(ENCRYPTION), ENCRYPTION), "EncryptionMethod")
        }
        if methods - set(_OBFUSCATION):
            raise InvalidInput("exchange.epub_protected")
    name = _package_document(archive)
    package = parse(archive.read(name), name)
    course = _course(first(package, "metadata"), package.get("unique-identifier"))
    manifest = {item.get("id", ""): item for item in each(first(package, "manifest"), "item")}
    titles, course.outline = _contents(archive, name, package, manifest)
    for reference in each(first(package, "spine"), "itemref"):
        item = manifest.get(reference.get("idref", ""))
        target = None if item is None else archive.resolve(name, item.get("href", ""))
        if item is None or target is None:
            problems.at(name).left_out(reference.get("idref", ""), "file_missing", name=reference.get("idref", ""))
        elif item.get("media-type") not in _PAGES:
            problems.at(target).left_out(target, "resource_kind", kind=item.get("media-type"))
        elif "nav" not in item.get("properties", "").split():
            _chapter(archive, target, titles.get(target), course, problems.at(target))
    for item in manifest.values():
        if item.get("media-type", "").startswith(("audio/", "video/")):
            problems.at(name).left_out(item.get("href", ""), "resource_kind", kind=item.get("media-type"))
    return course


def _package_document(archive: Archive) -> str:
    root = parse(archive.read(CONTAINER), CONTAINER)
    for rootfile in deep(root, "rootfile"):
        name = archive.resolve("", rootfile.get("full-path", ""))
        if name is not None:
            return name
    raise InvalidInput("exchange.epub_broken")


def _course(metadata: Element | None, unique: str | None) -> CourseDraft:
    def said(name: str) -> str:
        return next((text for node in each(metadata, name) if (text := words(node))), "")

    own = next((words(n) for n in each(metadata, "identifier") if n.get("id") == unique), said("identifier"))
    authors = [text for node in each(metadata, "creator") if (text := words(node))]
    return CourseDraft(
        said("title") or "EPUB", summary=said("description"), language=said("language"), author=", ".join(authors),
        licence=said("rights"), source=own or None,
    )  # fmt: skip


def _contents(
    archive: Archive, name: str, package: Element, manifest: dict[str, Element]
) -> tuple[dict[str, str], list[tuple[int, str]]]:
    """The title of each file by the table of contents (navigation document, or NCX), and all its lines with depth."""
    nav = next((i for i in manifest.values() if "nav" in i.get("properties", "").split()), None)
    spine = first(package, "spine")
    ncx = manifest.get("" if spine is None else spine.get("toc", ""))
    source = nav if nav is not None else ncx
    target = None if source is None else archive.resolve(name, source.get("href", ""))
    if target is None:
        return {}, []
    try:
        root = parse(archive.read(target), target)
    except InvalidInput:
        return {}, []
    titles: dict[str, str] = {}
    outline: list[tuple[int, str]] = []
    for depth, href, title in _points(root) if nav is None else _links(root):
        outline.append((depth, title))
        found = archive.resolve(target, href)
        if found is not None:
            titles.setdefault(found, title)
    return titles, outline


def _points(root: Element) -> list[tuple[int, str, str]]:
    """The points of an NCX: depth, href, label."""
    found: list[tuple[int, str, str]] = []
    pending = [(0, p) for p in reversed(each(first(root, "navMap"), "navPoint"))]
    while pending:
        depth, point = pending.pop()
        content = first(point, "content")
        found.append((depth, "" if content is None else content.get("src", ""), words(first(point, "navLabel"))))
        pending += [(depth + 1, p) for p in reversed(each(point, "navPoint"))]
    return found


def _links(root: Element) -> list[tuple[int, str, str]]:
    """The lines of a navigation document's table of contents: depth, href, text."""
    navs = list(deep(root, "nav"))
    toc = next((n for n in navs if n.get("type") == "toc"), navs[0] if navs else None)
    found: list[tuple[int, str, str]] = []
    pending = [(0, item) for item in reversed(each(first(toc, "ol"), "li"))]
    while pending:
        depth, item = pending.pop()
        link = next((child for child in item if child.tag in ("a", "span")), None)
        if link is not None:
            found.append((depth, link.get("href", ""), words(link)))
        pending += [(depth + 1, below) for below in reversed(each(first(item, "ol"), "li"))]
    return found


def _chapter(archive: Archive, name: str, title: str | None, course: CourseDraft, problems: Problems) -> None:
    html = as_text(archive.read(name))
    title = title or title_of(html) or posixpath.basename(name)
    shelf = shelf_of(archive, name, title, problems)
    body = to_markdown(html, title, problems, shelf.take)
    if not body:
        problems.left_out(title, "page_empty")
        return
    stem = posixpath.splitext(posixpath.basename(name))[0]
    course.items.append(ItemDraft(title, name=stem, body=body, pictures=shelf.pictures))
