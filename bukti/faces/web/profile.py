"""One's own: preferences, roles, tokens, notices; and the first visit of all."""

from allauth.core import ratelimit
from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from django.views.i18n import set_language

from bukti.areas.notices import commands as notice_commands
from bukti.areas.notices import queries as notice_queries
from bukti.areas.people import commands, queries
from bukti.faces.web import errors
from bukti.faces.web.context import place_of
from bukti.faces.web.formpage import FormPage, answered, typed
from bukti.faces.web.forms import profile as forms
from bukti.faces.web.middleware import StaffRequest
from bukti.rules.permissions import Actor
from bukti.wording.words import notice_sentence

PAGE = 30


@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: StaffRequest) -> HttpResponse:
    """Who one is here; language and letter keys."""
    form = forms.PreferencesForm(typed(request), initial=_preferences(request))
    if request.method == "POST" and form.is_valid():
        language = form.cleaned_data["language"]
        keys = "on" if form.cleaned_data["letter_keys"] else "off"
        commands.change_preferences(request.actor, language=language, letter_keys=keys)
        with translation.override(language):
            messages.success(request, _("Pilihan tersimpan."))
        return _in_language(redirect("profile"), language)
    status = 422 if form.errors else 200
    return render(request, "profile/profile.html", _profile(request, form), status=status)


def _preferences(request: StaffRequest) -> dict[str, object]:
    return {
        "language": request.user.language,  # type: ignore[union-attr]
        "letter_keys": request.user.has_letter_keys,  # type: ignore[union-attr]
    }


def _profile(request: StaffRequest, form: forms.PreferencesForm) -> dict[str, object]:
    return {
        "form": form,
        "token_form": forms.TokenForm(),
        "grants": queries.own_grants(request.actor),
        "tokens": queries.tokens_of(request.actor),
        "zone": _zone(request.actor),
    }


def _zone(actor: Actor) -> str:
    code = queries.home_region(actor)
    return queries.region(code).zone if code else "Asia/Jakarta"


def _in_language(response: HttpResponse, language: str) -> HttpResponse:
    """The page speaks the language from now on in this browser, before and after sign-in."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )
    return response


@require_POST
def switch_language(request: StaffRequest) -> HttpResponseBase:
    """The other language for this browser; for a person also in mails and at the next sign-in."""
    language = request.POST.get("language", "")
    if request.actor.user_id and language in dict(settings.LANGUAGES):
        keys = "on" if request.user.has_letter_keys else "off"  # type: ignore[union-attr]
        commands.change_preferences(request.actor, language=language, letter_keys=keys)
    return set_language(request)


@require_POST
def issue_token(request: StaffRequest) -> HttpResponse:
    """A new token; this answer is the only place that ever shows it."""
    form = forms.TokenForm(request.POST)
    if not form.is_valid():
        context = _profile(request, forms.PreferencesForm(initial=_preferences(request)))
        return render(request, "profile/profile.html", {**context, "token_form": form}, status=422)
    region = place_of(request.actor).region
    token, text = commands.issue_token(request.actor, region, name=form.cleaned_data["name"])
    context = {"token": token, "text": text, "zone": _zone(request.actor)}
    return render(request, "profile/token.html", context)


@require_POST
def revoke_token(request: StaffRequest, token_id: int) -> HttpResponse:
    """End a token of one's own."""
    commands.revoke_token(request.actor, token_id, place_of(request.actor).region)
    messages.success(request, _("Kunci API dicabut. Aplikasi yang memakainya tidak lagi masuk."))
    return redirect("profile")


@require_http_methods(["GET", "HEAD", "POST"])
def notices(request: StaffRequest) -> HttpResponse:
    """What one was told; a POST marks all of it read."""
    if request.method == "POST":
        notice_commands.mark_read(request.actor)
        return redirect("notices")
    found = notice_queries.visible_to(request.actor)
    page = Paginator(found, PAGE).get_page(request.GET.get("halaman"))
    told = [(notice, notice_sentence(notice.kind, notice.facts)) for notice in page]
    context = {"page": page, "told": told, "zone": _zone(request.actor)}
    return render(request, "profile/notices.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def set_up(request: StaffRequest) -> HttpResponse:
    """The first visit, while nobody can sign in yet."""
    if queries.is_set_up():
        return redirect("account_login")
    if not ratelimit.consume(request, action="set_up"):
        return errors.too_many(request)
    page = FormPage(
        forms.SetUpForm(typed(request), regions=queries.region_list()),
        _("Siapkan Bukti untuk daerah Anda"),
        _("Anda menjadi koordinator pertama, lalu mengundang yang lain."),
        _("Siapkan Bukti"),
        reverse("account_login"),
        _("Masuk"),
    )

    def act(cleaned: dict[str, str]) -> HttpResponse:
        commands.set_up(
            cleaned["token"].strip(),
            cleaned["region"],
            email=cleaned["email"],
            name=cleaned["name"],
            password=cleaned["password"],
        )
        messages.success(request, _("Bukti siap dipakai. Masuk dengan akun Anda."))
        return redirect("account_login")

    return answered(request, page, act, "profile/set_up.html")
