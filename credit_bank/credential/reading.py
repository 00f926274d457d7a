"""Reading what holds a credential: JSON, or a token that is enveloped as JSON so that both take one road."""

from typing import Any

from credit_bank.credential.parse import parse_object
from credit_bank.credential.securing.jose import enveloped, is_enveloped, is_token, open_envelope
from credit_bank.errors import InvalidInput


def parse_credential(source: bytes) -> dict[str, Any]:
    """The JSON object in these bytes, or the EnvelopedVerifiableCredential of the compact JWS that they are.

    Raises InvalidInput as ``parse_object`` does.
    """
    text = source.strip()
    if text.isascii() and is_token(text.decode("ascii")):
        return enveloped(text.decode("ascii"))
    return parse_object(source)


def contents(document: dict[str, Any]) -> dict[str, Any]:
    """The credential to show: the one inside an envelope (empty where that cannot be read), else the document."""
    if not is_enveloped(document):
        return document
    try:
        return open_envelope(document).credential
    except InvalidInput:
        return {}
