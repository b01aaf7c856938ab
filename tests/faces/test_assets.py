"""The first visit is light: what the built files weigh, as a server sends them."""

import gzip
import re
from pathlib import Path

import pytest

WEB = Path("bukti/faces/web")
BUILT = WEB / "static"
OWN_SCRIPTS = ("app.js", "board.js", "upload.js", "verify.js")
EVERYWHERE = ("bukti.css", "htmx.js", "app.js", "icons.svg", "weave.svg", "mark.svg")
KB = 1_000
#: The heaviest page, the board, with its 121 tiles, compressed.
HEAVIEST_PAGE = 15 * KB


def weight(name: str) -> int:
    """Bytes on the wire: the font is compressed already, the rest by gzip."""
    content = (BUILT / name).read_bytes()
    return len(content) if name.endswith(".woff2") else len(gzip.compress(content, 9))


@pytest.mark.parametrize(
    ("names", "most"),
    [
        pytest.param(("bukti-sans.woff2",), 30 * KB, id="font"),
        pytest.param(("bukti.css",), 11 * KB, id="stylesheet"),
        pytest.param(("htmx.js",), 19 * KB, id="htmx"),
        pytest.param(("icons.svg",), 2 * KB, id="icons"),
        pytest.param(OWN_SCRIPTS, 30 * KB, id="own-script"),
        pytest.param((*EVERYWHERE, "bukti-sans.woff2", "board.js"), 85 * KB, id="first-visit"),
    ],
)
def test_built_files_stay_within_their_budget(names: tuple[str, ...], most: int) -> None:
    measured = {name: weight(name) for name in names}

    assert sum(measured.values()) <= most, measured


def test_the_first_visit_leaves_room_for_the_heaviest_page() -> None:
    files = sum(weight(name) for name in (*EVERYWHERE, "bukti-sans.woff2", "board.js"))

    assert files + HEAVIEST_PAGE <= 100 * KB


def test_no_template_breaks_the_content_policy() -> None:
    forbidden = re.compile(
        r"""\sstyle=|<style|<script(?![^>]*\ssrc=)|\son[a-z]+=["']|javascript:"""
    )

    broken = [
        f"{page}:{number}"
        for page in (WEB / "templates").rglob("*.html")
        for number, line in enumerate(page.read_text().splitlines(), 1)
        if forbidden.search(line)
    ]

    assert broken == []


def test_colours_are_named_in_the_tokens_and_nowhere_else() -> None:
    colour = re.compile(r"#[0-9a-fA-F]{3,8}\b|\brgba?\(|\bhsla?\(")
    allowed = {"tokens.css", "print.css"}  # paper is white, whatever the theme

    found = [
        f"{sheet}:{number}"
        for sheet in (WEB / "assets/css").rglob("*.css")
        if sheet.name not in allowed
        for number, line in enumerate(sheet.read_text().splitlines(), 1)
        if colour.search(line.replace("url(#", ""))
    ]

    assert found == []


def test_scripts_hold_no_sentence_of_their_own() -> None:
    """Words come from data attributes, where Django translates them."""
    code = re.compile(r"/\*.*?\*/|//[^\n]*", re.DOTALL)
    words = re.compile(r"\b(Tersimpan|Sambungan|Berkas|Isian|berkas|Anda|halaman|gagal)\b")

    speaking = [
        script.name
        for script in (WEB / "assets/ts").glob("*.ts")
        if words.search(code.sub("", script.read_text()))
    ]

    assert speaking == []


def test_every_icon_that_a_template_names_is_drawn() -> None:
    drawn = set(re.findall(r'id="i-([a-z]+)"', (WEB / "assets/img/icons.svg").read_text()))

    named = {
        name
        for page in (WEB / "templates").rglob("*.html")
        for name in re.findall(r'{% icon "([a-z]+)"|icon="([a-z]+)"', page.read_text())
        for name in name
        if name
    }

    assert named - drawn == set()


def test_a_custom_element_lives_in_a_file_of_its_name() -> None:
    defined = {
        script.stem: re.findall(r'customElements\.define\("([a-z-]+)"', script.read_text())
        for script in (WEB / "assets/ts").glob("*.ts")
    }

    astray = {name: elements for name, elements in defined.items() if elements not in ([], [name])}

    assert astray == {}
