"""How allauth behaves here: nobody signs up by themselves, links lead to our pages."""

import secrets
from hashlib import sha256
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bukti.areas.people.models import User

#: Marks a browser in which somebody signed in before.
DEVICE = "bukti_device"
DEVICE_LIFE = 180 * 24 * 3600
LANGUAGE_LIFE = 365 * 24 * 3600


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are made by invitation only."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _(
            "Alamat surel atau kata sandi tidak cocok. Periksa keduanya, lalu coba lagi."
        ),
        "too_many_login_attempts": _(
            "Terlalu banyak percobaan yang gagal. Tunggu satu menit, lalu coba lagi; "
            "atau buat kata sandi baru lewat Lupa kata sandi."
        ),
        "enter_current_password": _("Kata sandi yang sekarang tidak cocok."),
        "incorrect_password": _("Kata sandi tidak cocok."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: a coordinator invites."""
        return False

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Back to one's own page, where the message says that it worked."""
        return reverse("profile")

    def post_login(self, request: HttpRequest, user: User, **facts: Any) -> HttpResponse:
        """The person's own language from now on; and the browser is remembered."""
        response: HttpResponse = super().post_login(request, user, **facts)
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            user.language,
            max_age=LANGUAGE_LIFE,
            secure=settings.SESSION_COOKIE_SECURE,
            samesite="Lax",
        )
        response.set_signed_cookie(
            DEVICE,
            f"{_fingerprint(user.email)}.{secrets.token_hex(8)}",
            max_age=DEVICE_LIFE,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
        return response

    def reauthenticate(self, user: User, password: str) -> bool:
        """With the account's own address: allauth's list of further addresses is not used here."""
        found = self.authenticate(self.request, email=user.email, password=password)
        return found is not None and found.pk == user.pk

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Failed tries count per account; for a browser that was in before, apart.

        So whoever guesses from elsewhere is stopped, and the owner is not.
        """
        account = _fingerprint(credentials.get("email", ""))
        # A forged or old mark reads as none.
        device = request.get_signed_cookie(DEVICE, default="", max_age=DEVICE_LIFE) or ""
        return device if device.split(".")[0] == account else account


def _fingerprint(email: str) -> str:
    return sha256(email.strip().lower().encode()).hexdigest()
