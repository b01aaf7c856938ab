"""Telling people. Called by the command that causes it, inside its transaction."""

from collections.abc import Iterable

from django.utils import timezone

from bukti.areas.notices import jobs, queries
from bukti.areas.notices.models import Notice, NoticeKind
from bukti.areas.people.models import User
from bukti.rules.permissions import Actor


def tell(users: Iterable[User], kind: NoticeKind, path: str, **facts: object) -> list[Notice]:
    """Leave a notice for each person and queue one mail each. Facts hold no secrets."""
    now = timezone.now()
    notices = Notice.objects.bulk_create(
        [Notice(user=user, kind=kind, path=path, facts=facts, at=now) for user in users]
    )
    for notice in notices:
        jobs.mail_notice.enqueue(notice.pk)
    return notices


def mark_read(actor: Actor) -> int:
    """Everything of one's own is read now; a read mark is nobody's evidence."""
    return queries.unread(actor).update(read_at=timezone.now())
