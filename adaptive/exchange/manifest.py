"""``imsmanifest.xml`` (1EdTech Content Packaging 1.1–1.2): resources, and the tree that they are shown in."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from adaptive.errors import InvalidInput
from adaptive.exchange.archive import Archive
from adaptive.exchange.markup import deep, each, first, parse, words

NAME = "imsmanifest.xml"


@dataclass(frozen=True, slots=True)
class Resource:
    """A resource: its type, the file it begins with, its files, and what it says it depends on."""

    identifier: str
    kind: str
    href: str
    files: tuple[str, ...]
    dependencies: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the tree: a title, and the resource it opens or the lines below it."""

    title: str
    resource: str | None
    below: tuple["Entry", ...]


@dataclass(frozen=True, slots=True)
class Manifest:
    """A package's table of contents; ``metadata`` are its title, description, language, rights and author."""

    identifier: str
    resources: dict[str, Resource]
    entries: tuple[Entry, ...]
    metadata: dict[str, str] = field(default_factory=dict)

    def walk(self) -> Iterator[tuple[int, Entry]]:
        """Every line of the tree with its depth, in order."""
        pending = [(0, entry) for entry in reversed(self.entries)]
        while pending:
            depth, entry = pending.pop()
            yield depth, entry
            pending += [(depth + 1, below) for below in reversed(entry.below)]


def has_manifest(archive: Archive) -> bool:
    """Whether a package has a manifest where it belongs."""
    return NAME in archive


def read_manifest(archive: Archive) -> Manifest:
    """A package's manifest. Raises InvalidInput ``exchange.no_manifest`` and as ``markup.parse`` does."""
    if NAME not in archive:
        raise InvalidInput("exchange.no_manifest")
    root = parse(archive.read(NAME), NAME)
    resources = {}
    for node in deep(root, "resource"):
        files = tuple(f.get("href", "") for f in each(node, "file"))
        identifier = node.get("identifier", "")
        resources[identifier] = Resource(
            identifier,
            node.get("type", ""),
            node.get("href") or (files[0] if files else ""),
            files,
            tuple(d.get("identifierref", "") for d in each(node, "dependency")),
        )
    organization = next(iter(deep(root, "organization")), None)
    entries = _entries(organization) if organization is not None else ()
    # Common Cartridge has one item without a title around everything (CC 1.3, rooted hierarchy).
    while len(entries) == 1 and not entries[0].title and entries[0].below:
        entries = entries[0].below
    return Manifest(root.get("identifier", ""), resources, entries, _metadata(root))


def _entries(node: Element) -> tuple[Entry, ...]:
    return tuple(
        Entry(words(first(item, "title")), item.get("identifierref"), _entries(item)) for item in each(node, "item")
    )


def _metadata(root: Element) -> dict[str, str]:
    """LOM in a manifest's own metadata: general title, description, language; rights; who contributed."""
    own = first(root, "metadata")
    if own is None:
        return {}
    found = {}
    for key, path in (
        ("title", ("general", "title")), ("description", ("general", "description")),
        ("language", ("general", "language")), ("licence", ("rights", "description")),
        ("author", ("lifeCycle", "contribute", "entity")),
    ):  # fmt: skip
        node = next((n for lom in deep(own, "lom", "LOM") if (n := first(lom, *path)) is not None), None)
        if text := words(node):
            found[key] = text
    return found
