"""The dossiers of a round: ask for one, see how far it is, have it."""

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from bukti.areas.dossier import commands, queries
from bukti.areas.dossier.commands import Format
from bukti.areas.rounds import queries as rounds
from bukti.faces.web.background import is_background
from bukti.faces.web.evidence import attachment
from bukti.faces.web.middleware import StaffRequest
from bukti.rules.errors import Reason, Refused
from bukti.wording.words import refusal_sentence

SHOWN = 20
MEDIA_TYPES = {
    Format.ZIP: "application/zip",
    Format.PDF: "application/pdf",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@require_http_methods(["GET", "POST"])
def dossiers(request: StaffRequest, round_id: int) -> HttpResponse:
    """What has been made of a round, and a form to ask for more."""
    request.round = rounds.round_page(request.actor, round_id)
    if request.method == "POST" and request.POST.get("format") in Format.values:
        form = Format(request.POST["format"])
        export = commands.make_dossier(request.actor, round_id, form)
        messages.success(request, _("Berkas sedang disusun. Halaman ini boleh ditinggalkan."))
        return redirect("dossier", export.pk)
    context = {
        "round": request.round,
        "exports": queries.export_list(request.actor, request.round)[:SHOWN],
    }
    return render(request, "dossier/dossiers.html", context)


@require_safe
def state(request: StaffRequest, export_id: int) -> HttpResponse:
    """One dossier: how far, or why not, or where it is; for our script only that part."""
    export = queries.export_page(request.actor, export_id)
    request.round = export.round
    context = {
        "export": export,
        "round": export.round,
        "name": queries.file_name(export),
        "problem": problem_sentence(export.problem) if export.problem else "",
    }
    template = "dossier/_state.html" if is_background(request) else "dossier/state.html"
    return render(request, template, context)


def problem_sentence(problem: str) -> str:
    """Why it failed, worded when it is read."""
    reason = Reason(problem)
    return refusal_sentence(Refused(reason))


@require_safe
def download(request: StaffRequest, export_id: int) -> FileResponse:
    """The file itself, as an attachment."""
    export, stream = queries.opened(request.actor, export_id)
    name = queries.file_name(export)
    return attachment(stream, name, MEDIA_TYPES[Format(export.format)])
