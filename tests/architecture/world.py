"""Two regions with rounds in every state, and in each text a canary that tells whose it is.

Built once and through commands, as users would. `Canary` says who may read it: what everybody else
sees of it is a leak.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from decimal import Decimal
from itertools import count
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from bukti.areas.answers import commands as answers
from bukti.areas.answers import queries as answer_queries
from bukti.areas.answers import verification
from bukti.areas.answers.models import Answer
from bukti.areas.assessment import commands as assessment
from bukti.areas.dossier import commands as dossier
from bukti.areas.dossier.models import Export, ExportState, Format
from bukti.areas.dossier.render import path_of
from bukti.areas.evidence import commands as evidence
from bukti.areas.evidence import jobs as vault_jobs
from bukti.areas.evidence.models import READY, Blob, Citation
from bukti.areas.ledger.commands import sign_checkpoint
from bukti.areas.people.models import Agency, Grant, User
from bukti.areas.rounds import commands as rounds
from bukti.areas.rounds.models import Round
from bukti.rules.claims import Claim
from bukti.rules.permissions import SYSTEM, Role
from bukti.rules.workflow import Step
from tests import cast as people
from tests.architecture.scene import (
    CODES,
    ONLY_AT_HOME,
    YEARS,
    Canary,
    Place,
    World,
    undone,
)
from tests.areas.files import pdf, received
from tests.cast import ELSEWHERE, PASER


class Builder:
    """Furnishes the regions and remembers each canary it let out."""

    def __init__(self) -> None:
        self.canaries: list[Canary] = []
        self.numbers = count(1)
        self.round_id: int | None = None

    def say(
        self,
        place: Place,
        kind: str,
        agencies: Iterable[Agency | None] | None = None,
        *,
        assessors: bool = False,
    ) -> str:
        """A new canary's text."""
        text = f"kenari-{place.region.replace('.', '')}-{kind}-{next(self.numbers)}x"
        whose = None if agencies is None else frozenset(a.pk for a in agencies if a)
        self.canaries.append(Canary(text, place.region, whose, self.round_id, assessors))
        return text

    def build(self) -> World:
        """The whole world."""
        cast = people.everybody()
        home = Place(
            PASER,
            cast.coordinator,
            cast.executive,
            cast.auditor,
            {
                cast.health.pk: cast.operator_of_health,
                cast.hospital.pk: cast.operator_of_hospital,
                cast.education.pk: cast.operator_of_education,
                cast.dkisp.pk: cast.operator_of_dkisp,
            },
            {
                cast.health.pk: cast.head_of_health,
                cast.education.pk: cast.head_of_education,
                cast.dkisp.pk: cast.head_of_dkisp,
            },
            cast.health,
            cast.hospital,
            cast.education,
        )
        away = Place(
            ELSEWHERE,
            cast.coordinator_elsewhere,
            cast.executive_elsewhere,
            cast.auditor_elsewhere,
            {cast.health_elsewhere.pk: cast.operator_elsewhere},
            {cast.health_elsewhere.pk: cast.head_elsewhere},
            cast.health_elsewhere,
            None,
            None,
        )
        for place in (home, away):
            self.furnish(place)
        return World(cast, home, away, self.canaries)

    def furnish(self, place: Place) -> None:
        """Names with canaries, rounds, documents, dossiers, checkpoints."""
        for agency in Agency.objects.filter(region=place.region):
            agency.name = f"{agency.name} {self.say(place, 'opd')}"
            agency.save()
        for user in User.objects.filter(grants__region=place.region).distinct():
            user.name = f"{user.name} {self.say(place, 'orang')}"
            user.save()
        place.closed_user = User.objects.create(
            email=f"ditutup@{place.region}.example", name=self.say(place, "orang"), is_active=False
        )
        Grant.objects.create(
            user=place.closed_user,
            role=Role.AUDITOR,
            region_id=place.region,
            since=timezone.localdate() - timedelta(days=9),
        )
        place.assessor = people.person(
            f"Asesor {place.region}", Role.ASSESSOR, place.region, round_id=0
        )
        for state in YEARS:
            if place.region == PASER or state not in ONLY_AT_HOME:
                self.round(place, state)
        self.dossiers(place)
        place.checkpoint = sign_checkpoint(SYSTEM, place.region, "tick")

    def round(self, place: Place, state: str) -> None:
        """One round, brought to the state that it is named after."""
        self.round_id = None
        round_ = place.rounds[state] = self.opened(place, state)
        self.round_id = round_.pk
        if state != "recorded":
            Grant.objects.create(
                user=place.assessor.user,  # type: ignore[union-attr]
                role=Role.ASSESSOR,
                region_id=place.region,
                round_id=round_.pk,
                since=timezone.localdate(),
            )
        if state not in ("preparation", "recorded"):
            verification.start_round(place.coordinator.actor, round_.pk)
            round_.refresh_from_db()
            self.advance(place, round_, state)
            round_.refresh_from_db()

    def advance(self, place: Place, round_: Round, state: str) -> None:
        """A round that has begun."""
        if state == "running":
            self.work(place, round_)
            return
        self.complete(place, round_)
        steps: dict[str, Callable[[Place, Round], None]] = {
            "handed_in": self.ask_reopening,
            "stage_one": self.stage_one,
            "mending": self.mend,
            "stage_two": self.stage_two,
            "finished": self.finish,
        }
        if state != "prepared":
            receipt = verification.sign_round(place.executive.actor, round_.pk)
            place.receipts.append(receipt)
            steps[state](place, round_)

    def opened(self, place: Place, state: str) -> Round:
        """In preparation, every question given to somebody; or recorded."""
        coordinator = place.coordinator.actor
        instrument = people.frozen(people.small_pack())
        title = self.say(place, f"putaran-{state}", assessors=True)
        if state == "recorded":
            round_ = rounds.record_past_round(
                coordinator,
                place.region,
                instrument_id=instrument.pk,
                scheme="utama",
                year=YEARS[state],
                title=title,
            )
            values = {"baseline": Decimal(3), "outcome": Decimal(2), "impact": Decimal(3)}
            source = self.say(place, "sumber")
            assessment.record_result(coordinator, round_.pk, values, source=source)
            return round_
        plan = rounds.Plan(
            instrument_id=instrument.pk,
            scheme="utama",
            year=YEARS[state],
            title=title,
            agency_deadline=people.in_days(14),
            deadline=people.in_days(21),
        )
        round_ = rounds.open_round(coordinator, place.region, plan)
        if place.other is None:
            everything = frozenset(CODES)
            rounds.assign_questions(coordinator, round_.pk, everything, agency_id=place.main.pk)
        return round_

    def save(self, place: Place, round_: Round, code: str, claim: Claim) -> Answer:
        """As its agency's operator would."""
        answer = people.answer(round_, code)
        operator = place.operators[answer.assignment.agency_id or 0]
        return answers.save_answer(operator.actor, answer.pk, claim, base=answer.version)

    def work(self, place: Place, round_: Round) -> None:
        """Answers in every state, with versions, comments, documents, notes, more time."""
        main, helper, other = place.main, place.helper, place.other
        own, shared, others = [main], [main, helper], [other or main]
        operator, coordinator = place.operators[main.pk].actor, place.coordinator.actor
        for number in (1, 2):
            text = self.say(place, f"versi{number}", shared)
            self.save(place, round_, "C1", Claim(level=number, explanation=text))
        answer = people.answer(round_, "C1")
        answers.comment_answer(operator, answer.pk, self.say(place, "komentar", shared))
        answers.comment_answer(coordinator, answer.pk, self.say(place, "komentar", shared))
        place.citations["C1"] = self.attach(place, "cited", answer, shared)
        self.attach(place, "kept", answer, own, is_cited=False)

        text = self.say(place, "diajukan", own)
        answer = self.save(place, round_, "C2", Claim(level=2, value=Decimal(80), explanation=text))
        self.attach(place, "submitted", answer, own)
        self.save(place, round_, "C3", Claim(level=0, explanation=self.say(place, "lain", others)))
        for agency in {a.pk: a for a in (main, other) if a}.values():
            self.hand_in(place, round_, agency)
        returned = people.answer(round_, "C3").pk
        note = self.say(place, "catatan", others)
        verification.return_answer(coordinator, returned, note=note, due_at=people.in_days(16))
        answer = people.answer(round_, "C3")
        self.attach(place, "others", answer, others)
        reason = self.say(place, "alasan-lewati", [people.answer(round_, "D1").assignment.agency])
        verification.skip_question(coordinator, people.answer(round_, "D1").pk, reason=reason)
        rounds.extend_deadline(
            coordinator,
            round_.pk,
            agency_id=others[0].pk,
            until=people.in_days(18),
            reason=self.say(place, "alasan-perpanjangan", others),
        )

    def attach(
        self,
        place: Place,
        name: str,
        answer: Answer,
        owners: Sequence[Agency | None],
        *,
        is_cited: bool = True,
        assessors: bool = False,
    ) -> Citation:
        """A file of the answer's agency; uncited, it stays in the agency's own archive."""

        def say(kind: str) -> str:
            return self.say(place, kind, owners, assessors=assessors)

        operator = place.operators[answer.assignment.agency_id or 0].actor
        facts = evidence.Facts(say("judul"), say("nomor"))
        words = f"{say('isi')}-{answer.pk}-{name}"
        file = received(pdf(words), f"{say('berkas')}.pdf")
        if not is_cited:
            own = answer_queries.one(operator, answer.pk).place
            kept = evidence.keep_file(operator, own, file)
            place.revisions[name] = evidence.add_document(operator, own, kept, facts)
            return place.citations["C1"]
        citation = answers.attach_file(operator, answer.pk, file, facts, pages="1")
        answers.cite_revision(
            operator, answer.pk, citation.revision_id, pages="1", note=say("kutipan")
        )
        place.revisions[name] = citation.revision
        return citation

    def hand_in(self, place: Place, round_: Round, agency: Agency) -> None:
        """As its head would, with everything unfinished confirmed."""
        receipt = answers.hand_in_agency(
            place.heads[agency.pk].actor, round_.pk, agency.pk, confirmed=frozenset(CODES)
        )
        place.receipts.append(receipt)

    def complete(self, place: Place, round_: Round) -> None:
        """All answered with level 0, handed in, accepted, prepared; D1 does not apply."""
        coordinator = place.coordinator.actor
        leads: dict[int, Agency] = {}
        for answer in Answer.objects.filter(round=round_).select_related("assignment__agency"):
            agency = answer.assignment.agency
            assert agency is not None
            leads[agency.pk] = agency
            shared = [agency, place.helper if answer.code == "C1" else None]
            if answer.code == "D1":
                verification.skip_question(
                    coordinator,
                    answer.pk,
                    reason=self.say(place, "lewati", [agency], assessors=True),
                )
                continue
            if answer.code == "C1":
                draft = self.say(place, "naskah-lama", shared)
                self.save(place, round_, "C1", Claim(level=0, explanation=draft))
                talk = self.say(place, "pembicaraan", shared)
                answers.comment_answer(coordinator, answer.pk, talk)
                fresh = people.answer(round_, "C1")
                self.attach(place, str(round_.year), fresh, shared, assessors=True)
            text = self.say(place, "jawaban", shared, assessors=True)
            self.save(place, round_, answer.code, Claim(level=0, explanation=text))
        for agency in leads.values():
            self.hand_in(place, round_, agency)
        for answer in Answer.objects.filter(round=round_, state="submitted"):
            verification.accept_answer(coordinator, answer.pk, verified=Decimal(0))
        verification.prepare_round(coordinator, round_.pk, confirmed=frozenset())

    def ask_reopening(self, place: Place, round_: Round) -> None:
        """The coordinator has asked; nobody has confirmed yet."""
        place.reopening = rounds.request_reopening(
            place.coordinator.actor,
            round_.pk,
            reason=self.say(place, "alasan-buka", []),
            until=people.in_days(5),
        )

    def stage_one(self, place: Place, round_: Round) -> None:
        """Scored by the assessor in part."""
        rounds.move_round(place.coordinator.actor, round_.pk, Step.OPEN_STAGE_ONE)
        self.score(place, round_, ["C1"])

    def score(self, place: Place, round_: Round, codes: Iterable[str]) -> None:
        """The assessor's values with remarks, for whoever reads results."""
        for code in codes:
            assessment.score_question(
                place.assessor.actor,  # type: ignore[union-attr]
                round_.pk,
                code,
                value=Decimal(3),
                remark=self.say(place, "nilai", [], assessors=True),
            )

    def mend(self, place: Place, round_: Round) -> None:
        """Mended and handed in by the agency, but not yet signed: its new file is not released."""
        coordinator = place.coordinator.actor
        self.stage_one(place, round_)
        rounds.move_round(coordinator, round_.pk, Step.ASK_MENDING)
        shared = [place.main, place.helper]
        answer = people.answer(round_, "C1")
        note = self.say(place, "catatan", shared)
        verification.return_answer(coordinator, answer.pk, note=note, due_at=people.in_days(3))
        self.attach(place, "unreleased", people.answer(round_, "C1"), shared)
        self.hand_in(place, round_, place.main)

    def stage_two(self, place: Place, round_: Round) -> None:
        """Every question scored."""
        coordinator = place.coordinator.actor
        rounds.move_round(coordinator, round_.pk, Step.OPEN_STAGE_ONE)
        rounds.move_round(coordinator, round_.pk, Step.OPEN_STAGE_TWO)
        self.score(place, round_, [code for code in CODES if code != "D1"])

    def finish(self, place: Place, round_: Round) -> None:
        """The mean of the assessors is the result."""
        self.stage_two(place, round_)
        assessment.finish_round(place.coordinator.actor, round_.pk)

    def dossiers(self, place: Place) -> None:
        """One ready, one waiting; and the pages of a previewed document."""
        for name, form in (("ready", Format.XLSX), ("waiting", Format.PDF)):
            export = dossier.make_dossier(
                place.coordinator.actor, place.rounds["finished"].pk, form
            )
            place.exports[name] = export
        ready = place.exports["ready"]
        path = path_of(ready, Path(settings.EXPORTS))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"berkas")
        Export.objects.filter(pk=ready.pk).update(
            state=ExportState.READY, size=6, sha256="0" * 64, finished_at=timezone.now()
        )
        for blob in Blob.objects.filter(region=place.region):
            page = vault_jobs.preview_page(blob.region_id, blob.sha256, 1)
            page.parent.mkdir(parents=True, exist_ok=True)
            page.write_bytes(b"RIFF0000WEBP")
        Blob.objects.filter(region=place.region).update(preview=READY, pages=1)


__all__ = ["CODES", "Builder", "Canary", "Place", "World", "undone"]
