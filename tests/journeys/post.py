"""A real mail server on the loopback address, and whatever it was given."""

import email
import re
import time
from email.message import EmailMessage
from email.policy import default
from typing import Any

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

    def open(self) -> None:
        """Take mails from now on."""
        self.controller.start()

    def close(self) -> None:
        """Take none any more."""
        self.controller.stop()

    async def handle_DATA(self, server: Any, session: Any, envelope: Envelope) -> str:  # noqa: N802  aiosmtpd's name
        """Keep the mail (called by aiosmtpd, in its thread)."""
        content = envelope.content
        assert isinstance(content, bytes)
        self.letters.append(email.message_from_bytes(content, policy=default))
        return "250 OK"

    def link_for(self, address: str, about: str = "") -> str:
        """The link in the last letter to this address about that."""
        letter = self.letter_to(address, about)
        return str(re.findall(r"http://\S+", letter.get_content())[-1])

    def letter_to(self, address: str, about: str) -> EmailMessage:
        """The last letter to this address in whose subject or text that stands; waits for it."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            letter: EmailMessage
            for letter in reversed(self.letters):
                words = f"{letter['Subject']}\n{letter.get_content()}"
                if address in str(letter["To"]) and about in words:
                    return letter
            time.sleep(0.1)
        raise AssertionError(f"no mail for {address} about “{about}”")
