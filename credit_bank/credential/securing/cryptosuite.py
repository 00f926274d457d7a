"""The cryptosuites of Data Integrity proofs: which canonical form each hashes, and which keys sign it.

A suite is an entry here; what is hashed is in ``hashing``, how a kind of key signs in ``credit_bank.key.curve``.
"""

from dataclasses import dataclass
from typing import Literal

from credit_bank.key.curve import Kind

Canonicalization = Literal["rdfc", "jcs"]
SuiteName = Literal["eddsa-rdfc-2022", "eddsa-jcs-2022", "ecdsa-rdfc-2019", "ecdsa-jcs-2019"]

LEGACY = "Ed25519Signature2020"
"""The proof type that was its own suite; read, never written (VC EdDSA Cryptosuites 1.0 §3.4)."""


@dataclass(frozen=True, slots=True)
class Cryptosuite:
    """A suite: the canonical form that it hashes, and the kinds of keys that it is for."""

    name: str
    canonicalization: Canonicalization
    kinds: tuple[Kind, ...]


_ECDSA: tuple[Kind, ...] = ("P-256", "P-384")
SUITES = {
    suite.name: suite
    for suite in (
        Cryptosuite("eddsa-rdfc-2022", "rdfc", ("Ed25519",)),
        Cryptosuite("eddsa-jcs-2022", "jcs", ("Ed25519",)),
        Cryptosuite("ecdsa-rdfc-2019", "rdfc", _ECDSA),
        Cryptosuite("ecdsa-jcs-2019", "jcs", _ECDSA),
    )
}
LEGACY_SUITE = Cryptosuite(LEGACY, "rdfc", ("Ed25519",))
