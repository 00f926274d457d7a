"""JSON-LD contexts from the bundle, and from nowhere else."""

import hashlib
import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from credit_bank.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class BundledContext:
    """One bundled file: its address, its name, the SHA-256 of its bytes in hex; ``current`` is what documents get."""

    url: str
    file: str
    sha256: str
    current: bool


@cache
def manifest() -> tuple[BundledContext, ...]:
    """Every bundled context."""
    rows = json.loads(files(__package__).joinpath("manifest.json").read_bytes())
    return tuple(BundledContext(**row) for row in rows)


@cache
def _by_url() -> dict[str, BundledContext]:
    return {context.url: context for context in manifest() if context.current}


def is_bundled(url: str) -> bool:
    """Whether documents that name this context can be read."""
    return url in _by_url()


@cache
def _document(file: str, sha256: str) -> dict[str, Any]:
    raw = files(__package__).joinpath(file).read_bytes()
    if hashlib.sha256(raw).hexdigest() != sha256:
        raise InvalidInput("context.altered", file=file)
    document: dict[str, Any] = json.loads(raw)
    return document


def load(url: str) -> dict[str, Any]:
    """The context document of that address. Raises InvalidInput ``context.unknown``; nothing is ever fetched."""
    known = _by_url().get(url)
    if known is None:
        raise InvalidInput("context.unknown", url=ascii(url)[1:-1][:200])
    return _document(known.file, known.sha256)


def document_loader(url: str, _options: object = None) -> dict[str, Any]:
    """PyLD's document loader over the bundle; the tag lets PyLD keep the processed context."""
    return {
        "contentType": "application/ld+json",
        "contextUrl": None,
        "documentUrl": url,
        "document": load(url),
        "tag": "static",
    }
