"""The profile of JSON-LD in which what people read as JSON is what was signed as RDF.

``eddsa-rdfc-2022`` signs RDF, so whoever passes a credential on may rewrite its JSON as long as the RDF stays the same:
hide ``validUntil`` behind its full IRI or behind an alias from a context of their own, or move claims into
``@included``. The signature would still hold, and the reader would no longer see the claim. Such documents are
refused (VC Data Integrity 1.0 §2.4.2, context validation and injection).
"""

from typing import Any

from credit_bank.credential.contexts import is_bundled
from credit_bank.errors import InvalidInput

_VALUE_OBJECT = frozenset({"@value", "@type", "@language", "@direction"})


def require_plain_reading(document: dict[str, Any]) -> None:
    """Refuse a document whose JSON can say something else than its RDF.

    Raises InvalidInput ``context.unknown``, ``proof.context_inline`` (a context written into the document) or
    ``proof.claim_disguised`` (a JSON-LD keyword or an IRI as a key), with the key.
    """
    contexts = document.get("@context")
    for context in contexts if isinstance(contexts, list) else [contexts]:
        if not isinstance(context, str):
            raise InvalidInput("proof.context_inline")
        if not is_bundled(context):
            raise InvalidInput("context.unknown", url=ascii(context)[1:-1][:200])
    for key, value in document.items():
        if key != "@context":
            _refuse_keyword(key)
            _walk(value)


def _walk(value: Any) -> None:
    if isinstance(value, list):
        for item in value:
            _walk(item)
    elif isinstance(value, dict):
        if "@value" in value and value.keys() <= _VALUE_OBJECT:
            return
        for key, item in value.items():
            if key == "@context":
                raise InvalidInput("proof.context_inline")
            _refuse_keyword(key)
            _walk(item)


def _refuse_keyword(key: str) -> None:
    if key.startswith("@") or ":" in key:
        raise InvalidInput("proof.claim_disguised", key=ascii(key)[1:-1][:80])
