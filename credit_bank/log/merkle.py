"""RFC 6962 Merkle trees (§2.1): roots, proofs, and appending with O(log n) state.

Nodes of complete subtrees are named (level, position): level 0 are the leaves, and node (l, p) covers leaves
``p·2^l`` to ``(p+1)·2^l − 1``. A complete node never changes, so a store only ever adds rows.
"""

import hashlib
import hmac
from collections.abc import Callable, Sequence

from credit_bank.errors import InvalidInput

HASH_LENGTH = 32
MAX_SIZE = 2**63
EMPTY_ROOT = hashlib.sha256(b"").digest()

Node = tuple[int, int, bytes]
GetNode = Callable[[int, int], bytes]


def leaf_hash(entry: bytes) -> bytes:
    """SHA-256 of 0x00 and the entry."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256 of 0x01 and the two children."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def append(size: int, frontier: Sequence[bytes], leaf: bytes) -> tuple[list[Node], list[bytes]]:
    """Add one leaf hash to a tree of ``size`` leaves.

    ``frontier`` holds the roots of its complete subtrees, largest first (one per bit set in ``size``). Returns the
    nodes that became complete, the leaf first, and the new frontier. Raises InvalidInput ``log.frontier_length``.
    """
    if len(frontier) != size.bit_count():
        raise InvalidInput("log.frontier_length", size=size, length=len(frontier))
    peaks = list(frontier)
    level, position, current = 0, size, leaf
    complete: list[Node] = [(0, size, leaf)]
    while position & 1:
        current = node_hash(peaks.pop(), current)
        level, position = level + 1, position >> 1
        complete.append((level, position, current))
    peaks.append(current)
    return complete, peaks


def append_all(size: int, frontier: Sequence[bytes], leaves: Sequence[bytes]) -> tuple[list[Node], list[bytes]]:
    """Add several leaf hashes; as ``append``."""
    complete: list[Node] = []
    peaks = list(frontier)
    for offset, leaf in enumerate(leaves):
        nodes, peaks = append(size + offset, peaks, leaf)
        complete += nodes
    return complete, peaks


def frontier_nodes(size: int) -> list[tuple[int, int]]:
    """The (level, position) of each frontier node of a tree of ``size`` leaves, largest first."""
    places = []
    start = 0
    for level in reversed(range(size.bit_length())):
        if size >> level & 1:
            places.append((level, start >> level))
            start += 1 << level
    return places


def root_of(frontier: Sequence[bytes]) -> bytes:
    """The tree's root from its frontier."""
    if not frontier:
        return EMPTY_ROOT
    current = frontier[-1]
    for peak in reversed(frontier[:-1]):
        current = node_hash(peak, current)
    return current


def root(leaves: Sequence[bytes]) -> bytes:
    """The root over these leaf hashes."""
    return root_of(append_all(0, (), leaves)[1])


def inclusion_proof_from(get_node: GetNode, index: int, size: int) -> list[bytes]:
    """The audit path of leaf ``index`` in the tree of the first ``size`` leaves (RFC 6962 §2.1.1).

    ``get_node(level, position)`` gives the hash of a complete node; O(log n) nodes are read. Raises InvalidInput
    ``log.index_out_of_range``.
    """
    if not 0 <= index < size <= MAX_SIZE:
        raise InvalidInput("log.index_out_of_range", index=index, size=size)
    path: list[bytes] = []
    _descend(get_node, index, 0, size, path)
    return path


def consistency_proof_from(get_node: GetNode, old_size: int, size: int) -> list[bytes]:
    """The proof that the tree of ``size`` leaves continues the one of ``old_size`` (RFC 6962 §2.1.2).

    Raises InvalidInput ``log.size_out_of_range``, also for an old size of 0, of which nothing can be proved.
    """
    if not 0 < old_size <= size <= MAX_SIZE:
        raise InvalidInput("log.size_out_of_range", old_size=old_size, size=size)
    path: list[bytes] = []
    start, end, whole = 0, size, True
    trail: list[tuple[int, int]] = []
    while old_size != end:
        middle = start + _split(end - start)
        if old_size <= middle:
            trail.append((middle, end))
            end = middle
        else:
            trail.append((start, middle))
            start, whole = middle, False
    if not whole:
        path.append(_subtree(get_node, start, end))
    path += [_subtree(get_node, a, b) for a, b in reversed(trail)]
    return path


def inclusion_proof(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """``inclusion_proof_from`` over leaf hashes in memory."""
    return inclusion_proof_from(_in_memory(leaves), index, len(leaves))


def consistency_proof(leaves: Sequence[bytes], old_size: int) -> list[bytes]:
    """``consistency_proof_from`` over leaf hashes in memory."""
    return consistency_proof_from(_in_memory(leaves), old_size, len(leaves))


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> None:
    """Check an audit path (RFC 9162 §2.1.3.2).

    Raises InvalidInput ``log.index_out_of_range``, ``log.proof_length`` or ``log.proof_mismatch``.
    """
    if not 0 <= index < size <= MAX_SIZE:
        raise InvalidInput("log.index_out_of_range", index=index, size=size)
    _require_hashes(leaf, root, *proof)
    position, last, current = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            raise InvalidInput("log.proof_length", length=len(proof))
        if position & 1 or position == last:
            current = node_hash(sibling, current)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            current = node_hash(current, sibling)
        position, last = position >> 1, last >> 1
    if last != 0:
        raise InvalidInput("log.proof_length", length=len(proof))
    if not hmac.compare_digest(current, root):
        raise InvalidInput("log.proof_mismatch")


def verify_consistency(old_size: int, size: int, proof: Sequence[bytes], old_root: bytes, root: bytes) -> None:
    """Check a consistency proof (RFC 9162 §2.1.4.2). Raises as ``verify_inclusion``, or ``log.size_out_of_range``."""
    if not 0 < old_size <= size <= MAX_SIZE:
        raise InvalidInput("log.size_out_of_range", old_size=old_size, size=size)
    _require_hashes(old_root, root, *proof)
    if old_size == size:
        if proof:
            raise InvalidInput("log.proof_length", length=len(proof))
        if not hmac.compare_digest(old_root, root):
            raise InvalidInput("log.proof_mismatch")
        return
    path = list(proof)
    if old_size & (old_size - 1) == 0:
        path.insert(0, old_root)
    if not path:
        raise InvalidInput("log.proof_length", length=0)
    position, last = old_size - 1, size - 1
    while position & 1:
        position, last = position >> 1, last >> 1
    old = new = path[0]
    for sibling in path[1:]:
        if last == 0:
            raise InvalidInput("log.proof_length", length=len(proof))
        if position & 1 or position == last:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            new = node_hash(new, sibling)
        position, last = position >> 1, last >> 1
    if last != 0:
        raise InvalidInput("log.proof_length", length=len(proof))
    if not (hmac.compare_digest(old, old_root) and hmac.compare_digest(new, root)):
        raise InvalidInput("log.proof_mismatch")


def _split(count: int) -> int:
    """The largest power of two below ``count`` (at least 2)."""
    return 1 << (count - 1).bit_length() - 1


def _descend(get_node: GetNode, index: int, start: int, end: int, path: list[bytes]) -> None:
    siblings: list[tuple[int, int]] = []
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            siblings.append((middle, end))
            end = middle
        else:
            siblings.append((start, middle))
            start = middle
    path += [_subtree(get_node, a, b) for a, b in reversed(siblings)]


def _subtree(get_node: GetNode, start: int, end: int) -> bytes:
    """The root over leaves ``start`` to ``end``, where ``start`` is a multiple of the power of two above the span."""
    hashes = []
    while start < end:
        level = (end - start).bit_length() - 1
        hashes.append(get_node(level, start >> level))
        start += 1 << level
    return root_of(hashes)


def _in_memory(leaves: Sequence[bytes]) -> GetNode:
    nodes = {(level, position): value for level, position, value in append_all(0, (), leaves)[0]}
    return lambda level, position: nodes[level, position]


def _require_hashes(*hashes: bytes) -> None:
    if any(len(value) != HASH_LENGTH for value in hashes):
        raise InvalidInput("log.hash_length")
