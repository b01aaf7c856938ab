"""An installation as somebody runs it: set up, served by `bukti serve`, with mail."""

import re
import subprocess
import sys
from pathlib import Path

from tests.installation import ROOT, Installation, Served, free_port
from tests.journeys.post import PostOffice


class Site:
    """A data folder of its own, served on a free port of the loopback address."""

    def __init__(self, data: Path, **settings: str) -> None:
        self.post = PostOffice()
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        ways = {"BUKTI_ADDRESS": self.address, "BUKTI_MAIL": f"smtp://127.0.0.1:{self.post.port}"}
        self.installation = Installation(data, ways | settings)
        self.log = data.parent / "serve.log"
        self.served: Served | None = None

    def prepare(self, *commands: str) -> "Site":
        """Run `bukti setup`, and what else is wanted before anybody is served."""
        for command in ("setup", *commands):
            done = self.installation.run(command)
            assert done.returncode == 0, done.stdout + done.stderr
        return self

    def __enter__(self) -> "Site":
        self.post.open()
        with self.log.open("w") as file:
            process = subprocess.Popen(
                [sys.executable, str(ROOT / "manage.py"), "serve", "--port", str(self.port)],
                env=self.installation.env,
                cwd=self.log.parent,
                stdout=file,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.served = Served(process, self.port, self.log)
        self.served.wait()
        return self

    def __exit__(self, *_: object) -> None:
        if self.served is not None:
            self.served.end()
        self.post.close()

    @property
    def console(self) -> str:
        """What the server has said on its screen."""
        return self.log.read_text()

    def one_time_token(self) -> str:
        """The code that the console shows while nobody exists yet."""
        found = re.search(r"^ {4}(\S+)$", self.console, re.MULTILINE)
        assert found, self.console
        return found[1]
