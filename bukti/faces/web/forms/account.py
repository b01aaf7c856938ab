"""allauth's forms in our words: same fields, our labels and hints."""

from typing import Any

from allauth.account import forms as allauth
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from bukti.areas.people import commands

EMAIL = _("Alamat surel")
NEW_HINT = _("Paling sedikit 12 huruf; bukan kata sandi yang umum.")


class SignIn(allauth.LoginForm):  # type: ignore[misc]
    """Address and password."""

    def __init__(self, *data: Any, **options: Any) -> None:
        super().__init__(*data, **options)
        self.fields["login"].label = EMAIL
        self.fields["login"].widget.attrs["autocomplete"] = "username"
        self.fields["password"].label = _("Kata sandi")


class Forgotten(allauth.ResetPasswordForm):  # type: ignore[misc]
    """The address to which a link goes, if it is anybody's."""

    def __init__(self, *data: Any, **options: Any) -> None:
        super().__init__(*data, **options)
        self.fields["email"].label = EMAIL

    def clean_email(self) -> str:
        """As typed: whether it is anybody's, the job finds out, and tells nobody."""
        return str(self.cleaned_data["email"])

    def save(self, request: HttpRequest, **options: Any) -> str:
        """Queue the mail: the answer takes as long for a stranger's address as for one's own."""
        commands.ask_password_reset(self.cleaned_data["email"])
        return str(self.cleaned_data["email"])


class NewPassword(allauth.ResetPasswordKeyForm):  # type: ignore[misc]
    """The password set through the mailed link."""

    def __init__(self, *data: Any, **options: Any) -> None:
        super().__init__(*data, **options)
        _say_new(self)


class ChangePassword(allauth.ChangePasswordForm):  # type: ignore[misc]
    """The old password, and the new one twice."""

    def __init__(self, *data: Any, **options: Any) -> None:
        super().__init__(*data, **options)
        self.fields["oldpassword"].label = _("Kata sandi sekarang")
        _say_new(self)


class Confirm(allauth.ReauthenticateForm):  # type: ignore[misc]
    """The password once more, before something weighty."""

    def __init__(self, *data: Any, **options: Any) -> None:
        super().__init__(*data, **options)
        self.fields["password"].label = _("Kata sandi")


def _say_new(form: NewPassword | ChangePassword) -> None:
    form.fields["password1"].label = _("Kata sandi baru")
    form.fields["password1"].help_text = NEW_HINT
    form.fields["password2"].label = _("Kata sandi baru, sekali lagi")
