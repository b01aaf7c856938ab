"""The mails of people themselves: the invitation, and the link to a new password."""

from collections.abc import Callable
from datetime import timedelta
from smtplib import SMTPException
from typing import Any

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import send_mail
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django_tasks import task
from django_tasks.base import Task

from bukti.areas.people.models import User

#: Minutes until a mail that the mail server did not take is tried again; then the job fails.
AGAIN_AFTER = (1, 10, 60, 360)


@task
def mail_invitation(user_id: int, tries: int = 0) -> None:
    """Mail the link with which an invited person sets the password and comes in.

    Who already has a password is told of the new role. Harmless when repeated.
    """
    user = User.objects.get(pk=user_id)
    if user.is_active:
        words = _welcome_back if user.has_usable_password() else _welcome
        _mail(user, words, mail_invitation, (user_id, tries))


@task
def mail_password_reset(email: str, tries: int = 0) -> None:
    """Mail the link to a new password, if somebody active has this address."""
    user = User.objects.filter(email__iexact=email, is_active=True).first()
    if user is not None:
        _mail(user, _forgotten, mail_password_reset, (email, tries))


def password_link(user: User) -> str:
    """The address at which this person sets a password; good once, for three days."""
    token = default_token_generator.make_token(user)
    path = reverse("account_reset_password_from_key", args=[user_pk_to_url_str(user), token])
    return f"{settings.PUBLIC_ADDRESS}{path}"


def _mail(
    user: User,
    words: Callable[[User], tuple[str, str]],
    again: Task[Any, None],
    called: tuple[int | str, int],
) -> None:
    """Send in the person's language; later, if the mail server cannot be reached now."""
    with translation.override(user.language):
        subject, message = words(user)
    whom, tries = called
    try:
        send_mail(subject, message, from_email=None, recipient_list=[user.email])
    except (SMTPException, OSError):
        if tries == len(AGAIN_AFTER):
            raise
        later = timezone.now() + timedelta(minutes=AGAIN_AFTER[tries])
        again.using(run_after=later).enqueue(whom, tries + 1)


def _welcome(user: User) -> tuple[str, str]:
    return _("Undangan ke Bukti"), _(
        "%(name)s yang terhormat,\n\n"
        "Anda diundang memakai Bukti, sistem evaluasi Smart City. "
        "Buat kata sandi Anda lewat tautan ini; tautan berlaku tiga hari:\n\n%(link)s\n\n"
        "Bila tautan sudah lewat masanya, buka halaman masuk dan pilih Lupa kata sandi."
    ) % {"name": user.name, "link": password_link(user)}


def _welcome_back(user: User) -> tuple[str, str]:
    return _("Peran baru di Bukti"), _(
        "%(name)s yang terhormat,\n\n"
        "Anda mendapat peran baru di Bukti, sistem evaluasi Smart City. "
        "Masuk dengan kata sandi Anda yang sekarang:\n\n%(link)s"
    ) % {"name": user.name, "link": f"{settings.PUBLIC_ADDRESS}{reverse('account_login')}"}


def _forgotten(user: User) -> tuple[str, str]:
    return _("Kata sandi baru untuk Bukti"), _(
        "%(name)s yang terhormat,\n\n"
        "Ada yang meminta kata sandi baru untuk akun Anda di Bukti. "
        "Buat lewat tautan ini; tautan berlaku tiga hari dan hanya sekali:\n\n%(link)s\n\n"
        "Bukan Anda yang meminta? Abaikan surel ini; kata sandi Anda tidak berubah."
    ) % {"name": user.name, "link": password_link(user)}
