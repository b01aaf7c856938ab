"""A round in one look, for the board."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bukti.areas.answers.progress import Progress, burn_up, progress_of
from bukti.areas.instruments import queries as instruments
from bukti.areas.rounds.models import Round
from bukti.rules.pack import Pack
from bukti.rules.permissions import Action, Actor, may
from bukti.wording.pace import BurnUp


@dataclass(frozen=True, slots=True)
class RoundOverview:
    """All that the board shows; `pace` only for those who see the whole region."""

    round: Round
    pack: Pack
    progress: Progress
    pace: BurnUp | None
    today: datetime

    @property
    def days_left(self) -> int | None:
        """Whole days, in the round's zone, until the hand-in; None without a deadline."""
        if self.round.deadline is None or not self.round.is_open:
            return None
        zone = ZoneInfo(self.round.zone)
        last = self.round.deadline.astimezone(zone).date()
        return (last - self.today.astimezone(zone).date()).days


def round_overview(actor: Actor, round_: Round, now: datetime) -> RoundOverview:
    """The round as the actor sees it: answers, extensions, and for the whole region its pace."""
    progress = progress_of(actor, round_, now)
    sees_all = may(actor, Action.READ_RESULT, round_.place)
    return RoundOverview(
        round=round_,
        pack=instruments.pack_frozen_as(round_.instrument.sha256),
        progress=progress,
        pace=_pace(round_, progress, now) if sees_all else None,
        today=now,
    )


def _pace(round_: Round, progress: Progress, now: datetime) -> BurnUp | None:
    if round_.deadline is None or round_.started_at is None:
        return None
    zone = ZoneInfo(round_.zone)
    today = min(now, round_.signed_at or now).astimezone(zone).date()
    return BurnUp(
        days=burn_up(round_, today),
        total=progress.asked,
        start=round_.started_at.astimezone(zone).date(),
        today=today,
        deadline=round_.deadline.astimezone(zone).date(),
    )
