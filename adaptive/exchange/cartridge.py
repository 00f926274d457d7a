"""Common Cartridge 1.1, 1.2 and 1.3: pages, assessments of QTI 1.2, and the folders that they stand in."""

from collections.abc import Iterator

from adaptive.errors import InvalidInput
from adaptive.exchange.archive import Archive
from adaptive.exchange.draft import CourseDraft, ItemDraft, named
from adaptive.exchange.manifest import Entry, Manifest, Resource, read_manifest
from adaptive.exchange.markup import parse
from adaptive.exchange.picture import shelf_of
from adaptive.exchange.problem import Problems
from adaptive.exchange.qti12 import read_assessment
from adaptive.exchange.rich_text import to_markdown
from adaptive.exchange.web_text import as_text, title_of

_PAGES = (".html", ".htm", ".xhtml")
_QTI = ("imsqti_xmlv1p2",)
# Parts of a page, not pages: taken with the page that shows them, or without a loss to a reader.
_WITH_PAGES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg", ".css")


def is_cartridge(manifest: Manifest) -> bool:
    """Whether a package is a Common Cartridge (its kinds of resources say so) and not a QTI package."""
    kinds = [resource.kind for resource in manifest.resources.values()]
    return not any(k.startswith(("imsqti_item", "imsqti_test", "imsqti_assessment")) for k in kinds)


def read_cartridge(archive: Archive, problems: Problems) -> CourseDraft:
    """A cartridge as a course: every page an item, an assessment with the page before it in its folder.

    The tree of the manifest is kept as the course's outline; pages outside it come last. Discussions, web links, LTI
    links and files that are no pages are noted (``resource_kind``).
    """
    manifest = read_manifest(archive)
    about = manifest.metadata
    course = CourseDraft(
        about.get("title") or manifest.identifier or "Common Cartridge", name=manifest.identifier or None,
        summary=about.get("description", ""), language=about.get("language", ""), author=about.get("author", ""),
        licence=about.get("licence", ""), source=manifest.identifier or None,
    )  # fmt: skip
    reader = _Reader(archive, manifest, course, problems)
    for depth, entry in manifest.walk():
        course.outline.append((depth, entry.title))
        reader.take(depth, entry)
    for resource in reader.outside():
        reader.take(0, Entry("", resource.identifier, ()))
    for item in course.items:
        item.questions = named(item.questions)
    return course


class _Reader:
    def __init__(self, archive: Archive, manifest: Manifest, course: CourseDraft, problems: Problems) -> None:
        self.archive, self.manifest, self.course, self.problems = archive, manifest, course, problems
        self.taken: set[str] = set()
        self.page: tuple[int, ItemDraft] | None = None

    def outside(self) -> Iterator[Resource]:
        """Resources that the tree does not show, but for parts of pages."""
        below = {d for r in self.manifest.resources.values() for d in r.dependencies}
        for resource in self.manifest.resources.values():
            is_part = resource.kind == "webcontent" and resource.href.lower().endswith(_WITH_PAGES)
            if resource.identifier not in self.taken | below and not is_part:
                yield resource

    def take(self, depth: int, entry: Entry) -> None:
        """Take what a line of the tree opens."""
        if entry.resource is None:
            self.page = None
            return
        resource = self.manifest.resources.get(entry.resource)
        if resource is None:
            self.problems.left_out(entry.title, "file_missing", name=entry.resource)
            return
        self.taken.add(resource.identifier)
        name = self.archive.resolve("", resource.href)
        if name is None:
            if resource.href or not resource.files:
                self.problems.left_out(entry.title, "file_missing", name=resource.href or resource.identifier)
            return
        problems = self.problems.at(name)
        if resource.kind.startswith(_QTI):
            self._assessment(depth, entry, name, problems)
        elif resource.kind in ("webcontent", "associatedcontent") or "learning-application" in resource.kind:
            self._page(depth, entry, resource, name, problems)
        else:
            problems.left_out(entry.title or name, "resource_kind", kind=resource.kind)

    def _page(self, depth: int, entry: Entry, resource: Resource, name: str, problems: Problems) -> None:
        if not name.lower().endswith(_PAGES):
            problems.left_out(entry.title or name, "resource_kind", kind=name.rpartition(".")[2].lower())
            return
        html = as_text(self.archive.read(name))
        title = entry.title or title_of(html) or name
        item = ItemDraft(title, name=resource.identifier)
        shelf = shelf_of(self.archive, name, title, problems)
        item.body, item.pictures = to_markdown(html, title, problems, shelf.take), shelf.pictures
        self.course.items.append(item)
        self.page = (depth, item)

    def _assessment(self, depth: int, entry: Entry, name: str, problems: Problems) -> None:
        try:
            root = parse(self.archive.read(name), name)
        except InvalidInput as error:
            problems.left_out(entry.title or name, "unreadable", reason=error.code)
            return
        shelf = shelf_of(self.archive, name, entry.title, problems)
        title, questions = read_assessment(root, problems, shelf)
        if self.page is not None and self.page[0] == depth and not self.page[1].questions:
            item = self.page[1]
        else:
            item = ItemDraft(entry.title or title or name)
            self.course.items.append(item)
        item.add(questions, shelf.pictures)
