"""The RFC 6962 tree: roots, inclusion and consistency proofs.

Hashes are raw SHA-256 digests (32 bytes). A leaf is hashed with the prefix 0x00, a node with
0x01, so that no leaf can pass for a node (RFC 6962, section 2.1). Proofs are made as in RFC 6962,
sections 2.1.1 and 2.1.2, and checked as in RFC 9162, sections 2.1.3.2 and 2.1.4.2.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from hashlib import sha256

EMPTY_ROOT = sha256(b"").digest()


def leaf_hash(entry: bytes) -> bytes:
    """The hash of one entry."""
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of the node above two subtrees."""
    return sha256(b"\x01" + left + right).digest()


@dataclass(frozen=True, slots=True)
class CompactRange:
    """A tree remembered only by the roots of its full subtrees, largest first (at most 64).

    It grows by any number of leaves and knows its root, without the leaves it has seen.
    """

    size: int = 0
    peaks: tuple[bytes, ...] = ()

    def __post_init__(self) -> None:
        if self.size < 0 or len(self.peaks) != self.size.bit_count():
            raise ValueError(f"{len(self.peaks)} peaks cannot stand for {self.size} leaves")

    @property
    def root(self) -> bytes:
        """The root of the whole tree; of an empty one the hash of nothing."""
        if not self.peaks:
            return EMPTY_ROOT
        root = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            root = node_hash(peak, root)
        return root

    def grown(self, leaves: Iterable[bytes]) -> "CompactRange":
        """The range after these leaf hashes, in their order."""
        size, peaks = self.size, list(self.peaks)
        for leaf in leaves:
            full = size
            while full & 1:
                leaf = node_hash(peaks.pop(), leaf)
                full >>= 1
            peaks.append(leaf)
            size += 1
        return CompactRange(size, tuple(peaks))


def tree_root(leaves: Iterable[bytes]) -> bytes:
    """The root over leaf hashes, in their order."""
    return CompactRange().grown(leaves).root


def inclusion_proof(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """The hashes that lead from leaf `index` to the root over `leaves`, from the leaf upwards."""
    if not 0 <= index < len(leaves):
        raise ValueError(f"no leaf {index} among {len(leaves)}")
    start, end = 0, len(leaves)
    proof = []
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            proof.append(tree_root(leaves[middle:end]))
            end = middle
        else:
            proof.append(tree_root(leaves[start:middle]))
            start = middle
    proof.reverse()
    return proof


def consistency_proof(leaves: Sequence[bytes], old_size: int) -> list[bytes]:
    """The hashes showing that the tree over the first `old_size` leaves grew into this one."""
    if not 0 <= old_size <= len(leaves):
        raise ValueError(f"{len(leaves)} leaves have no earlier tree of {old_size}")
    if old_size in (0, len(leaves)):
        return []
    start, end = 0, len(leaves)
    proof = []
    while end != old_size:
        middle = start + _split(end - start)
        if old_size <= middle:
            proof.append(tree_root(leaves[middle:end]))
            end = middle
        else:
            proof.append(tree_root(leaves[start:middle]))
            start = middle
    if start > 0:
        proof.append(tree_root(leaves[start:end]))
    proof.reverse()
    return proof


def includes(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether `proof` shows the leaf hash at `index` in the tree of `size` leaves with `root`."""
    if not 0 <= index < size:
        return False
    sides = _sides(index, size - 1)
    if len(sides) != len(proof):
        return False
    found = leaf
    for sibling, side in zip(proof, sides, strict=True):
        found = node_hash(sibling, found) if side is _Side.LEFT else node_hash(found, sibling)
    return found == root


def extends(
    old_size: int, old_root: bytes, new_size: int, new_root: bytes, proof: Sequence[bytes]
) -> bool:
    """Whether `proof` shows that the old tree's leaves are the first leaves of the new tree."""
    if not 0 <= old_size <= new_size:
        return False
    if old_size in (0, new_size):
        expected = new_root if old_size == new_size else EMPTY_ROOT
        return old_root == expected and not proof
    # An old tree that is one full subtree is its own start; RFC 6962 leaves it out of the proof.
    hashes = [old_root, *proof] if old_size.bit_count() == 1 else list(proof)
    full = (old_size & -old_size).bit_length() - 1
    sides = _sides(old_size - 1 >> full, new_size - 1 >> full)
    if len(sides) != len(hashes) - 1:
        return False
    old = new = hashes[0]
    for sibling, side in zip(hashes[1:], sides, strict=True):
        if side is _Side.LEFT:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
        else:
            new = node_hash(new, sibling)
    return old == old_root and new == new_root


class _Side(Enum):
    LEFT = "left"
    RIGHT = "right"


def _sides(position: int, last: int) -> list[_Side]:
    """On which side each sibling stands, from `position` up to the root of leaves 0 to `last`."""
    sides = []
    while last:
        if position & 1 or position == last:
            sides.append(_Side.LEFT)
            # Where the right edge has no sibling, the hash is handed up unchanged.
            while not position & 1:
                position >>= 1
                last >>= 1
        else:
            sides.append(_Side.RIGHT)
        position >>= 1
        last >>= 1
    return sides


def _split(size: int) -> int:
    """The largest power of two below `size`: where a tree divides (RFC 6962, section 2.1)."""
    return 1 << (size - 1).bit_length() - 1
