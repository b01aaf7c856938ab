"""Somebody saves and uploads until the power goes: `python -m tests.faults.power FLAW OPERATOR`.

Each deed is one JSON line when it begins and one when the product said it was done. It goes through
the commands, not through HTTP: what matters is the moment in which a command returns.
"""

import io
import json
import os
import sys
import time
from hashlib import sha256
from secrets import choice, token_hex
from threading import Thread
from typing import Any

import django
from django.conf import settings

if "normal" in sys.argv:
    # The control: the same product, with SQLite told to leave the log to the disk's own time.
    options: Any = settings.DATABASES["default"]["OPTIONS"]
    options["init_command"] = options["init_command"].replace("=FULL", "=NORMAL")
django.setup()

from django.utils import timezone  # noqa: E402

from bukti.areas.answers import commands  # noqa: E402
from bukti.areas.answers.models import Answer  # noqa: E402
from bukti.areas.evidence import vault  # noqa: E402
from bukti.areas.evidence.commands import Facts  # noqa: E402
from bukti.areas.people.models import User  # noqa: E402
from bukti.areas.people.queries import actor_of  # noqa: E402
from bukti.rules.claims import Claim  # noqa: E402
from bukti.rules.errors import Conflict  # noqa: E402
from bukti.rules.permissions import Actor  # noqa: E402
from tests.faults.papers import pdf  # noqa: E402


def say(**facts: object) -> None:
    """One line, in one write, so that none is half there."""
    os.write(1, (json.dumps(facts) + "\n").encode())


def save(actor: Actor, code: str) -> None:
    """Save an answer."""
    answer = Answer.objects.get(code=code)
    deed = {"kind": "save", "code": code, "mark": token_hex(8), "key": token_hex(8), "level": 2}
    say(**deed, done=False)
    claim = Claim(level=2, explanation=str(deed["mark"]))
    try:
        made = commands.save_answer(
            actor, answer.pk, claim, base=answer.version, key=str(deed["key"])
        )
    except Conflict:
        return
    say(**deed, version=made.version, done=True)


def upload(actor: Actor, code: str) -> None:
    """Upload a file."""
    answer = Answer.objects.get(code=code)
    content = pdf(token_hex(16), 30_000)
    deed = {"kind": "upload", "code": code, "mark": sha256(content).hexdigest()}
    say(**deed, done=False)
    received = vault.receive(io.BytesIO(content), "surat.pdf")
    commands.attach_file(actor, answer.pk, received, Facts(title="Surat"))
    say(**deed, done=True)


def work(actor: Actor, codes: list[str]) -> None:
    """Save and upload by turns, with a breath between, so that nobody starves the other."""
    while True:
        save(actor, choice(codes))
        upload(actor, choice(codes))
        time.sleep(0.001)


if __name__ == "__main__":
    if "no-fsync" in sys.argv:
        vars(os)["fsync"] = lambda handle: None  # the control; SQLite's own is not Python's
    user = User.objects.get(email=sys.argv[2])
    somebody = actor_of(user, timezone.now())
    for _ in range(2):
        Thread(target=work, args=(somebody, sys.argv[3].split(",")), daemon=True).start()
    sys.stdin.read()
