"""Makes a round to work on: `python -m tests.faults.prepare OFFICES` in an installation's folder.

Everything through commands, as people would; prints the plot as JSON.
"""

import json
import sys

import django

django.setup()

from django.core.management import call_command  # noqa: E402

from bukti.areas.answers import verification  # noqa: E402
from bukti.areas.instruments import loader  # noqa: E402
from bukti.areas.instruments.commands import freeze_pack  # noqa: E402
from bukti.areas.ledger import commands as ledger  # noqa: E402
from bukti.areas.rounds import commands as rounds  # noqa: E402
from bukti.rules.pack import Kind  # noqa: E402
from bukti.rules.permissions import SYSTEM, Role  # noqa: E402
from bukti.site import secret  # noqa: E402
from bukti.site.operations import installation  # noqa: E402
from tests import cast  # noqa: E402


def prepare(count: int) -> dict[str, object]:
    """A running round of the 121 questions, dealt out to so many offices."""
    pack = loader.load_pack(loader.folder_of("smart-city-121"))
    instrument = freeze_pack(SYSTEM, pack)
    coordinator = cast.person("Koordinator DKISP", Role.COORDINATOR)
    offices = [_office(number) for number in range(1, count + 1)]
    plan = rounds.Plan(
        instrument_id=instrument.pk,
        scheme=pack.schemes[0].key,
        year=2026,
        title="Evaluasi Smart City 2026",
        agency_deadline=cast.in_days(14),
        deadline=cast.in_days(21),
    )
    round_ = rounds.open_round(coordinator.actor, cast.PASER, plan)
    codes = [question.code for question in pack.questions]
    for number, office in enumerate(offices):
        rounds.assign_questions(
            coordinator.actor,
            round_.pk,
            frozenset(codes[number::count]),
            agency_id=int(str(office["agency"])),
            contributor_ids=frozenset(),
        )
    verification.start_round(coordinator.actor, round_.pk)
    levels = {question.code for question in pack.questions if question.kind is Kind.LEVEL}
    for number, office in enumerate(offices):
        office["codes"] = [code for code in codes[number::count] if code in levels]
    return {
        "round": round_.pk,
        "coordinator": coordinator.user.email,
        "offices": offices,
    }


def _office(number: int) -> dict[str, object]:
    agency = cast.agency(f"opd-{number}", f"Perangkat Daerah {number}", f"OPD {number}")
    operator = cast.person(f"Operator OPD {number}", Role.OPERATOR, agency=agency)
    head = cast.person(f"Kepala OPD {number}", Role.AGENCY_HEAD, agency=agency)
    return {"agency": agency.pk, "operator": operator.user.email, "head": head.user.email}


if __name__ == "__main__":
    secret.make()
    installation.migrate()
    call_command("collectstatic", interactive=False, verbosity=0)
    ledger.open_tree(installation.NATION)
    ledger.make_key(SYSTEM, installation.NATION)
    sys.stdout.write(json.dumps(prepare(int(sys.argv[1]))) + "\n")
