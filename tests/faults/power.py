"""Somebody saves and uploads until the power goes: `python -m tests.faults.power FLAW OPERATOR`.

Each deed is one JSON line when it begins and one when the product said it was done. It goes through
the commands, not through HTTP: what matters is the moment in which a command returns.
"""

import io
import json
import os
import sys
from hashlib import sha256
from secrets import choice, token_hex
from threading import Thread

import django
from django.conf import settings

if "normal" in sys.argv:
    # The control: the same product, with SQLite told to leave the log to the disk's own time.
    options = settings.DATABASES["default"]["OPTIONS"]
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
from bukti.rules.permissions import Actor  # noqa: E402
from tests.faults.papers import pdf  # noqa: E402


def say(**facts: object) -> None:
    """One line, in one write, so that none is half there."""
    os.write(1, (json.dumps(facts) + "\n").encode())


def save(actor: Actor, codes: list[str]) -> None:
    """Save one answer after the other."""
    while True:
        answer = Answer.objects.select_related("round", "assignment").get(code=choice(codes))
        deed = {"kind": "save", "code": answer.code, "mark": token_hex(8), "key": token_hex(8)}
        say(**deed, level=2, done=False)
        claim = Claim(level=2, explanation=str(deed["mark"]))
        made = commands.save_answer(
            actor, answer.pk, claim, base=answer.version, key=str(deed["key"])
        )
        say(**deed, level=2, version=made.version, done=True)


def upload(actor: Actor, codes: list[str]) -> None:
    """Upload one file after the other."""
    while True:
        answer = Answer.objects.get(code=choice(codes))
        content = pdf(token_hex(16), 30_000)
        deed = {"kind": "upload", "code": answer.code, "mark": sha256(content).hexdigest()}
        say(**deed, done=False)
        received = vault.receive(io.BytesIO(content), "surat.pdf")
        commands.attach_file(actor, answer.pk, received, Facts(title="Surat"))
        say(**deed, done=True)


if __name__ == "__main__":
    if "no-fsync" in sys.argv:
        os.fsync = lambda handle: None  # the control; SQLite's own is not Python's
    user = User.objects.get(email=sys.argv[2])
    somebody = actor_of(user, timezone.now())
    own = list(
        Answer.objects.filter(assignment__agency__in=list(somebody.agencies))
        .exclude(state__in=["submitted", "accepted"])
        .values_list("code", flat=True)
    )
    levels = [code for code in own if code in sys.argv[3].split(",")]
    for work in (save, upload):
        Thread(target=work, args=(somebody, levels), daemon=True).start()
    sys.stdin.read()
