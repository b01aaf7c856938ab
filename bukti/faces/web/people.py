"""Agencies and people of one's region: read by those who check, changed by the coordinator."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bukti.areas.people import commands, queries
from bukti.areas.rounds import queries as rounds
from bukti.faces.web.context import place_of
from bukti.faces.web.formpage import FormPage, answered, typed
from bukti.faces.web.forms import people as forms
from bukti.faces.web.middleware import StaffRequest
from bukti.rules.permissions import Action, Grant

PAGE = 50
GET_POST = ["GET", "HEAD", "POST"]


@require_safe
def agencies(request: StaffRequest) -> HttpResponse:
    """The region's agencies, those that stand first."""
    code = place_of(request.actor).region
    found = list(queries.agency_register(request.actor, code))
    standing = [agency for agency in found if agency.is_open]
    return render(
        request,
        "people/agencies.html",
        {
            "place": place_of(request.actor),
            "standing": standing,
            "closed": [agency for agency in found if not agency.is_open],
            "empty": sum(not agency.grants_now for agency in standing),  # type: ignore[attr-defined]
        },
    )


@require_safe
def agency(request: StaffRequest, agency_id: int) -> HttpResponse:
    """One agency: its people, its names, what became of it."""
    place = place_of(request.actor)
    found = queries.agency_page(request.actor, agency_id, place.region)
    return render(request, "people/agency.html", {"agency": found, "place": place})


@require_http_methods(GET_POST)
def add_agency(request: StaffRequest) -> HttpResponse:
    """A new agency."""
    code = place_of(request.actor).region
    queries.managed_region(request.actor, code, Action.MANAGE_AGENCIES)
    page = FormPage(
        forms.AgencyForm(typed(request)),
        _("Tambah perangkat daerah"),
        _("Perangkat daerah menjawab pertanyaan. Orangnya Anda undang sesudah ini."),
        _("Tambah"),
        reverse("agencies"),
        _("Perangkat daerah"),
    )

    def add(cleaned: dict[str, Any]) -> HttpResponse:
        added = commands.add_agency(request.actor, code, **cleaned)
        messages.success(request, _("%(name)s tercatat.") % {"name": added.name})
        return redirect("agency", added.pk)

    return answered(request, page, add)


@require_http_methods(GET_POST)
def rename_agency(request: StaffRequest, agency_id: int) -> HttpResponse:
    """Another name from a day; the old one stays findable."""
    code = place_of(request.actor).region
    old = queries.managed_agency(request.actor, agency_id, code)
    page = FormPage(
        forms.RenameForm(typed(request), initial={"name": old.name, "short_name": old.short_name}),
        _("Ganti nama %(agency)s") % {"agency": old.short_name},
        _("Nama lama tetap tercatat, sehingga dokumen lama masih menemukan pemiliknya."),
        _("Simpan nama baru"),
        reverse("agency", args=[old.pk]),
        old.name,
    )

    def rename(cleaned: dict[str, Any]) -> HttpResponse:
        commands.rename_agency(request.actor, agency_id, **cleaned)
        messages.success(request, _("Nama baru tersimpan."))
        return redirect("agency", agency_id)

    return answered(request, page, rename)


@require_http_methods(GET_POST)
def merge_agency(request: StaffRequest, agency_id: int) -> HttpResponse:
    """The agency goes into another one."""
    code = place_of(request.actor).region
    old = queries.managed_agency(request.actor, agency_id, code)
    others = queries.open_agencies(request.actor, code).exclude(pk=old.pk)
    page = FormPage(
        forms.MergeForm(typed(request), agencies=others),
        _("Gabungkan %(agency)s ke perangkat daerah lain") % {"agency": old.short_name},
        _(
            "Jawaban dan bukti lama tetap atas nama lama. Pindahkan orang dan pertanyaannya "
            "sesudah ini. Penggabungan tidak dapat dibatalkan."
        ),
        _("Gabungkan"),
        reverse("agency", args=[old.pk]),
        old.name,
    )

    def merge(cleaned: dict[str, Any]) -> HttpResponse:
        commands.merge_agency(
            request.actor, agency_id, successor_id=cleaned["agency"], until=cleaned["until"]
        )
        messages.success(request, _("Penggabungan tercatat."))
        return redirect("agency", agency_id)

    return answered(request, page, merge)


@require_safe
def users(request: StaffRequest) -> HttpResponse:
    """The people of the region, narrowed by the address."""
    code = place_of(request.actor).region
    form = forms.UserFilterForm(request.GET, agencies=queries.open_agencies(request.actor, code))
    wanted = _wanted(form)
    found = queries.user_list(request.actor, code, wanted)
    page = Paginator(found, PAGE).get_page(request.GET.get("halaman"))
    context = {"page": page, "form": form, "place": place_of(request.actor)}
    return render(request, "people/users.html", {**context, "is_narrow": form.has_changed()})


def _wanted(form: forms.UserFilterForm) -> queries.UserFilter:
    form.is_valid()
    cleaned = form.cleaned_data
    return queries.UserFilter(
        text=cleaned.get("cari", ""),
        role=cleaned.get("peran", ""),
        agency=cleaned.get("opd"),
        state=cleaned.get("keadaan", ""),
    )


@require_safe
def user(request: StaffRequest, user_id: int) -> HttpResponse:
    """One person: every role, from when to when."""
    place = place_of(request.actor)
    found = queries.user_page(request.actor, user_id, place.region)
    zone = queries.region(place.region).zone
    return render(request, "people/user.html", {"person": found, "place": place, "zone": zone})


@require_http_methods(GET_POST)
def invite(request: StaffRequest) -> HttpResponse:
    """Somebody new, with a first role; the mail brings them in."""
    code = place_of(request.actor).region
    queries.managed_region(request.actor, code, Action.MANAGE_USERS)
    page = FormPage(
        forms.InviteForm(
            typed(request),
            agencies=queries.open_agencies(request.actor, code),
            initial={"agency": request.GET.get("opd", "")},
        ),
        _("Undang pengguna"),
        _("Kami mengirim tautan untuk membuat kata sandi. Tautannya berlaku tiga hari."),
        _("Kirim undangan"),
        reverse("users"),
        _("Pengguna"),
    )

    def send(cleaned: dict[str, Any]) -> HttpResponse:
        agency_id = cleaned.pop("agency")
        invited = commands.invite_user(request.actor, code, agency_id=agency_id, **cleaned)
        return _invited(request, invited.pk, invited.email)

    return answered(request, page, send)


@require_http_methods(GET_POST)
def invite_assessor(request: StaffRequest) -> HttpResponse:
    """An assessor for one round; sees it once it is handed in."""
    code = place_of(request.actor).region
    queries.managed_region(request.actor, code, Action.MANAGE_USERS)
    open_rounds = rounds.round_list(request.actor).filter(region=code, is_recorded=False)
    page = FormPage(
        forms.AssessorForm(typed(request), rounds=open_rounds),
        _("Undang asesor"),
        _("Asesor melihat putarannya sesudah diserahkan, dan tidak boleh orang dari daerah ini."),
        _("Kirim undangan"),
        reverse("users"),
        _("Pengguna"),
    )

    def send(cleaned: dict[str, Any]) -> HttpResponse:
        place = rounds.round_page(request.actor, cleaned.pop("round")).place
        invited = commands.invite_assessor(request.actor, place, **cleaned)
        return _invited(request, invited.pk, invited.email)

    return answered(request, page, send)


def _invited(request: StaffRequest, user_id: int, email: str) -> HttpResponse:
    messages.success(request, _("Undangan dikirim ke %(email)s.") % {"email": email})
    return redirect("user", user_id)


@require_POST
def invite_again(request: StaffRequest, user_id: int) -> HttpResponse:
    """The invitation once more."""
    code = place_of(request.actor).region
    invited = commands.invite_again(request.actor, user_id, code)
    return _invited(request, invited.pk, invited.email)


@require_http_methods(GET_POST)
def give_grant(request: StaffRequest, user_id: int) -> HttpResponse:
    """Another role for somebody; with a last day, an acting one."""
    code = place_of(request.actor).region
    person = queries.managed_user(request.actor, user_id, code)
    page = FormPage(
        forms.GrantForm(typed(request), agencies=queries.open_agencies(request.actor, code)),
        _("Beri peran kepada %(name)s") % {"name": person.name},
        _("Kepala OPD dengan hari terakhir dicatat sebagai pelaksana tugas (Plt.)."),
        _("Beri peran"),
        reverse("user", args=[person.pk]),
        person.name,
    )

    def give(cleaned: dict[str, Any]) -> HttpResponse:
        abilities = frozenset(cleaned["capabilities"])
        grant = Grant(cleaned["role"], code, cleaned["agency"], None, abilities, cleaned["until"])
        commands.give_grant(request.actor, user_id, grant, since=cleaned["since"])
        messages.success(request, _("Peran diberikan."))
        return redirect("user", user_id)

    return answered(request, page, give)


@require_http_methods(GET_POST)
def move(request: StaffRequest, grant_id: int) -> HttpResponse:
    """The same role at another agency."""
    code = place_of(request.actor).region
    old = queries.managed_grant(request.actor, grant_id, code)
    page = FormPage(
        forms.Choosing(typed(request), agencies=queries.open_agencies(request.actor, code)),
        _("Pindahkan %(name)s") % {"name": old.user.name},
        _("Peran yang lama berakhir sekarang, yang sama mulai di perangkat daerah baru."),
        _("Pindahkan"),
        reverse("user", args=[old.user_id]),
        old.user.name,
    )

    def act(cleaned: dict[str, Any]) -> HttpResponse:
        commands.move_user(request.actor, grant_id, agency_id=cleaned["agency"])
        messages.success(request, _("Perannya sudah pindah."))
        return redirect("user", old.user_id)

    return answered(request, page, act)


@require_POST
def end_grant(request: StaffRequest, grant_id: int) -> HttpResponse:
    """End a role now."""
    grant = commands.end_grant(request.actor, grant_id)
    messages.success(request, _("Peran berakhir."))
    return redirect("user", grant.user_id)


@require_POST
def disable(request: StaffRequest, user_id: int) -> HttpResponse:
    """Close an account."""
    commands.disable_user(request.actor, user_id, place_of(request.actor).region)
    messages.success(request, _("Akun ditutup. Sesi dan kunci API-nya berakhir."))
    return redirect("user", user_id)


@require_POST
def enable(request: StaffRequest, user_id: int) -> HttpResponse:
    """Open it again."""
    commands.enable_user(request.actor, user_id, place_of(request.actor).region)
    messages.success(request, _("Akun dibuka kembali."))
    return redirect("user", user_id)
