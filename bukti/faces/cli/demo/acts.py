"""What people of the story do, each through the command that a page would call."""

from io import BytesIO
from typing import TYPE_CHECKING, cast

from bukti.areas.answers import commands as answers
from bukti.areas.answers import queries, verification
from bukti.areas.evidence import commands as evidence
from bukti.areas.evidence import vault
from bukti.areas.notices import commands as notices
from bukti.faces.cli.demo.clock import Days
from bukti.faces.cli.demo.files import Workshop
from bukti.faces.cli.demo.people import Cast
from bukti.faces.cli.demo.script import EXAMPLE, Paper, Script, Story, offices
from bukti.faces.cli.demo.sheets import Statement
from bukti.rules.claims import Claim
from bukti.rules.pack import Pack

if TYPE_CHECKING:
    from bukti.areas.evidence.models import AccessClass, DocumentKind
    from bukti.areas.rounds.models import Round


class Acts:
    """The people at work in one round."""

    def __init__(
        self, cast_: Cast, round_: "Round", pack: Pack, script: Script, days: Days
    ) -> None:
        self.cast, self.round, self.pack, self.script, self.days = cast_, round_, pack, script, days
        self.workshop = Workshop(days)
        rows = queries.answers_of(cast_.coordinator(), round_.pk)
        codes = {agency.pk: code for code, agency in cast_.agencies.items()}
        self.ids = {row.code: row.pk for row in rows}
        self.leads = {row.code: codes[row.assignment.agency_id or 0] for row in rows}
        self.versions = dict.fromkeys(self.ids, 0)
        self.revisions: dict[tuple[str, str], int] = {}

    def begin(self, story: Story) -> None:
        """A first save: the first sentence and the level, as somebody starts."""
        first = story.text.removesuffix(EXAMPLE).split(". ")[0].rstrip(".")
        self._save(story, f"{first}.{EXAMPLE}")

    def write(self, story: Story) -> None:
        """The whole answer."""
        self._save(story, story.text)

    def amend(self, story: Story) -> None:
        """What the coordinator asked for is done."""
        self._save(story, self._more(story, "Lampiran sudah dilengkapi sesuai catatan."))

    def retouch(self, story: Story) -> None:
        """Work on what came back, not finished yet."""
        self._save(story, self._more(story, "Empat kecamatan sedang dilengkapi."))

    def _more(self, story: Story, sentence: str) -> str:
        return f"{story.text.removesuffix(EXAMPLE)} {sentence}{EXAMPLE}"

    def _save(self, story: Story, text: str) -> None:
        claim = Claim(
            value=story.value, level=story.level, respondents=story.respondents, explanation=text
        )
        saved = answers.save_answer(
            self.cast.operator(self.leads[story.code]),
            self.ids[story.code],
            claim,
            base=self.versions[story.code],
        )
        self.versions[story.code] = saved.version

    def support(self, story: Story) -> None:
        """Upload and cite the papers; what the agency has uploaded before is only cited."""
        for paper in story.papers:
            agency = self.leads[story.code]
            known = self.revisions.get((agency, paper.title))
            if known is None:
                known = self.revisions[agency, paper.title] = self._upload(story, paper, agency)
            answers.cite_revision(
                self.cast.operator(agency),
                self.ids[story.code],
                known,
                pages=paper.pages,
                note=paper.shows,
            )

    def _upload(self, story: Story, paper: Paper, agency: str) -> int:
        made = self.workshop.make(paper, offices()[agency], story, self._statements(story, agency))
        actor = self.cast.operator(agency)
        place = queries.one(actor, self.ids[story.code]).place
        received = vault.receive(BytesIO(made.bytes), made.filename)
        kept = evidence.keep_file(actor, place, received)
        facts = evidence.Facts(
            title=made.title,
            number=made.number,
            date=made.date,
            kind=cast("DocumentKind", made.kind),
            access=cast("AccessClass", made.access),
        )
        return evidence.add_document(actor, place, kept, facts).pk

    def _statements(self, story: Story, agency: str) -> list[Statement]:
        """The statements that one tally holds: those of the same survey led by the same agency."""
        if not story.programme:
            return []
        return [
            Statement(
                other.code, self.pack.question(other.code).text, other.value, other.respondents
            )
            for other in self.script.stories.values()
            if other.programme == story.programme
            and self.leads[other.code] == agency
            and other.papers
            and other.value is not None
            and other.respondents
        ]

    def hand_in(self, agency: str) -> None:
        """The head hands in what is complete, and confirms what is not."""
        open_codes = frozenset(code for code, lead in self.leads.items() if lead == agency)
        answers.hand_in_agency(
            self.cast.head(agency),
            self.round.pk,
            self.cast.agencies[agency].pk,
            confirmed=open_codes,
        )

    def accept(self, story: Story, turn: int) -> None:
        """A coordinator accepts at the level that the papers show."""
        verification.accept_answer(
            self.cast.coordinator(turn),
            self.ids[story.code],
            verified=story.verified,
            note=story.remark,
        )

    def send_back(self, story: Story, note: str, turn: int) -> None:
        """A coordinator returns the answer with a note and a date."""
        verification.return_answer(
            self.cast.coordinator(turn),
            self.ids[story.code],
            note=note,
            due_at=self.days.ahead(story.due),
        )

    def skip(self, code: str, reason: str) -> None:
        """A coordinator decides that a question does not apply."""
        verification.skip_question(self.cast.coordinator(), self.ids[code], reason=reason)

    def comment(self, code: str, who: str, text: str) -> None:
        """A word beside an answer, by the coordinator or an agency's operator."""
        name = who if who == "koordinator" else f"operator.{who}"
        answers.comment_answer(self.cast.actor(name), self.ids[code], text)

    def read_notices(self) -> None:
        """Everybody has looked at their notices."""
        for name in self.cast.users:
            notices.mark_read(self.cast.actor(name))
