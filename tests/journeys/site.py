"""An installation as somebody runs it: set up, served by `bukti serve`, with mail."""

import re
from pathlib import Path

from tests.faults.installation import Installation, Service
from tests.journeys.post import PostOffice


class Site(Service):
    """A data folder of its own, served on a free port of the loopback address."""

    def __init__(self, folder: Path, post: PostOffice, **settings: str) -> None:
        folder.mkdir()
        super().__init__(Installation(folder, settings))
        self.address = f"http://127.0.0.1:{self.port}"
        settings.update(BUKTI_ADDRESS=self.address, BUKTI_MAIL=f"smtp://127.0.0.1:{post.port}")

    def prepare(self, *commands: str) -> "Site":
        """Run `bukti setup`, and what else is wanted before anybody is served."""
        for command in ("setup", *commands):
            done = self.installation.bukti(command)
            assert done.returncode == 0, done.stdout + done.stderr
        return self

    @property
    def console(self) -> str:
        """What the server has said on its screen."""
        return Path(self.log.name).read_text()

    def one_time_token(self) -> str:
        """The code that the console shows while nobody exists yet."""
        found = re.search(r"^ {4}(\S+)$", self.console, re.MULTILINE)
        assert found, self.console
        return found[1]
