"""RFC 6962 trees: a slow reference, published vectors, and every mutation refused."""

import base64
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from credit_bank.errors import InvalidInput
from credit_bank.log import merkle

SHARED = Path(__file__).parents[4] / "shared" / "data" / "vectors" / "rfc6962"

# Facts of Certificate Transparency's own test suite: seven leaves and the root after each.
LEAVES = [bytes.fromhex(h) for h in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657")]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
]


def slow_root(leaves: list[bytes]) -> bytes:
    """RFC 6962 §2.1, word for word."""
    if not leaves:
        return merkle.EMPTY_ROOT
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return merkle.node_hash(slow_root(leaves[:split]), slow_root(leaves[split:]))


def slow_path(index: int, leaves: list[bytes]) -> list[bytes]:
    """RFC 6962 §2.1.1, word for word."""
    if len(leaves) == 1:
        return []
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    if index < split:
        return [*slow_path(index, leaves[:split]), slow_root(leaves[split:])]
    return [*slow_path(index - split, leaves[split:]), slow_root(leaves[:split])]


def slow_consistency(old: int, leaves: list[bytes], whole: bool = True) -> list[bytes]:
    """RFC 6962 §2.1.2, word for word."""
    if old == len(leaves):
        return [] if whole else [slow_root(leaves)]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    if old <= split:
        return [*slow_consistency(old, leaves[:split], whole), slow_root(leaves[split:])]
    return [*slow_consistency(old - split, leaves[split:], False), slow_root(leaves[:split])]


def leaves_of(count: int) -> list[bytes]:
    return [merkle.leaf_hash(str(n).encode()) for n in range(count)]


def test_published_roots() -> None:
    hashes = [merkle.leaf_hash(leaf) for leaf in LEAVES]
    assert [merkle.root(hashes[: n + 1]).hex() for n in range(7)] == ROOTS
    assert merkle.root([]).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@pytest.mark.parametrize("size", range(1, 40))
def test_everything_against_the_slow_tree(size: int) -> None:
    leaves = leaves_of(size)
    root = slow_root(leaves)
    assert merkle.root(leaves) == root
    for index in range(size):
        proof = merkle.inclusion_proof(leaves, index)
        assert proof == slow_path(index, leaves)
        merkle.verify_inclusion(leaves[index], index, size, proof, root)
    for old in range(1, size + 1):
        proof = merkle.consistency_proof(leaves, old)
        assert proof == slow_consistency(old, leaves)
        merkle.verify_consistency(old, size, proof, slow_root(leaves[:old]), root)


@given(st.integers(1, 300), st.data())
@settings(max_examples=60, deadline=None)
def test_a_store_of_nodes_grown_bit_by_bit(size: int, data: st.DataObject) -> None:
    leaves = leaves_of(size)
    nodes: dict[tuple[int, int], bytes] = {}
    frontier: list[bytes] = []
    done = 0
    while done < size:
        batch = data.draw(st.integers(1, size - done))
        new, frontier = merkle.append_all(done, frontier, leaves[done : done + batch])
        for level, position, value in new:
            assert (level, position) not in nodes  # complete nodes never change
            nodes[level, position] = value
        done += batch
        assert [nodes[place] for place in merkle.frontier_nodes(done)] == frontier
    assert merkle.root_of(frontier) == slow_root(leaves)
    read: list[tuple[int, int]] = []

    def get(level: int, position: int) -> bytes:
        read.append((level, position))
        return nodes[level, position]

    earlier = data.draw(st.integers(1, size))
    index = data.draw(st.integers(0, earlier - 1))
    assert merkle.inclusion_proof_from(get, index, earlier) == slow_path(index, leaves[:earlier])
    assert len(read) <= 2 * size.bit_length() + 1


@given(st.integers(2, 60), st.data())
@settings(max_examples=100, deadline=None)
def test_no_mutated_proof_verifies(size: int, data: st.DataObject) -> None:
    leaves = leaves_of(size)
    root = merkle.root(leaves)
    index = data.draw(st.integers(0, size - 1))
    proof = merkle.inclusion_proof(leaves, index)
    other = data.draw(st.integers(-1, size + 1).filter(lambda n: n != index))
    junk = merkle.leaf_hash(b"junk")
    refused = [
        (leaves[index], other, size, proof, root),
        (junk, index, size, proof, root),
        (leaves[index], index, size, proof, junk),
        (leaves[index], index, size, [*proof, junk], root),
        (leaves[index], index, size, [junk, *proof], root),
        (leaves[index], index, size, proof[:-1], root),
        (leaves[index], index, size, [p[::-1] for p in proof], root),
        (leaves[index], index, size, [*proof[:-1], proof[-1][:-1]], root),
        (leaves[index], index, 0, [], root),
    ]
    for case in refused:
        with pytest.raises(InvalidInput):
            merkle.verify_inclusion(*case)


def test_consistency_from_nothing_is_an_error() -> None:
    for old, size in ((0, 5), (6, 5), (-1, 5)):
        with pytest.raises(InvalidInput, match=r"log\.size_out_of_range"):
            merkle.consistency_proof(leaves_of(5), old) if size == 5 else None
        with pytest.raises(InvalidInput, match=r"log\.size_out_of_range"):
            merkle.verify_consistency(old, size, [], merkle.EMPTY_ROOT, merkle.root(leaves_of(5)))
    with pytest.raises(InvalidInput, match=r"log\.frontier_length"):
        merkle.append(3, [bytes(32)], bytes(32))
    with pytest.raises(InvalidInput, match=r"log\.index_out_of_range"):
        merkle.inclusion_proof(leaves_of(3), 3)


@pytest.mark.skipif(not SHARED.is_dir(), reason="../shared/data is absent")
@pytest.mark.parametrize("kind", ["inclusion", "consistency"])
def test_transparency_devs_vectors(kind: str) -> None:
    seen = 0
    for file in sorted((SHARED / kind).rglob("*.json")):
        case = json.loads(file.read_bytes())
        proof = [base64.b64decode(step) for step in case["proof"] or []]
        roots = [base64.b64decode(case[name] or "") for name in ("root", "root1", "root2", "leafHash") if name in case]
        try:
            if kind == "inclusion":
                merkle.verify_inclusion(roots[1], case["leafIdx"], case["treeSize"], proof, roots[0])
            else:
                merkle.verify_consistency(case["size1"], case["size2"], proof, roots[0], roots[1])
            good = True
        except InvalidInput:
            good = False
        # One case has roots of twelve bytes ("don't care"); here a hash has 32.
        refused = case["wantErr"] or (kind == "consistency" and any(len(root) != 32 for root in roots))
        assert good != refused, (file, case["desc"])
        seen += 1
    assert seen == 98
