"""Photographs the demonstration for the guides: `python docs/images/make.py http://127.0.0.1:8000`.

Run it against a *fresh* demonstration (`BUKTI_DATA=… make demo`): to show the assessor's page it
prepares the round, signs it and opens stage I. Needs Chromium.
"""

import io
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

HERE = Path(__file__).parent
#: Public by intention: `make demo` prints it.
SPOKEN = "peragaan-smart-city"
WIDTH, HEIGHT = 1280, 800
QUESTION = "C3.11.1"
COLOURS = 255
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")


class Camera:
    """One demonstration, seen by several people."""

    def __init__(self, browser: Browser, address: str) -> None:
        self.browser = browser
        self.address = address.rstrip("/")

    @contextmanager
    def seen_by(self, email: str, height: int = HEIGHT) -> Iterator[Page]:
        """A window of its own, signed in."""
        window = self.browser.new_context(
            viewport={"width": WIDTH, "height": height}, locale="id-ID", reduced_motion="reduce"
        )
        page = window.new_page()
        page.goto(f"{self.address}/masuk/")
        page.fill("input[name=login]", email)
        page.fill("input[name=password]", SPOKEN)
        page.click("main button[type=submit]")
        page.wait_for_load_state("networkidle")
        yield page
        window.close()

    def shoot(self, page: Page, name: str, path: str = "") -> None:
        """A picture of what stands on the screen, in few colours so that it stays light."""
        if path:
            page.goto(f"{self.address}{path}")
        page.wait_for_load_state("networkidle")
        page.evaluate("document.fonts.ready")
        picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
        few = picture.quantize(COLOURS, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
        few.save(HERE / f"{name}.png", optimize=True)


def wait_for_preview(page: Page) -> None:
    """The worker makes hundreds of previews after a fresh start; this one's turn comes."""
    while page.get_by_text("Pratinjau sedang disiapkan").count():
        page.wait_for_timeout(3_000)
        page.reload()


def link(page: Page, part: str) -> str:
    """The address of the first link that holds this."""
    return page.locator(f"main a[href*='{part}']").first.get_attribute("href") or ""


def running(camera: Camera) -> str:
    """Everything that can be seen while agencies work; returns the round's address."""
    with camera.seen_by("koordinator@paser.example", height=1000) as page:
        round_ = page.url.removeprefix(camera.address).removesuffix("papan/")
        camera.shoot(page, "papan", f"{round_}papan/")
    with camera.seen_by("koordinator@paser.example", height=900) as page:
        camera.shoot(page, "pembagian", f"{round_}pembagian/")
        page.goto(f"{camera.address}{round_}verifikasi/")
        page.goto(f"{camera.address}{link(page, '/verifikasi/')}")
        wait_for_preview(page)
        camera.shoot(page, "verifikasi")
        camera.shoot(page, "daerah", "/perangkat-daerah/")
        camera.shoot(page, "instrumen", "/instrumen/")
    with camera.seen_by("operator.dinkes@paser.example", height=1000) as page:
        camera.shoot(page, "tugas", "/tugas/")
        camera.shoot(page, "pertanyaan", f"{round_}pertanyaan/{QUESTION}/")
    with camera.seen_by("kepala.dinkes@paser.example") as page:
        page.goto(f"{camera.address}/tugas/")
        camera.shoot(page, "pengajuan", link(page, "/pengajuan/"))
        page.goto(f"{camera.address}{round_}")
        camera.shoot(page, "tanda-terima", link(page, "/tanda-terima/"))
    with camera.seen_by("sekda@paser.example", height=1000) as page:
        camera.shoot(page, "hasil", f"{round_}hasil/")
    with camera.seen_by("inspektorat@paser.example", height=900) as page:
        camera.shoot(page, "catatan", "/catatan/")
    return round_


def handed_in(camera: Camera, round_: str) -> None:
    """Prepares, signs and opens stage I, as the three of them would, and looks over shoulders."""
    with camera.seen_by("koordinator@paser.example") as page:
        page.goto(f"{camera.address}{round_}penyerahan/")
        page.check("input[name=sure]")
        page.get_by_role("button", name="Siapkan penyerahan").click()
    with camera.seen_by("sekda@paser.example") as page:
        camera.shoot(page, "penyerahan", f"{round_}penyerahan/")
        page.get_by_role("button", name="Serahkan putaran").click()
        page.get_by_role("button", name="Serahkan", exact=True).click()
        page.wait_for_url("**/tanda-terima/**")
    with camera.seen_by("koordinator@paser.example") as page:
        page.goto(f"{camera.address}{round_}")
        page.get_by_role("button", name="Buka Tahap I").first.click()
        page.locator("[popover] button[type=submit]").first.click()
        page.wait_for_load_state("networkidle")
    with camera.seen_by("asesor@nasional.example", height=900) as page:
        page.goto(f"{camera.address}{round_}penilaian/")
        page.goto(f"{camera.address}{link(page, '/penilaian/')}")
        wait_for_preview(page)
        camera.shoot(page, "penilaian")


def main(address: str) -> None:
    """All pictures, anew."""
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        camera = Camera(browser, address)
        handed_in(camera, running(camera))
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1])
