"""The tree against the reference vectors of Certificate Transparency, and against itself.

Vectors: the eight inputs, roots and proofs that the reference implementations of RFC 6962 share,
and the worked example of RFC 6962, section 2.1.3 (seven leaves).
"""

from collections.abc import Callable
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bukti.rules.merkle import (
    EMPTY_ROOT,
    CompactRange,
    consistency_proof,
    extends,
    includes,
    inclusion_proof,
    leaf_hash,
    node_hash,
    tree_root,
)

INPUTS = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
LEAVES = [leaf_hash(entry) for entry in INPUTS]
ROOTS = [
    bytes.fromhex(text)
    for text in (
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    )
]
#: (index, size, proof), indexes from zero.
INCLUSION = [
    (0, 1, []),
    (
        0,
        8,
        [
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ],
    ),
    (
        5,
        8,
        [
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ],
    ),
    (2, 3, ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"]),
    (
        1,
        5,
        [
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        ],
    ),
]
#: (old size, new size, proof).
CONSISTENCY = [
    (1, 1, []),
    (
        1,
        8,
        [
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ],
    ),
    (
        6,
        8,
        [
            "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ],
    ),
    (
        2,
        5,
        [
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        ],
    ),
    (
        6,
        7,
        [
            "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
            "b08693ec2e721597130641e8211e7eedccb4c26413963eee6c1e2ed16ffb1a5f",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ],
    ),
]
OTHER = sha256(b"other").digest()


def raw(hashes: list[str]) -> list[bytes]:
    return [bytes.fromhex(text) for text in hashes]


@pytest.mark.parametrize("size", range(9))
def test_the_reference_roots_come_out(size: int) -> None:
    assert tree_root(LEAVES[:size]) == ROOTS[size]


@pytest.mark.parametrize(("index", "size", "hashes"), INCLUSION)
def test_the_reference_inclusion_proofs_come_out_and_hold(
    index: int, size: int, hashes: list[str]
) -> None:
    proof = inclusion_proof(LEAVES[:size], index)

    assert proof == raw(hashes)
    assert includes(LEAVES[index], index, size, proof, ROOTS[size])


@pytest.mark.parametrize(("old", "new", "hashes"), CONSISTENCY)
def test_the_reference_consistency_proofs_come_out_and_hold(
    old: int, new: int, hashes: list[str]
) -> None:
    proof = consistency_proof(LEAVES[:new], old)

    assert proof == raw(hashes)
    assert extends(old, ROOTS[old], new, ROOTS[new], proof)


def test_the_worked_example_of_rfc_6962_comes_out_node_by_node() -> None:
    a, b, c, d, e, f, j = LEAVES[:7]
    g, h, i = node_hash(a, b), node_hash(c, d), node_hash(e, f)
    k, line = node_hash(g, h), node_hash(i, j)

    assert tree_root(LEAVES[:7]) == node_hash(k, line)
    assert inclusion_proof(LEAVES[:7], 0) == [b, h, line]
    assert inclusion_proof(LEAVES[:7], 3) == [c, g, line]
    assert inclusion_proof(LEAVES[:7], 4) == [f, j, k]
    assert inclusion_proof(LEAVES[:7], 6) == [i, k]
    assert consistency_proof(LEAVES[:7], 3) == [c, d, g, line]
    assert consistency_proof(LEAVES[:7], 4) == [line]
    assert consistency_proof(LEAVES[:7], 6) == [i, j, k]


@pytest.mark.parametrize(("index", "size", "hashes"), INCLUSION[1:])
def test_a_false_inclusion_proof_is_refused(index: int, size: int, hashes: list[str]) -> None:
    leaf, root, proof = LEAVES[index], ROOTS[size], raw(hashes)
    false = [
        (leaf, index - 1, size, proof, root),
        (leaf, index + 1, size, proof, root),
        (leaf, index ^ 2, size, proof, root),
        (leaf, index, size * 2, proof, root),
        (leaf, index, size // 2, proof, root),
        (OTHER, index, size, proof, root),
        (leaf, index, size, proof, OTHER),
        (leaf, index, size, proof, EMPTY_ROOT),
        (leaf, index, size, [*proof, b""], root),
        (leaf, index, size, [*proof, root], root),
        (leaf, index, size, [b"", *proof], root),
        (leaf, index, size, [root, *proof], root),
        (leaf, index, size, proof[:-1], root),
        *[(leaf, index, size, flipped(proof, at), root) for at in range(len(proof))],
    ]

    assert [case for case in false if includes(*case)] == []


@pytest.mark.parametrize(("old", "new", "hashes"), CONSISTENCY[1:])
def test_a_false_consistency_proof_is_refused(old: int, new: int, hashes: list[str]) -> None:
    was, now, proof = ROOTS[old], ROOTS[new], raw(hashes)
    false = [
        (old - 1, was, new, now, proof),
        (old + 1, was, new, now, proof),
        (old ^ 2, was, new, now, proof),
        (old, was, new * 2, now, proof),
        (old, was, new // 2, now, proof),
        (old, OTHER, new, now, proof),
        (old, was, new, OTHER, proof),
        (old, now, new, was, proof),
        (old, was, new, now, []),
        (old, was, new, now, [*proof, b""]),
        (old, was, new, now, [*proof, was]),
        (old, was, new, now, [*proof, now]),
        (old, was, new, now, [b"", *proof]),
        (old, was, new, now, [was, *proof]),
        (old, was, new, now, [now, *proof]),
        (old, was, new, now, [proof[0], *proof]),
        (old, was, new, now, proof[:-1]),
        *[(old, was, new, now, flipped(proof, at)) for at in range(len(proof))],
    ]

    assert [case for case in false if extends(*case)] == []


def flipped(proof: list[bytes], at: int) -> list[bytes]:
    changed = bytes([proof[at][0] ^ 8]) + proof[at][1:]
    return [*proof[:at], changed, *proof[at + 1 :]]


@pytest.mark.parametrize(
    ("case", "holds"),
    [
        ((0, EMPTY_ROOT, 0, EMPTY_ROOT, []), True),
        ((0, EMPTY_ROOT, 3, OTHER, []), True),
        ((0, OTHER, 3, OTHER, []), False),
        ((2, OTHER, 2, OTHER, []), True),
        ((2, OTHER, 2, EMPTY_ROOT, []), False),
        ((2, OTHER, 2, OTHER, [OTHER]), False),
        ((2, OTHER, 1, OTHER, []), False),
        ((-1, OTHER, -1, OTHER, []), False),
    ],
)
def test_trees_that_are_empty_equal_or_shrinking(
    case: tuple[int, bytes, int, bytes, list[bytes]], holds: bool
) -> None:
    assert extends(*case) is holds


@pytest.mark.parametrize(("index", "size"), [(0, 0), (1, 1), (-1, 3)])
def test_an_index_outside_the_tree_is_never_included(index: int, size: int) -> None:
    assert not includes(LEAVES[0], index, size, [], LEAVES[0])


@pytest.mark.parametrize(
    "make",
    [
        lambda: inclusion_proof(LEAVES, 8),
        lambda: inclusion_proof(LEAVES, -1),
        lambda: consistency_proof(LEAVES, 9),
        lambda: consistency_proof(LEAVES, -1),
        lambda: CompactRange(3, (OTHER,)),
        lambda: CompactRange(-1),
    ],
)
def test_what_no_tree_can_have_is_refused(make: Callable[[], object]) -> None:
    with pytest.raises(ValueError, match=r"no leaf|no earlier tree|cannot stand"):
        make()


sizes = st.integers(1, 70)


@given(sizes, st.data())
def test_every_leaf_proves_its_place_and_no_other(size: int, data: st.DataObject) -> None:
    leaves = [leaf_hash(bytes([number])) for number in range(size)]
    index = data.draw(st.integers(0, size - 1))
    elsewhere = data.draw(st.integers(0, size))

    proof = inclusion_proof(leaves, index)

    assert includes(leaves[index], index, size, proof, tree_root(leaves))
    if elsewhere != index:
        assert not includes(leaves[index], elsewhere, size, proof, tree_root(leaves))


@given(sizes, st.data())
def test_every_earlier_tree_is_shown_to_be_a_beginning(size: int, data: st.DataObject) -> None:
    leaves = [leaf_hash(bytes([number])) for number in range(size)]
    old = data.draw(st.integers(0, size))

    proof = consistency_proof(leaves, old)

    assert extends(old, tree_root(leaves[:old]), size, tree_root(leaves), proof)


@given(sizes, st.data())
def test_a_rewritten_beginning_cannot_be_shown_to_extend(size: int, data: st.DataObject) -> None:
    leaves = [leaf_hash(bytes([number])) for number in range(size)]
    old = data.draw(st.integers(1, size))
    touched = data.draw(st.integers(0, old - 1))
    rewritten = [*leaves[:touched], OTHER, *leaves[touched + 1 :]]

    for proof in (consistency_proof(leaves, old), consistency_proof(rewritten, old)):
        assert not extends(old, tree_root(leaves[:old]), size, tree_root(rewritten), proof)


@given(st.lists(st.binary(max_size=8), max_size=40), st.lists(st.binary(max_size=8), max_size=40))
def test_growing_in_steps_equals_growing_at_once(first: list[bytes], then: list[bytes]) -> None:
    leaves = [leaf_hash(entry) for entry in [*first, *then]]

    grown = CompactRange().grown(leaves[: len(first)]).grown(leaves[len(first) :])

    assert grown == CompactRange().grown(leaves)
    assert grown.root == recursive_root(leaves)
    assert grown.size == len(leaves)


def recursive_root(leaves: list[bytes]) -> bytes:
    """The definition in RFC 6962, section 2.1, written down as it stands there."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return node_hash(recursive_root(leaves[:k]), recursive_root(leaves[k:]))
