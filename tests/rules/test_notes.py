"""Notes, checkpoints and proof files against the examples their specifications print.

Vectors: C2SP signed-note and tlog-checkpoint (their example notes), the example note of Go's
`sumdb/note` package (which fixed the format and prints its key), RFC 8032 section 7.1.
"""

import base64
from collections.abc import Callable
from hashlib import sha256, sha512

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from bukti.rules.events import Event
from bukti.rules.notes import (
    PROOF_HEADER,
    SIGNATURES_MAX,
    Checkpoint,
    Malformed,
    Proof,
    VerifierKey,
    checkpoint_text,
    parse_checkpoint,
    parse_note,
    parse_proof,
    proof_text,
    read_verifier_key,
    sign_note,
    verified_by,
    verify_ed25519,
)

GO_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_NOTE = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
    "\n"
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6"
    "KE6RyyBwJnAM=\n"
)
C2SP_NOTE = (
    "Ognuno sta solo sul cuor della terra\n"
    "trafitto da un raggio di sole:\n"
    "\n"
    "ed è subito sera.\n"
    "\n"
    "— quasimodo.example/salvatore NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU"
    "0xMcXxj99ihAQwaqP3ZekRwNtIc=\n"
)
C2SP_CHECKPOINT = (
    "example.com/behind-the-sofa\n"
    "20852163\n"
    "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
    "\n"
    "— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q"
    "1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n"
)
C2SP_PROOF_PATH = [
    "gSKyXoYZUgZ6jduWYrkDOARinOMGJveXjgMkBTcdPlQ=",
    "B95lDa8R83lS8n0eG+o0buTxRKQTYFi//1U8anccXmA=",
    "EKNzoDWG8LGC0Yp9o+sv3qllpMP9uHQ9B20KNL+Q1zs=",
    "RoopEkOdqkYqMB4MJXrbt/hMjOxsVn0IrWjpz1ZMMes=",
    "AHCioX9nLjsrse6YhjRRmk1WUEirVOLLRoOQ6vfO5vk=",
]
#: RFC 8032, section 7.1: secret key, public key, message, signature.
RFC_8032 = [
    (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9"
        "b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f1"
        "1d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984d"
        "c6594a7c15e9716ed28dc027beceea1ec40a",
    ),
    (
        "833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
        "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
        sha512(b"abc").hexdigest(),
        "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431"
        "e0303dca179c138ac17ad9bef1177331a704",
    ),
]
PRIVATE = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
KEY = VerifierKey("bukti.example/64.01", PRIVATE.public_key().public_bytes_raw())
ROOT = sha256(b"root").digest()


@pytest.mark.parametrize(("secret", "public", "message", "signature"), RFC_8032)
def test_the_signatures_of_rfc_8032_come_out_and_hold(
    secret: str, public: str, message: str, signature: str
) -> None:
    private = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(secret))

    assert private.public_key().public_bytes_raw().hex() == public
    assert private.sign(bytes.fromhex(message)).hex() == signature
    assert verify_ed25519(bytes.fromhex(public), bytes.fromhex(signature), bytes.fromhex(message))
    assert not verify_ed25519(bytes.fromhex(public), bytes.fromhex(signature), b"other")
    assert not verify_ed25519(b"short", bytes.fromhex(signature), bytes.fromhex(message))


def test_the_printed_note_of_go_is_verified_by_its_printed_key() -> None:
    key = read_verifier_key(GO_KEY)

    note = parse_note(GO_NOTE)

    assert str(key) == GO_KEY
    assert verified_by(note, [key]) == (key,)
    assert verified_by(parse_note(GO_NOTE.replace("answer", "Answer")), [key]) == ()


def test_the_printed_note_of_c2sp_is_split_at_its_last_empty_line() -> None:
    note = parse_note(C2SP_NOTE)

    assert note.text.endswith("\n\ned è subito sera.\n")
    assert [line.name for line in note.signatures] == ["quasimodo.example/salvatore"]
    assert note.signatures[0].key_id.hex() == "367ba04b"
    assert len(note.signatures[0].signature) == 64


def test_the_printed_checkpoint_of_c2sp_is_read_and_written_again() -> None:
    note = parse_note(C2SP_CHECKPOINT)

    checkpoint = parse_checkpoint(note.text)

    assert checkpoint.origin == "example.com/behind-the-sofa"
    assert checkpoint.size == 20852163
    assert checkpoint_text(checkpoint) == note.text


def test_the_printed_proof_of_c2sp_is_read_and_written_again() -> None:
    # The specification abridges its extra data and its signature lines; these two are whole.
    lines = [PROOF_HEADER, "extra YWdlLXYxLjIuMS1kYXJ3aW4tYXJtNjQudGFyLmd6", "index 73894"]
    text = "\n".join([*lines, *C2SP_PROOF_PATH, "", C2SP_CHECKPOINT])

    proof = parse_proof(text)

    assert proof.index == 73894
    assert proof.extra == b"age-v1.2.1-darwin-arm64.tar.gz"
    assert [base64.b64encode(sibling).decode() for sibling in proof.path] == C2SP_PROOF_PATH
    assert proof.checkpoint == C2SP_CHECKPOINT
    assert proof_text(proof) == text


def test_a_proof_may_have_no_extra_and_no_path() -> None:
    proof = Proof(index=0, path=(), checkpoint=C2SP_CHECKPOINT)

    assert proof_text(proof).startswith(f"{PROOF_HEADER}\nindex 0\n\nexample.com")
    assert parse_proof(proof_text(proof)) == proof


def test_a_note_is_trusted_only_by_known_keys_and_never_with_a_false_line() -> None:
    other = Ed25519PrivateKey.from_private_bytes(bytes(32))
    witness = VerifierKey("witness.example", other.public_key().public_bytes_raw())
    signed = sign_note("one\n", KEY, PRIVATE.sign)
    witness_line = sign_note("one\n", witness, other.sign).rpartition("\n\n")[2]
    false_line = sign_note("two\n", witness, other.sign).rpartition("\n\n")[2]

    both, spoiled = parse_note(signed + witness_line), parse_note(signed + false_line)

    assert verified_by(both, [KEY]) == (KEY,)
    assert verified_by(both, [KEY, witness]) == (KEY, witness)
    assert verified_by(both, []) == ()
    assert verified_by(spoiled, [KEY]) == (KEY,)
    assert verified_by(spoiled, [KEY, witness]) == ()


def test_a_key_of_the_same_name_but_another_id_is_a_stranger() -> None:
    stranger = VerifierKey(KEY.name, bytes(32))

    assert verified_by(parse_note(sign_note("one\n", KEY, PRIVATE.sign)), [stranger]) == ()


def test_a_fingerprint_is_the_hash_of_the_public_key_alone() -> None:
    assert KEY.fingerprint == sha256(KEY.public).hexdigest()
    assert read_verifier_key(str(KEY)).fingerprint == KEY.fingerprint


LINE = "— bukti.example/64.01 " + base64.b64encode(bytes(68)).decode()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no signature\n",
        "text\n" + LINE + "\n",
        "text\n\n" + LINE,
        "text\n\n",
        "text\n\n" + LINE + "\n\n",
        "text\n\n" + LINE.replace("— ", "- ") + "\n",
        "text\n\n" + LINE.replace("— ", "—") + "\n",
        "text\n\n— bukti+1 AAAAAAAA\n",
        "text\n\n—  AAAAAAAA\n",
        "text\n\n— bukti\u00a0x AAAAAAAA\n",
        "text\n\n— bukti AAAA\n",
        "text\n\n— bukti AAAA AAAA\n",
        "text\n\n— bukti !!!!\n",
        "text\n\n— bukti AAAAAAB=\n",
        "text\n\n— bukti Ä\n",
        "te\txt\n\n" + LINE + "\n",
        "te\rxt\n\n" + LINE + "\n",
        "text\n\n" + f"{LINE}\n" * (SIGNATURES_MAX + 1),
    ],
)
def test_what_is_no_note_is_refused(text: str) -> None:
    with pytest.raises(Malformed):
        parse_note(text)


def test_sixteen_signatures_are_accepted() -> None:
    assert len(parse_note("text\n\n" + f"{LINE}\n" * 16).signatures) == 16


HASH_LINE = base64.b64encode(ROOT).decode()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "origin\n1\n",
        f"origin\n1\n{HASH_LINE}",
        f"\n1\n{HASH_LINE}\n",
        f"origin\n01\n{HASH_LINE}\n",
        f"origin\n-1\n{HASH_LINE}\n",
        f"origin\n+1\n{HASH_LINE}\n",
        f"origin\n1 \n{HASH_LINE}\n",
        f"origin\n١\n{HASH_LINE}\n",
        f"origin\n{'9' * 20}\n{HASH_LINE}\n",
        f"origin\n1\n{HASH_LINE}\n\n",
        "origin\n1\nAAAA\n",
        f"origin\n1\n{HASH_LINE[:-1]}\n",
    ],
)
def test_what_is_no_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(Malformed):
        parse_checkpoint(text)


def test_extension_lines_of_others_are_read_but_never_written() -> None:
    checkpoint = parse_checkpoint(f"origin\n0\n{HASH_LINE}\nmore\n")

    assert checkpoint == Checkpoint("origin", 0, ROOT, ("more",))
    assert "more" not in checkpoint_text(checkpoint)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\ncheckpoint\n",
        "c2sp.org/tlog-proof@v2\nindex 1\n\ncheckpoint\n",
        f"{PROOF_HEADER}\n\ncheckpoint\n",
        f"{PROOF_HEADER}\nindex 1\ncheckpoint\n",
        f"{PROOF_HEADER}\nindex 01\n\ncheckpoint\n",
        f"{PROOF_HEADER}\nindex notanumber\n\ncheckpoint\n",
        f"{PROOF_HEADER}\nextra !!notbase64!!\nindex 0\n\ncheckpoint\n",
        f"{PROOF_HEADER}\nextra AAAA\n\ncheckpoint\n",
        f"{PROOF_HEADER}\nindex 1\nAAAA\n\ncheckpoint\n",
    ],
)
def test_what_is_no_proof_is_refused(text: str) -> None:
    with pytest.raises(Malformed):
        parse_proof(text)


@pytest.mark.parametrize(
    "make",
    [
        lambda: VerifierKey("", bytes(32)),
        lambda: VerifierKey("two words", bytes(32)),
        lambda: VerifierKey("a+b", bytes(32)),
        lambda: VerifierKey("short", bytes(31)),
        lambda: read_verifier_key("name+00000000"),
        lambda: read_verifier_key(GO_KEY.replace("c74f20a3", "c74f20a4")),
        lambda: read_verifier_key("name+00000000+" + base64.b64encode(b"\x02" * 33).decode()),
        lambda: sign_note("no newline", KEY, PRIVATE.sign),
        lambda: sign_note("a tab\t\n", KEY, PRIVATE.sign),
    ],
)
def test_what_is_no_key_or_no_text_is_refused(make: Callable[[], object]) -> None:
    with pytest.raises(Malformed):
        make()


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"])))
def test_any_text_comes_back_from_its_note(text: str) -> None:
    note = parse_note(sign_note(f"{text}\n", KEY, PRIVATE.sign))

    assert note.text == f"{text}\n"
    assert verified_by(note, [KEY]) == (KEY,)


@given(st.integers(0, 2**60), st.binary(min_size=32, max_size=32))
def test_any_checkpoint_comes_back_from_its_text(size: int, root: bytes) -> None:
    checkpoint = Checkpoint("bukti.example/64.01", size, root)

    assert parse_checkpoint(checkpoint_text(checkpoint)) == checkpoint


@given(st.text(max_size=300))
def test_a_hostile_text_is_refused_or_read_but_never_breaks_the_reader(text: str) -> None:
    for read in (parse_note, parse_checkpoint, parse_proof, read_verifier_key):
        try:
            read(text)
        except Malformed:
            continue


@pytest.mark.parametrize("event", Event)
def test_an_event_is_named_noun_dot_past(event: Event) -> None:
    noun, _, past = event.value.partition(".")

    assert noun.isidentifier()
    assert past.isidentifier()
