"""The mail that goes with a notice."""

from datetime import timedelta
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import send_mail
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django_tasks import task

from bukti.areas.notices.models import Notice
from bukti.wording.words import notice_sentence

#: Minutes until a mail that the mail server did not take is tried again; then the job fails.
AGAIN_AFTER = (1, 10, 60, 360)


@task
def mail_notice(notice_id: int, tries: int = 0) -> None:
    """Mail one notice in the person's language; a person who has left gets none."""
    notice = Notice.objects.select_related("user").get(pk=notice_id)
    if not notice.user.is_active:
        return
    with translation.override(notice.user.language):
        # A name may hold a line break; a subject may not.
        sentence = " ".join(notice_sentence(notice.kind, notice.facts).splitlines())
        message = _("%(sentence)s\n\nBuka: %(link)s\n\nBukti, sistem evaluasi Smart City") % {
            "sentence": sentence,
            "link": f"{settings.PUBLIC_ADDRESS}{notice.path}",
        }
    try:
        send_mail(sentence, message, from_email=None, recipient_list=[notice.user.email])
    except (SMTPException, OSError):
        if tries == len(AGAIN_AFTER):
            raise
        later = timezone.now() + timedelta(minutes=AGAIN_AFTER[tries])
        mail_notice.using(run_after=later).enqueue(notice_id, tries + 1)
