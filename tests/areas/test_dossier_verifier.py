"""The verifier that goes into each archive: signatures, bags, ledger, answers, exit codes."""

import ast
import os
import random
import subprocess
import sys
from pathlib import Path

import bagit
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from bukti.areas.dossier import verify
from bukti.areas.ledger.entries import canonical, commitment
from bukti.rules.notes import sign_note, verify_ed25519
from tests import archive
from tests.archive import ATTACKER, REGION, problems
from tests.rules.test_notes import RFC_8032

KEY = REGION.key.fingerprint


@pytest.fixture
def dossier(tmp_path: Path) -> Path:
    return archive.build(tmp_path / "dossier", random.Random(1))


# Ed25519 --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("_secret", "public", "message", "signature"), RFC_8032)
def test_the_signatures_of_rfc_8032_hold(_secret, public, message, signature):
    public, message, signature = map(bytes.fromhex, (public, message, signature))

    assert verify.signature_holds(public, message, signature)
    assert not verify.signature_holds(public, message + b"x", signature)


def test_it_agrees_with_a_library_on_true_and_spoiled_signatures():
    chance = random.Random(2)
    for _ in range(60):
        private = Ed25519PrivateKey.from_private_bytes(chance.randbytes(32))
        public, message = private.public_key().public_bytes_raw(), chance.randbytes(20)
        whole = bytearray(public + private.sign(message))
        if chance.random() < 0.7:
            whole[chance.randrange(96)] ^= 1 << chance.randrange(8)
        public, signature = bytes(whole[:32]), bytes(whole[32:])

        assert holds(public, message, signature) is verify_ed25519(public, signature, message)


def test_a_signature_has_one_form_only():
    private, message = Ed25519PrivateKey.from_private_bytes(bytes(32)), b"text"
    public, signature = private.public_key().public_bytes_raw(), private.sign(message)
    scalar = int.from_bytes(signature[32:], "little") + verify.ORDER

    other_form = signature[:32] + scalar.to_bytes(32, "little")

    assert holds(public, message, signature)
    assert not holds(public, message, other_form)
    assert not holds(public, message, signature + b"\0")
    assert not holds((verify.P + 1).to_bytes(32, "little"), message, signature)


def holds(public: bytes, message: bytes, signature: bytes) -> bool:
    try:
        return verify.signature_holds(public, message, signature)
    except ValueError:
        return False


# The bag --------------------------------------------------------------------------------------


def test_an_untouched_archive_is_intact_and_a_valid_bag(dossier):
    assert problems(dossier, KEY) == {}
    assert bagit.Bag(str(dossier)).is_valid()


@pytest.mark.parametrize("seed", range(200))
def test_untouched_archives_of_any_content_raise_no_alarm(tmp_path, seed):
    chance = random.Random(seed)

    built = archive.build(tmp_path, chance, chance.randrange(6), chance.randrange(5))

    assert problems(built, KEY) == {}


BAG = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"


@pytest.mark.parametrize(
    "text", [BAG, BAG.rstrip("\n"), BAG.replace("\n", "\r\n")], ids=["plain", "no end", "crlf"]
)
def test_forms_of_the_declaration_that_rfc_8493_allows(dossier, text):
    (dossier / "bagit.txt").write_bytes(text.encode())
    archive.seal(dossier, REGION)

    assert problems(dossier, KEY) == {}


@pytest.mark.parametrize(
    "text",
    [
        BAG.replace("1.0", "0.97"),
        BAG.replace(": 1", " : 1"),
        BAG.replace("UTF-8", "UTF-16"),
        "\ufeff" + BAG,
        BAG.replace("Tag", " Tag"),
        "",
        BAG + "More: of it\n",
    ],
)
def test_a_declaration_of_another_form_is_refused(dossier, text):
    (dossier / "bagit.txt").write_bytes(text.encode())
    archive.seal(dossier, REGION)

    assert problems(dossier, KEY) == {"bagit.txt": {"malformed"}}


def test_names_that_need_percent_encoding_are_read_back(dossier):
    for name in ("data/satu\ndua\rtiga.txt", "data/100%25.txt", "data/50%.txt", "data/ä ö.txt"):
        (dossier / name).write_text(name)
    archive.seal(dossier, REGION)

    assert problems(dossier, KEY) == {}


def test_manifests_may_use_capitals_tabs_and_other_line_ends(dossier):
    manifest = dossier / "manifest-sha256.txt"
    lines = [line.split("  ", 1) for line in manifest.read_text().splitlines()]
    manifest.write_bytes("".join(f"{a.upper()}\t {b}\r\n" for a, b in lines).encode())
    keep = manifest.read_bytes()
    archive.seal(dossier, REGION)
    manifest.write_bytes(keep)
    reseal_tags(dossier)

    assert problems(dossier, KEY) == {}


def reseal_tags(folder: Path) -> None:
    """Tag manifests and seal, with the payload manifests left as they are."""
    kept = {name: (folder / name).read_bytes() for name in verify.MANIFESTS}
    archive.write_manifests(folder)
    archive.write_all(folder, kept)
    tags = [
        path
        for path in archive.files_of(folder)
        if not path.startswith(("data/", "tagmanifest-", "seal.txt"))
    ]
    archive._write_manifests(folder, "tagmanifest", tags)
    text = f"bukti-seal/v1 {archive.ORIGIN}\n{archive.list_all(folder)}"
    note = sign_note(text, REGION.key, REGION.private.sign)
    (folder / "seal.txt").write_text(note)


@pytest.mark.parametrize(
    ("line", "path", "code"),
    [
        ("{0}  data/../../etc/passwd", "data/../../etc/passwd", "unsafe"),
        ("{0}  /etc/passwd", "/etc/passwd", "unsafe"),
        ("{0}  ~/x", "~/x", "unsafe"),
        ("{0}  data//x", "data//x", "unsafe"),
        ("{0}  data/./x", "data/./x", "unsafe"),
        ("{0}  data\\x", "data\\x", "unsafe"),
        ("{0}  C:/x", "C:/x", "unsafe"),
        ("{0}  data/con.txt", "data/con.txt", "unsafe"),
        ("{0}  data/LPT1", "data/LPT1", "unsafe"),
        ("{0}  data/x.", "data/x.", "unsafe"),
        ("{0}  data/x /y", "data/x /y", "unsafe"),
        ("{0}  data/%0d%0A", "data/\r\n", "missing"),
        ("{0}  data/nowhere", "data/nowhere", "missing"),
        ("{0}  bagit.txt", "bagit.txt", "unsafe"),
        ("{0}  data/RINGKASAN.pdf", "data/RINGKASAN.pdf", "collision"),
        ("{0}  data/ringkasan.pdf", "data/ringkasan.pdf", "collision"),
        ("{0}data/ringkasan.pdf", "manifest-sha256.txt", "malformed"),
        ("{0}ff  data/ringkasan.pdf", "manifest-sha256.txt", "malformed"),
        ("zz  data/ringkasan.pdf", "manifest-sha256.txt", "malformed"),
    ],
)
def test_a_manifest_line_that_must_not_be_is_named(dossier, line, path, code):
    manifest = dossier / "manifest-sha256.txt"
    manifest.write_text(manifest.read_text() + line.format("0" * 64) + "\n")
    reseal_tags(dossier)

    assert code in problems(dossier, KEY)[path]


@pytest.mark.parametrize("name", [*verify.MANIFESTS, *(f"tag{name}" for name in verify.MANIFESTS)])
def test_a_bag_without_one_of_its_manifests_is_refused(dossier, name):
    (dossier / name).unlink()

    assert "missing" in problems(dossier, KEY)[name]


def test_a_manifest_that_is_no_utf_8_is_named(dossier):
    (dossier / "manifest-sha512.txt").write_bytes(b"\xff\xfe")

    assert "malformed" in problems(dossier, KEY)["manifest-sha512.txt"]


def test_an_archive_that_wants_to_be_fetched_is_refused(dossier):
    (dossier / "fetch.txt").write_text("https://example.com/x 1 data/x\n")
    archive.seal(dossier, REGION)

    assert problems(dossier, KEY)["fetch.txt"] == {"unsafe"}


def test_names_that_collide_on_other_systems_are_refused(dossier):
    for name in ("data/Laporan.pdf", "data/laporan.PDF", "data/\u00e9.txt", "data/e\u0301.txt"):
        (dossier / name).write_text("x")
    archive.seal(dossier, REGION)

    assert {"data/laporan.PDF", "data/\u00e9.txt"} <= problems(dossier, KEY).keys()


@pytest.mark.parametrize("make", [os.symlink, lambda _target, path: os.mkfifo(path)])
def test_what_is_no_ordinary_file_is_refused_unread(dossier, make):
    make("/etc/hostname", dossier / "data" / "link")

    assert problems(dossier, KEY)["data/link"] == {"unsafe"}


def test_a_folder_behind_a_link_is_not_entered(dossier, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "x").write_text("x")
    os.symlink(tmp_path / "elsewhere", dossier / "data" / "more")

    assert problems(dossier, KEY) == {"data/more": {"unsafe"}}


def test_what_a_file_browser_leaves_behind_is_no_damage(dossier):
    (dossier / "data" / ".DS_Store").write_bytes(b"x")
    (dossier / "Thumbs.db").write_bytes(b"x")

    assert problems(dossier, KEY) == {}


# The ledger -----------------------------------------------------------------------------------


def test_an_older_version_of_an_answer_does_not_pass_for_the_newest(dossier):
    files = dossier / "data/ledger/files.jsonl"
    openings = {"index": 1, "name": "content", "path": "data/answers/A0.json", "salt": "00" * 32}
    old = archive.entry(
        "answer.saved",
        "answers.answer",
        "0",
        {},
        {"content": commitment("00" * 32, "old")},
    )
    bodies = archive.read_entries(dossier)
    bodies[1] = {**old, "index": 1}
    archive.write_ledger(dossier, [canonical(body) for body in bodies], REGION)
    lines = [line for line in files.read_text().splitlines() if "A0.json" not in line]
    files.write_text("\n".join([canonical(openings), *lines]) + "\n")
    (dossier / "data/answers/A0.json").write_text("old")
    archive.seal(dossier, REGION)

    assert problems(dossier, KEY) == {"data/answers/A0.json": {"stale"}}


def test_an_answer_that_no_entry_vouches_for_is_named(dossier):
    (dossier / "data/answers/A9.json").write_text("{}")
    archive.seal(dossier, REGION)

    assert problems(dossier, KEY) == {"data/answers/A9.json": {"unlogged"}}


def test_a_wrong_opening_is_named(dossier):
    openings = dossier / "data/ledger/openings.jsonl"
    openings.write_text(openings.read_text().replace('"value":"', '"value":"x', 1))
    archive.seal(dossier, REGION)

    assert problems(dossier, KEY) == {"data/ledger/openings.jsonl": {"entry"}}


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("entries.jsonl", b"[]\n"),
        ("entries.jsonl", b"{}\n"),
        ("entries.jsonl", b"\xff\n"),
        ("entries.jsonl", b"[" * 100_000 + b"\n"),
        ("entries.jsonl", b""),
        ("keys.txt", b"x\n"),
        ("keys.txt", b"a+b+c\n"),
        ("keys.txt", b""),
        ("checkpoint.txt", b"x"),
        ("checkpoint.txt", b"x\n\n\xe2\x80\x94 a b\n"),
        ("openings.jsonl", b'{"index":[]}\n'),
        ("openings.jsonl", b'{"index":1,"name":"note","salt":"zz","value":"x"}\n'),
        ("files.jsonl", b'{"path":7}\n'),
        ("files.jsonl", b"{"),
    ],
)
def test_a_ledger_that_cannot_be_read_is_damage_and_never_a_crash(dossier, name, content):
    (dossier / "data/ledger" / name).write_bytes(content)
    archive.seal(dossier, REGION)

    assert problems(dossier, KEY)


def test_two_signatures_on_a_seal_are_one_too_many(dossier):
    seal = dossier / "seal.txt"
    seal.write_text(seal.read_text() + "— witness.example AAAAAAAA\n")

    assert problems(dossier, KEY) == {"seal.txt": {"malformed"}}


def test_another_key_is_noticed_only_by_who_brings_the_fingerprint(dossier):
    bodies = archive.read_entries(dossier)
    archive.write_ledger(dossier, [canonical(body) for body in bodies], ATTACKER)
    archive.seal(dossier, ATTACKER)

    assert problems(dossier) == {}
    assert problems(dossier, KEY) == {
        "seal.txt": {"stranger"},
        "data/ledger/checkpoint.txt": {"stranger"},
    }


# As a program ---------------------------------------------------------------------------------


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The archive's own copy, without site packages, environment or a writable cache."""
    program = [sys.executable, "-I", "-S", "-B", str(folder / "verify.py"), *arguments]
    return subprocess.run(program, capture_output=True, text=True, check=False, env={})


def test_it_answers_in_two_languages_and_by_exit_code(dossier):
    spaced = " ".join(KEY[at : at + 4] for at in range(0, 64, 4)).upper()

    plain, with_key = run(dossier), run(dossier, "--key", spaced)

    assert plain.returncode == with_key.returncode == 0
    assert plain.stdout.splitlines()[:2] == [
        "UTUH, kunci belum dicocokkan",
        "INTACT, key not compared yet",
    ]
    assert KEY in plain.stdout
    assert with_key.stdout.startswith("UTUH, kunci cocok\nINTACT, key matches\n")


def test_it_names_what_changed_in_two_languages(dossier):
    path = dossier / "data/answers/A1.json"
    path.write_bytes(path.read_bytes()[:-1] + b"~")

    done = run(dossier)

    assert done.returncode == 1
    assert done.stdout.startswith("RUSAK: ")
    assert "  data/answers/A1.json: isinya berubah\n" in done.stdout
    assert "  data/answers/A1.json: its content changed\n" in done.stdout


def test_a_hostile_file_name_cannot_fake_a_line_of_the_report(dossier):
    (dossier / "data" / "x\nUTUH").write_text("x")

    assert "\nUTUH" not in run(dossier).stdout


@pytest.mark.parametrize("arguments", [["--key", "abc"], ["/nowhere/at/all"], ["--nonsense"]])
def test_a_wrong_call_is_not_an_answer(dossier, arguments):
    assert run(dossier, *arguments).returncode == 2


def test_the_program_is_one_short_file_of_plain_python_3_8():
    source = archive.VERIFIER.read_text()
    imported = {
        name.split(".")[0]
        for node in ast.walk(ast.parse(source, feature_version=(3, 8)))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [str(node.module)]
        )
    }

    assert len(source.splitlines()) <= 300
    assert imported <= set(sys.stdlib_module_names)
    assert not imported & {"socket", "ssl", "urllib", "http", "ftplib", "subprocess"}
