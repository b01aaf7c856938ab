"""A browser as far as the product needs one: cookies, forms, files, and lines that are cut."""

import re
from dataclasses import dataclass
from email.message import Message
from html.parser import HTMLParser
from http.client import HTTPConnection, HTTPException
from secrets import token_hex
from urllib.parse import urlencode

TIMEOUT = 30.0


class Cut(Exception):
    """The line broke before an answer came: what was sent may or may not have been done."""


@dataclass(frozen=True)
class Reply:
    """What came back."""

    status: int
    headers: Message
    body: bytes

    @property
    def text(self) -> str:
        """The page."""
        return self.body.decode()

    @property
    def location(self) -> str:
        """Where a redirect leads."""
        return self.headers.get("Location", "")


class Browser:
    """One person's session, on one line that is opened anew when it breaks."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.cookies: dict[str, str] = {}
        self.line: HTTPConnection | None = None

    def sign_in(self, email: str, password: str) -> None:
        """As a person does: the page, the form."""
        self.get("/masuk/")
        reply = self.post("/masuk/", {"login": email, "password": password})
        assert reply.status == 302, f"{email} cannot sign in: {reply.status}"

    def get(self, path: str) -> Reply:
        """A page. Raises Cut."""
        return self._ask("GET", path, b"", {})

    def post(
        self, path: str, fields: dict[str, str] | list[tuple[str, str]], **headers: str
    ) -> Reply:
        """A form, as our script or a plain page sends it. Raises Cut."""
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        return self._ask("POST", path, urlencode(fields).encode(), kind | _names(headers))

    def upload(self, path: str, filename: str, content: bytes, **headers: str) -> Reply:
        """A form with one file. Raises Cut."""
        border = token_hex(12)
        body = (
            f'--{border}\r\nContent-Disposition: form-data; name="file"; filename="{filename}"\r\n'
            f"Content-Type: application/octet-stream\r\n\r\n"
        ).encode()
        body += content + f"\r\n--{border}--\r\n".encode()
        kind = {"Content-Type": f"multipart/form-data; boundary={border}"}
        return self._ask("POST", path, body, kind | _names(headers))

    def close(self) -> None:
        """Hang up."""
        if self.line is not None:
            self.line.close()
            self.line = None

    def _ask(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> Reply:
        if self.line is None:
            self.line = HTTPConnection("127.0.0.1", self.port, timeout=TIMEOUT)
        known = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        said = headers | {"Cookie": known, "X-CSRFToken": self.cookies.get("csrftoken", "")}
        try:
            self.line.request(method, path, body or None, said)
            answer = self.line.getresponse()
            reply = Reply(answer.status, answer.msg, answer.read())
        except (OSError, HTTPException) as trouble:
            self.close()
            raise Cut(str(trouble)) from None
        for cookie in answer.msg.get_all("Set-Cookie") or []:
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        return reply


def _names(headers: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}


def version_on(page: str) -> int | None:
    """The version that a question's page was made from; None when it has no form to fill in."""
    found = re.search(r'<input[^>]*name="version"[^>]*>', page)
    said = found and re.search(r'value="(\d+)"', found.group())
    return int(said.group(1)) if said else None


class _Form(HTMLParser):
    """Collects what a person would send who ticks every box of the form with this address."""

    def __init__(self, action: str) -> None:
        super().__init__()
        self.action, self.inside, self.fields = action, False, list[tuple[str, str]]()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.inside = said.get("action", self.action) in ("", self.action) and (
                said.get("method", "").lower() == "post"
            )
        if self.inside and tag == "input" and said.get("name"):
            self.fields.append((said["name"], said.get("value", "on")))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False


def form_on(page: str, action: str) -> list[tuple[str, str]]:
    """Every field of the form that posts to `action`, each box ticked."""
    form = _Form(action)
    form.feed(page)
    return form.fields
