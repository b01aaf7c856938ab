"""The mail that goes with a notice."""

from django.conf import settings
from django.core.mail import send_mail
from django.utils import translation
from django.utils.translation import gettext as _
from django_tasks import task

from bukti.areas.notices.models import Notice
from bukti.wording.words import notice_sentence


@task
def mail_notice(notice_id: int) -> None:
    """Mail one notice in the person's language; a person who has left gets none."""
    notice = Notice.objects.select_related("user").get(pk=notice_id)
    if not notice.user.is_active:
        return
    with translation.override(notice.user.language):
        sentence = notice_sentence(notice.kind, notice.facts)
        send_mail(
            subject=sentence,
            message=_("%(sentence)s\n\nBuka: %(link)s\n\nBukti, sistem evaluasi Smart City")
            % {"sentence": sentence, "link": f"{settings.PUBLIC_ADDRESS}{notice.path}"},
            from_email=None,
            recipient_list=[notice.user.email],
        )
