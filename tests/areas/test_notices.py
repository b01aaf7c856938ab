"""Telling people: once in the application, once by mail, in their language."""

import pytest
from django.core import mail
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from bukti.areas.notices import commands, jobs, queries
from bukti.areas.notices.models import Notice, NoticeKind
from bukti.areas.people.models import User
from bukti.rules.permissions import NOBODY
from bukti.wording.words import NOTICES

pytestmark = pytest.mark.django_db


def told(cast, people=None, **facts):
    users = [person.user for person in people or [cast.operator_of_health]]
    wanted = {"code": "C1", "until": "", **facts}
    return commands.tell(users, NoticeKind.ANSWER_RETURNED, "/putaran/1/pertanyaan/C1/", **wanted)


def test_everybody_told_has_a_notice_and_a_mail_waiting(cast):
    notices = told(cast, [cast.operator_of_health, cast.head_of_health])

    waiting = [row.args_kwargs["args"] for row in DBTaskResult.objects.order_by("enqueued_at")]
    assert sorted(waiting) == [[notice.pk] for notice in notices]
    assert queries.unread(cast.operator_of_health.actor).count() == 1
    assert str(notices[0]) == f"answer_returned → {cast.operator_of_health.user.pk}"


def test_nobody_reads_what_another_was_told(cast):
    told(cast)

    assert not queries.visible_to(cast.head_of_health.actor).exists()
    assert not queries.visible_to(NOBODY).exists()


def test_what_was_read_stays_but_is_no_longer_new(cast):
    told(cast)
    told(cast, [cast.head_of_health])

    assert commands.mark_read(cast.operator_of_health.actor) == 1

    assert not queries.unread(cast.operator_of_health.actor).exists()
    assert queries.visible_to(cast.operator_of_health.actor).exists()
    assert queries.unread(cast.head_of_health.actor).exists()


def test_the_mail_says_it_in_one_line_and_leads_there(cast, settings):
    settings.PUBLIC_ADDRESS = "https://bukti.example"
    (notice,) = told(cast, code="C1\nBcc: lain@contoh.example")

    jobs.mail_notice.call(notice.pk)

    (message,) = mail.outbox
    assert message.to == [cast.operator_of_health.user.email]
    assert "\n" not in message.subject
    assert message.recipients() == message.to
    assert "https://bukti.example/putaran/1/pertanyaan/C1/" in message.body


def test_the_mail_is_in_the_persons_language(cast):
    User.objects.filter(pk=cast.operator_of_health.user.pk).update(language="en")
    (notice,) = told(cast, until="2026-11-27T08:00:00+00:00", zone="Asia/Makassar")

    jobs.mail_notice.call(notice.pk)

    assert "27\u00a0November 2026 at 16:00\u00a0WITA" in mail.outbox[0].body


def test_who_has_left_gets_no_mail(cast):
    (notice,) = told(cast)
    User.objects.filter(pk=cast.operator_of_health.user.pk).update(is_active=False)

    jobs.mail_notice.call(notice.pk)

    assert mail.outbox == []


def test_a_mail_that_does_not_go_out_is_tried_again_later_and_fails_at_last(cast, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    notice = Notice.objects.create(
        user=cast.operator_of_health.user,
        kind=NoticeKind.ROUND_STARTED,
        facts={"round": "Putaran"},
        path="/tugas/",
        at=timezone.now(),
    )

    jobs.mail_notice.call(notice.pk)

    later = DBTaskResult.objects.get()
    assert later.args_kwargs["args"] == [notice.pk, 1]
    assert later.run_after > timezone.now()
    with pytest.raises(OSError, match="refused"):
        jobs.mail_notice.call(notice.pk, len(jobs.AGAIN_AFTER))


def test_each_kind_of_notice_has_words():
    assert set(NOTICES) == set(NoticeKind.values)
