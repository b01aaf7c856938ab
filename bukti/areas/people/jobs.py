"""The mails of people themselves: the invitation."""

from django.conf import settings
from django.core.mail import send_mail
from django.utils import translation
from django.utils.translation import gettext as _
from django_tasks import task

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str

from bukti.areas.people.models import User


@task
def mail_invitation(user_id: int) -> None:
    """Mail the link with which an invited person sets the password and comes in.

    Harmless when repeated: the same link goes out again.
    """
    user = User.objects.get(pk=user_id)
    token = default_token_generator.make_token(user)
    link = f"{settings.PUBLIC_ADDRESS}/sandi/atur/{user_pk_to_url_str(user)}-{token}/"
    with translation.override(user.language):
        send_mail(
            subject=_("Undangan ke Bukti"),
            message=_(
                "%(name)s yang terhormat,\n\n"
                "Anda diundang memakai Bukti, sistem evaluasi Smart City. "
                "Buat kata sandi Anda lewat tautan ini; tautan berlaku tiga hari:\n\n%(link)s\n\n"
                "Bila tautan sudah lewat masanya, buka halaman masuk dan pilih Lupa kata sandi."
            )
            % {"name": user.name, "link": link},
            from_email=None,
            recipient_list=[user.email],
        )
