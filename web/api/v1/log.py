"""An institution's log, as anybody may check it: the newest checkpoint, and proofs that leaves are in it."""

from flask import Response

from credit_bank.errors import Missing
from credit_bank.log import merkle
from credit_bank.store import log
from web.accounts.permissions import PUBLIC, permit
from web.api.answers import answer, b64
from web.api.interface import blueprint
from web.api.models.institutions import CheckpointAnswer, ProofAnswer, ProofQuery
from web.api.operation import operation
from web.api.problems import ApiProblem
from web.api.reading import read_query
from web.api.v1.institutions import UNKNOWN, institution_of
from web.database import tx


@blueprint.get("/institutions/<handle:handle>/log/checkpoint")
@permit(PUBLIC)
@operation("log", answers={200: CheckpointAnswer}, problems={**UNKNOWN, "log.no_checkpoint": 404})
def checkpoint(handle: str) -> Response:
    """The newest signed checkpoint of an institution's log."""
    session = tx()
    row = institution_of(session, handle)
    newest = log.latest_checkpoint(session, row.id)
    if newest is None:
        raise ApiProblem("log.no_checkpoint")
    return answer(
        CheckpointAnswer(
            origin=log.get(session, row.id).origin,
            size=newest.size,
            root=b64(newest.root),
            note=newest.note,
            signed_at=newest.signed_at,
        )
    )


@blueprint.get("/institutions/<handle:handle>/log/proofs/<int(max=9007199254740991):index>")
@permit(PUBLIC)
@operation(
    "log",
    query=ProofQuery,
    answers={200: ProofAnswer},
    problems={**UNKNOWN, "log.no_checkpoint": 404, "log.leaf_unknown": 404, "log.size_unknown": 404},
)
def inclusion(handle: str, index: int) -> Response:
    """The proof that the leaf of this index is in the tree of the first `size` leaves.

    Entries are salted commitments: they name nobody, and whoever lacks the salt learns nothing from them.
    """
    wanted = read_query(ProofQuery)
    session = tx()
    row = institution_of(session, handle)
    newest = log.latest_checkpoint(session, row.id)
    if newest is None:
        raise ApiProblem("log.no_checkpoint")
    size = wanted.size or newest.size
    if size > newest.size:
        raise ApiProblem("log.size_unknown", size=size, newest=newest.size)
    if index >= size:
        raise Missing("log.leaf_unknown", sequence=index)
    entry = log.entry(session, row.id, index)
    proof = log.inclusion_proof(session, row.id, index, size)
    return answer(
        ProofAnswer(
            index=index,
            size=size,
            entry=b64(entry),
            leaf_hash=b64(merkle.leaf_hash(entry)),
            inclusion_proof=[b64(step) for step in proof],
        )
    )
