"""Publications: what an institution's key says of a document that it publishes or accepts, as a JWT.

The document itself is not inside: its SHA-256 is. Like accreditation statements, one algorithm and one type are taken.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Literal

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from credit_bank.errors import InvalidInput
from credit_bank.key.keyring import SigningKey

TYPE = "publication+jwt"
Act = Literal["publish", "accept"]


@dataclass(frozen=True, slots=True)
class Publication:
    """What is signed: who does what to which version of which document, and from when until when that holds.

    ``sha256`` is of the document's text in UTF-8, or of its canonical form, hexadecimal; ``owner`` is the DID of the
    institution whose document it is.
    """

    act: Act
    signer: str
    owner: str
    kind: str
    key: str
    version: str
    sha256: str
    valid_from: date
    valid_until: date | None
    at: datetime


def sign(publication: Publication, key: SigningKey) -> str:
    """The publication as a compact JWT under the signer's key."""
    claims: dict[str, Any] = {
        "iss": publication.signer,
        "sub": publication.owner,
        "iat": int(publication.at.timestamp()),
        "act": publication.act,
        "kind": publication.kind,
        "key": publication.key,
        "version": publication.version,
        "sha256": publication.sha256,
        "from": publication.valid_from.isoformat(),
    }
    if publication.valid_until is not None:
        claims["until"] = publication.valid_until.isoformat()
    headers = {"typ": TYPE, "kid": key.verification_method}
    return jwt.encode(claims, key.private, algorithm="EdDSA", headers=headers)


def read(token: str, key: Ed25519PublicKey) -> Publication:
    """What the token says, when that key signed it. Raises InvalidInput ``document.signature_mismatch``."""
    try:
        header = jwt.get_unverified_header(token)
        if header.get("typ") != TYPE or not header.keys() <= {"alg", "typ", "kid"}:
            raise InvalidInput("document.signature_mismatch")
        unread = {"verify_exp": False, "verify_nbf": False, "verify_iat": False, "verify_aud": False}
        claims = jwt.decode(token, key, algorithms=["EdDSA"], options=unread)  # type: ignore[arg-type]
        until = claims.get("until")
        return Publication(
            act="publish" if claims["act"] == "publish" else "accept",
            signer=str(claims["iss"]),
            owner=str(claims["sub"]),
            kind=str(claims["kind"]),
            key=str(claims["key"]),
            version=str(claims["version"]),
            sha256=str(claims["sha256"]),
            valid_from=date.fromisoformat(claims["from"]),
            valid_until=date.fromisoformat(until) if until else None,
            at=datetime.fromtimestamp(claims["iat"], UTC),
        )
    except (jwt.InvalidTokenError, KeyError, ValueError, TypeError):
        raise InvalidInput("document.signature_mismatch") from None
