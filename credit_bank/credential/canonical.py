"""Canonical forms: RDF Dataset Canonicalization (RDFC-1.0, by PyLD) and the JSON Canonicalization Scheme (RFC 8785).

PyLD has no safe mode, so what it would lose in silence is refused here: undefined terms, relative identifiers and
types, contexts outside the bundle, and identifiers that are no IRIs and could forge a line of the canonical form.
Poison graphs are stopped by limits on quads, blank nodes and their permutations.
"""

import re
import threading
from typing import Any

import orjson
import rfc8785
from pyld.canon import URDNA2015
from pyld.jsonld import JsonLdError, JsonLdProcessor

from credit_bank.credential.contexts import document_loader
from credit_bank.errors import CreditBankError, InvalidInput

MAX_OBJECTS = 2000
MAX_LIST = 500
MAX_VALUES = 10_000
MAX_QUADS = 5000
MAX_BLANK_NODES = 200
MAX_ALIKE = 7
MAX_STEPS = 2000

# PyLD resolves relative names against http://example.org/base/ when it is given no base; this one is recognised again.
_NO_BASE = "https://relative.invalid/"
_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|^`\\\x7f]*\Z")
_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*\Z")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_SHORT = {"\x08": "\\b", "\x0c": "\\f"}

# PyLD keeps processed contexts in caches that are not made for threads.
_LOCK = threading.Lock()


def canonical_json(value: object) -> bytes:
    """The value by RFC 8785 (JCS). Raises InvalidInput ``canonical.json`` for what has no such form.

    orjson writes it, some ten times as fast, where its form is known to be the same; ``rfc8785`` writes the rest.
    """
    try:
        if _same_in_orjson(value):
            return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    except (orjson.JSONEncodeError, RecursionError):
        pass  # lone surrogates and great depth: rfc8785 decides
    try:
        return rfc8785.dumps(value)  # type: ignore[arg-type]
    except (rfc8785.CanonicalizationError, RecursionError):
        raise InvalidInput("canonical.json") from None


def _same_in_orjson(value: object) -> bool:
    """Whether orjson's form is the canonical one.

    JCS sorts keys by UTF-16 units, orjson by code points: the same for ASCII. Numbers differ where exponents begin and
    for integral floats ("3.0"), so only integers below 2^53 and plain fractions are left to orjson.
    """
    kind = type(value)
    if kind is str or kind is bool or value is None:
        return True
    if kind is dict:
        return all(
            type(key) is str and key.isascii() and _same_in_orjson(item)
            for key, item in value.items()  # type: ignore[attr-defined]
        )
    if kind is list:
        return all(_same_in_orjson(item) for item in value)  # type: ignore[attr-defined]
    if kind is int:
        return -(2**53) < value < 2**53  # type: ignore[operator]
    return kind is float and 1e-3 <= abs(value) < 1e15 and not value.is_integer()  # type: ignore[arg-type,attr-defined]


def canonical_rdf(document: dict[str, Any]) -> str:
    """The canonical N-Quads of a JSON-LD document (RDFC-1.0 with SHA-256; text direction as ``i18n-datatype``).

    Raises InvalidInput ``context.unknown``, ``canonical.term_undefined`` (a property that no context defines),
    ``canonical.iri_relative``, ``canonical.iri_malformed``, ``canonical.language_malformed``,
    ``canonical.json_ld`` (with JSON-LD's own error code), ``canonical.empty``, ``canonical.too_complex`` or
    ``canonical.control_character`` (one in a graph with blank nodes, where PyLD would hash it unescaped).
    """
    _refuse_size(document)
    try:
        with _LOCK:
            dataset = _Strict().to_rdf(document, dict(_OPTIONS))
    except CreditBankError:
        raise
    except JsonLdError as problem:
        raise _translated(problem) from None
    except (TypeError, KeyError, AttributeError, ValueError, RecursionError):
        # PyLD meets some malformed documents with Python's own errors.
        raise InvalidInput("canonical.json_ld", problem="invalid document") from None
    blank_nodes = _inspect(dataset)
    text: str = _Limited().main(dataset, {"format": "application/n-quads"})
    if _CONTROL.search(text):
        if blank_nodes:
            raise InvalidInput("canonical.control_character")
        text = _CONTROL.sub(lambda m: _SHORT.get(m[0], f"\\u{ord(m[0]):04X}"), text)
    return join_quads(text.split("\n")[:-1])


def join_quads(lines: list[str]) -> str:
    """N-Quads in canonical order, each once (a dataset is a set, but PyLD writes ``3`` and typed ``"3"`` as two).

    The lines come from ``split("\\n")``, never ``splitlines()``: U+0085 and U+2028 in a literal end no line.
    """
    return "".join(f"{line}\n" for line in sorted(set(lines)))


_OPTIONS = {
    "base": _NO_BASE,
    "documentLoader": document_loader,
    "processingMode": "json-ld-1.1",
    "rdfDirection": "i18n-datatype",
    "produceGeneralizedRdf": False,
}


class _Strict(JsonLdProcessor):  # type: ignore[misc]
    """PyLD's processor with the silent losses of expansion refused."""

    def __init__(self) -> None:
        super().__init__(on_property_dropped=_refuse_dropped)

    def expand(self, input_: Any, options: Any) -> Any:
        expanded = super().expand(input_, options)
        if not expanded:
            raise InvalidInput("canonical.empty")
        _refuse_relative(expanded)
        return expanded


class _Limited(URDNA2015):  # type: ignore[misc]
    """RDFC-1.0 that gives up on poison graphs (RDFC-1.0 §7.1) rather than running for ever."""

    def __init__(self) -> None:
        super().__init__()
        self._steps = 0

    def hash_n_degree_quads(self, id_: str, issuer: Any) -> Any:
        self._steps += 1
        if self._steps > MAX_STEPS:
            raise InvalidInput("canonical.too_complex", what="steps", limit=MAX_STEPS)
        return super().hash_n_degree_quads(id_, issuer)

    def create_hash_to_related(self, id_: str, issuer: Any) -> Any:
        related = super().create_hash_to_related(id_, issuer)
        if any(len(alike) > MAX_ALIKE for alike in related.values()):
            raise InvalidInput("canonical.too_complex", what="alike", limit=MAX_ALIKE)
        return related


def _refuse_size(document: object) -> None:
    """Refuse what PyLD would take minutes for: it compares each member of a list with every other."""
    objects = values = 0
    waiting = [document]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            objects += 1
            inside = list(value.values())
        elif isinstance(value, list):
            inside = value
            if len(value) > MAX_LIST:
                raise InvalidInput("canonical.too_complex", what="list", limit=MAX_LIST)
        else:
            continue
        values += len(inside)
        if objects > MAX_OBJECTS or values > MAX_VALUES:
            raise InvalidInput("canonical.too_complex", what="values", limit=MAX_VALUES)
        waiting += inside


def _refuse_dropped(term: str | None) -> None:
    raise InvalidInput("canonical.term_undefined", term=ascii(term)[1:-1][:120] if term is not None else None)


def _refuse_relative(value: Any) -> None:
    """Refuse every ``@id`` and ``@type`` of expanded JSON-LD that is neither an IRI nor a blank node."""
    if isinstance(value, list):
        for item in value:
            _refuse_relative(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            if key == "@value":
                continue
            if key in {"@id", "@type"}:
                for name in item if isinstance(item, list) else [item]:
                    _refuse_name(name)
            else:
                _refuse_relative(item)


def _refuse_name(name: object) -> None:
    if not isinstance(name, str):
        raise InvalidInput("canonical.iri_malformed", iri=ascii(name)[:120])
    if name == "@json" or name.startswith("_:"):
        return
    if ":" not in name or name.startswith(_NO_BASE):
        raise InvalidInput("canonical.iri_relative", iri=ascii(name.removeprefix(_NO_BASE))[1:-1][:120])
    if not _IRI.match(name):
        raise InvalidInput("canonical.iri_malformed", iri=ascii(name)[1:-1][:120])


def _inspect(dataset: dict[str, list[dict[str, dict[str, str]]]]) -> int:
    """Check every quad's parts and count the blank nodes."""
    blank: set[str] = set()
    quads = 0
    for graph, triples in dataset.items():
        if graph != "@default":
            _inspect_name(graph, blank)
        quads += len(triples)
        if quads > MAX_QUADS:
            raise InvalidInput("canonical.too_complex", what="quads", limit=MAX_QUADS)
        for triple in triples:
            for part in triple.values():
                if part["type"] == "literal":
                    _inspect_literal(part)
                else:
                    _inspect_name(part["value"], blank)
    if quads == 0:
        raise InvalidInput("canonical.empty")
    if len(blank) > MAX_BLANK_NODES:
        raise InvalidInput("canonical.too_complex", what="blank nodes", limit=MAX_BLANK_NODES)
    return len(blank)


def _inspect_name(name: str, blank: set[str]) -> None:
    if name.startswith("_:"):
        blank.add(name)
    elif not _IRI.match(name):
        raise InvalidInput("canonical.iri_malformed", iri=ascii(name)[1:-1][:120])


def _inspect_literal(part: dict[str, str]) -> None:
    if not isinstance(part["value"], str):
        raise InvalidInput("canonical.json_ld", problem="invalid typed value")
    if not _IRI.match(part["datatype"]):
        raise InvalidInput("canonical.iri_malformed", iri=ascii(part["datatype"])[1:-1][:120])
    if "language" in part and not _LANGUAGE.match(part["language"]):
        raise InvalidInput("canonical.language_malformed", language=ascii(part["language"])[1:-1][:40])


def _translated(problem: BaseException) -> CreditBankError:
    """PyLD's error as ours: the innermost of ours if there is one, else JSON-LD's error code."""
    code: str | None = None
    cause: BaseException | None = problem
    while cause is not None:
        if isinstance(cause, CreditBankError):
            return cause
        code = getattr(cause, "code", None) or code
        cause = cause.__cause__ or cause.__context__
    return InvalidInput("canonical.json_ld", problem=str(code or "invalid document"))
