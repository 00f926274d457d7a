"""Canonical N-Quads by filling a template: what makes a batch of RDF-signed credentials fast.

Expanding a credential with PyLD costs some 3 ms, nearly all of it for parts that every credential of one achievement
shares. Where a document has no blank nodes, its canonical form is its N-Quads, sorted; so PyLD runs once on the
document with its variable strings replaced by slots, and after that the slots are filled and the lines sorted. The
result equals PyLD's byte for byte, which a property test holds it to; a document that does not fit goes to PyLD.
"""

import re
import threading
from collections import OrderedDict
from typing import Any

import orjson

from credit_bank.credential.canonical import canonical_rdf, join_quads
from credit_bank.errors import InvalidInput

MAX_TEMPLATES = 512
MAX_TEMPLATE_LENGTH = 65_536

# U+E000 and U+E001 are private-use characters; a document that has one itself is not templated.
_SLOT_IRI = "urn:x-evergreen-slot:{}\ue001"
_SLOT_TEXT = "\ue000{}\ue001"
_SLOT = re.compile("(?:urn:x-evergreen-slot:|\ue000)([0-9]+)\ue001")
# No context of the bundle makes ``urn`` or ``did`` a prefix (a test looks), so that these are taken as they stand.
_SAFE_IRI = re.compile(r"(?:urn:uuid:|did:[a-z]+:|https?://)[A-Za-z0-9._~:/?#@!$&'()*+,;=%-]+\Z", re.ASCII)
_UNSAFE_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ue000\ue001\ud800-\udfff]")
_REWRITTEN = '\ue001"^^<http://www.w3.org/2001/XMLSchema#double>'  # JSON-LD writes doubles its own way
_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"})

_IRI_SLOTS = (
    ("id",),
    ("credentialSubject", "id"),
    ("credentialStatus", "id"),
    ("credentialStatus", "statusListCredential"),
)
_TEXT_SLOTS = (
    ("validFrom",),
    ("validUntil",),
    ("awardedDate",),
    ("credentialSubject", "term"),
    ("credentialSubject", "activityStartDate"),
    ("credentialSubject", "activityEndDate"),
    ("credentialStatus", "statusListIndex"),
)

_Template = tuple[str, ...]
_templates: OrderedDict[bytes, _Template | None] = OrderedDict()
_lock = threading.Lock()


def canonical_quads(document: dict[str, Any]) -> str:
    """The canonical N-Quads of a document without proof, equal to ``canonical_rdf``'s. Raises as that does."""
    slotted = _Slotted()
    skeleton = slotted.skeleton(document)
    if skeleton is None:
        return canonical_rdf(document)
    try:
        key = orjson.dumps(skeleton)
    except (TypeError, ValueError):
        return canonical_rdf(document)
    if key.count(b'"@context"') != 1:
        return canonical_rdf(document)
    with _lock:
        known = key in _templates
        template = _templates.get(key)
        if known:
            _templates.move_to_end(key)
    if not known:
        template = _make(document, skeleton)
        if len(key) <= MAX_TEMPLATE_LENGTH:
            with _lock:
                _templates[key] = template
                while len(_templates) > MAX_TEMPLATES:
                    _templates.popitem(last=False)
    return canonical_rdf(document) if template is None else _fill(template, slotted.values)


def _make(document: dict[str, Any], skeleton: dict[str, Any]) -> _Template | None:
    """Run PyLD on the skeleton; None where blank nodes or a slot used twice over make a template impossible."""
    if orjson.dumps(document).find("\ue001".encode()) >= 0 or b"x-evergreen-slot" in orjson.dumps(document):
        return None
    try:
        text = canonical_rdf(skeleton)
    except InvalidInput:
        return None  # the document itself goes to PyLD, for an error that names its own words
    if re.search(r"(?:^|\n|> )_:", text) or _REWRITTEN in text or len(text) > MAX_TEMPLATE_LENGTH:
        return None
    return tuple(_SLOT.split(text))


def _fill(template: _Template, values: list[str]) -> str:
    pieces = list(template)
    pieces[1::2] = [values[int(slot)] for slot in template[1::2]]
    return join_quads("".join(pieces).split("\n")[:-1])


class _Slotted:
    """A document's variable strings, taken out; ``values`` holds them as N-Quads write them."""

    def __init__(self) -> None:
        self.values: list[str] = []

    def skeleton(self, document: dict[str, Any]) -> dict[str, Any] | None:
        """The document with slots, or None when a variable part is not as this bank writes it."""
        subject, status = document.get("credentialSubject"), document.get("credentialStatus")
        contexts = document.get("@context")
        if not isinstance(contexts, list) or not all(isinstance(context, str) for context in contexts):
            return None
        if "evidence" in document:
            return None  # each is worded for itself: a template of it would be used once
        copy = dict(document)
        if not isinstance(subject, dict) or ("credentialStatus" in document and not isinstance(status, dict)):
            return None
        copy["credentialSubject"] = dict(subject)
        if isinstance(status, dict):
            copy["credentialStatus"] = dict(status)
        sound = all(self._take(copy, path, iri=True) for path in _IRI_SLOTS)
        sound = sound and all(self._take(copy, path, iri=False) for path in _TEXT_SLOTS)
        return copy if sound and self._take_results(copy["credentialSubject"]) else None

    def _take_results(self, subject: dict[str, Any]) -> bool:
        results = subject.get("result")
        if results is None:
            return True
        if not isinstance(results, list) or not all(isinstance(result, dict) for result in results):
            return False
        subject["result"] = [dict(result) for result in results]
        return all(
            self._take(result, ("id",), iri=True) and self._take(result, ("value",), iri=False)
            for result in subject["result"]
        )

    def _take(self, holder: dict[str, Any], path: tuple[str, ...], *, iri: bool) -> bool:
        for step in path[:-1]:
            if step not in holder:
                return True
            holder = holder[step]
        name = path[-1]
        if name not in holder:
            return not (iri and name == "id")  # a node without id is a blank node
        value = holder[name]
        if not isinstance(value, str):
            return False
        slot = len(self.values)
        if iri:
            if not _SAFE_IRI.match(value):
                return False
            self.values.append(value)
            holder[name] = _SLOT_IRI.format(slot)
        else:
            if _UNSAFE_TEXT.search(value):
                return False
            self.values.append(value.translate(_ESCAPES))
            holder[name] = _SLOT_TEXT.format(slot)
        return True
