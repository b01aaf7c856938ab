"""Somebody before a browser: finds things by role, label and text, as people do."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar

from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Dialog,
    Error,
    Locator,
    Page,
    Response,
    expect,
)

from tests.journeys.site import Site

PASSWORD = "perjalanan-uji-2026"
PATIENCE = 10_000
EXPECTED = re.compile(
    r"Failed to load resource: "
    r"(the server responded with a status of 4\d\d|net::ERR_INTERNET_DISCONNECTED)"
)


class Person:
    """One browser profile with one window, and a watch on what may never happen in it."""

    #: Whoever has not closed the browser yet.
    everybody: ClassVar[list["Person"]] = []

    def __init__(
        self, browser: Browser, site: Site, email: str = "", password: str = PASSWORD, **how: Any
    ) -> None:
        self.site, self.email, self.password = site, email, password
        self.context = browser.new_context(base_url=site.address, locale="id-ID", **how)
        self.context.set_default_timeout(PATIENCE)
        self.troubles: list[str] = []
        self.page = self.another_tab()
        self.everybody.append(self)

    def another_tab(self) -> Page:
        """A second window of the same profile, watched too."""
        page = self.context.new_page()
        page.on("console", self._heard)
        page.on("dialog", self._asked)
        page.on("pageerror", lambda error: self.troubles.append(f"script: {error}"))
        page.on("response", self._answered)
        return page

    def _asked(self, dialog: Dialog) -> None:
        self.troubles.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not EXPECTED.match(message.text):
            self.troubles.append(f"console: {message.text}")

    def _answered(self, response: Response) -> None:
        if response.status >= 500:
            self.troubles.append(f"{response.status}: {response.url}")

    @contextmanager
    def in_tab(self, page: Page) -> Iterator[None]:
        """Work in another window for a while."""
        first, self.page = self.page, page
        try:
            yield
        finally:
            self.page = first

    # ---------- coming and going ----------

    def sign_in(self) -> "Person":
        """With address and password."""
        self.go("/masuk/")
        return self.give_password()

    def give_password(self) -> "Person":
        """Fill in the sign-in page that is open."""
        self.fill("Alamat surel", self.email)
        self.fill("Kata sandi", self.password)
        self.press("Masuk")
        expect(self.page.get_by_role("navigation", name="Utama")).to_be_attached()
        return self

    def set_password(self, link: str) -> "Person":
        """Follow a mailed link, choose a password, sign in with it."""
        self.page.goto(link)
        self.fill("Kata sandi baru", self.password)
        self.fill("Kata sandi baru, sekali lagi", self.password)
        self.press("Simpan kata sandi")
        self.finds("Kata sandi baru tersimpan")
        self.follow("Masuk", inside="main")
        return self.give_password()

    def go(self, path: str) -> "Person":
        """Type an address."""
        self.page.goto(path)
        return self

    def turn_to(self, name: str) -> "Person":
        """A page of the masthead."""
        links = self.page.get_by_role("navigation", name="Utama")
        with self.page.expect_navigation():
            links.get_by_role("link", name=name).click()
        return self

    # ---------- doing ----------

    def follow(self, name: str | re.Pattern[str], inside: str = "main") -> "Person":
        """Click the first link with these words."""
        self._in(inside).get_by_role("link", name=name).first.click()
        return self

    def press(self, name: str | re.Pattern[str], inside: str = "main") -> "Person":
        """Click the button with these words."""
        self._in(inside).get_by_role("button", name=name, exact=isinstance(name, str)).click()
        return self

    def confirm(self, name: str, answer: str = "") -> "Person":
        """Click a button, and the same words in the dialog that asks."""
        self.press(name)
        self.page.get_by_role("dialog").get_by_role("button", name=answer or name).click()
        return self

    def fill(self, label: str, text: str) -> "Person":
        """Type into the field with this label."""
        self.field(label).fill(text)
        return self

    def write(self, label: str, text: str) -> "Person":
        """Type into an answer, and wait until the page has sent it by itself."""
        with self.page.expect_response(lambda answer: answer.url.endswith("/simpan/")):
            self.fill(label, text)
        return self

    def choose(self, label: str, option: str) -> "Person":
        """Pick from the list with this label."""
        self.field(label).select_option(label=option)
        return self

    def tick(self, label: str | re.Pattern[str]) -> "Person":
        """Check the box or choose the option with this label."""
        self.page.get_by_label(label).check()
        return self

    def type_key(self, key: str) -> "Person":
        """Press a key on the keyboard."""
        self.page.keyboard.press(key)
        return self

    # ---------- seeing ----------

    @property
    def finding(self) -> str:
        """The page's heading: what is found."""
        return self.page.get_by_role("heading", level=1).inner_text()

    @property
    def code(self) -> str:
        """The code of the question, which ends the address of its page."""
        return self.page.url.split("?")[0].rstrip("/").rsplit("/", 1)[-1]

    def status_of(self, path: str) -> int:
        """The status with which an address answers."""
        answer = self.page.goto(path)
        assert answer is not None
        return answer.status

    def field(self, label: str) -> Locator:
        """The field with this label, «(boleh kosong)» or not."""
        return self.page.get_by_label(re.compile(rf"^{re.escape(label)}( \(boleh kosong\))?$"))

    def finds(self, heading: str | re.Pattern[str]) -> "Person":
        """The page's heading says so."""
        expect(self.page.get_by_role("heading", level=1)).to_contain_text(heading)
        return self

    def sees(self, words: str | re.Pattern[str]) -> "Person":
        """These words are on the page, visibly."""
        expect(self.page.get_by_text(words).filter(visible=True).first).to_be_visible()
        return self

    def is_told(self, words: str | re.Pattern[str]) -> "Person":
        """A live region or an alert says so."""
        spoken = self.page.get_by_role("status").or_(self.page.get_by_role("alert"))
        expect(spoken.filter(has_text=words).first).to_be_visible()
        return self

    def _in(self, role: str) -> Locator:
        return self.page.get_by_role(role)  # type: ignore[arg-type]

    def before_them(self) -> str:
        """Address and content of the page, for the report of a failure."""
        try:
            return f"{self.page.url}\n{self.page.locator('body').aria_snapshot(timeout=2_000)}"
        except Error as error:
            return str(error)

    def close(self) -> None:
        """Close the browser profile; nothing may have gone wrong in it."""
        self.everybody.remove(self)
        self.context.close()
        assert self.troubles == []
