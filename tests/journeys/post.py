"""A real mail server on the loopback address, and whatever it was given."""

import email
import re
import time
from email.message import EmailMessage
from email.policy import default
from typing import Any, cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope

from tests.installation import free_port

PATIENCE = 30.0


class PostOffice:
    """Takes every mail, and hands out the letters of an address."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.port = free_port()
        self.controller = Controller(self, hostname="127.0.0.1", port=self.port)

    def __enter__(self) -> "PostOffice":
        self.controller.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.controller.stop()

    async def handle_DATA(self, server: Any, session: Any, envelope: Envelope) -> str:  # noqa: N802  aiosmtpd's name
        """Keep the mail (called by aiosmtpd, in its thread)."""
        message = email.message_from_bytes(cast(bytes, envelope.content), policy=default)
        self.letters.append(cast(EmailMessage, message))
        return "250 OK"

    def link_for(self, address: str) -> str:
        """The last link mailed to this address; waits until there is one."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            for letter in reversed(self.letters):
                links = re.findall(r"http://\S+", letter.get_content())
                if address in str(letter["To"]) and links:
                    return str(links[-1])
            time.sleep(0.1)
        raise AssertionError(f"no mail for {address}")

    def has_told(self, address: str, words: str) -> bool:
        """Whether a letter to this address says so; waits a little for it."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            mine = [letter for letter in self.letters if address in str(letter["To"])]
            if any(words in f"{one['Subject']}\n{one.get_content()}" for one in mine):
                return True
            time.sleep(0.1)
        return False
