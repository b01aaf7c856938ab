"""One question: read, typed, saved, compared, commented, supported by evidence."""

from typing import TYPE_CHECKING, cast

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from bukti.areas.answers import commands, page, queries, verification
from bukti.areas.evidence import commands as evidence
from bukti.areas.evidence import queries as vault
from bukti.areas.evidence.types import ACCEPT
from bukti.areas.evidence.vault import ReceivedFile
from bukti.faces.web.background import is_background
from bukti.faces.web.forms.answers import CiteForm, ClaimForm
from bukti.faces.web.middleware import StaffRequest
from bukti.rules.errors import Reason, Refused
from bukti.rules.permissions import Action
from bukti.wording import formats

if TYPE_CHECKING:
    from bukti.areas.answers.models import Answer


@require_safe
def question(request: StaffRequest, round_id: int, code: str) -> HttpResponse:
    """The question with its answer, to fill in or to read."""
    return _question(request, round_id, code)


def _question(
    request: StaffRequest,
    round_id: int,
    code: str,
    form: ClaimForm | None = None,
    status: int = 200,
) -> HttpResponse:
    shown = page.question_page(request.actor, round_id, code, request.now)
    request.round = shown.answer.round
    context = {
        "page": shown,
        "form": form or _filled(shown.answer),
        "accept": ACCEPT,
        "upload_limit": settings.UPLOAD_LIMIT,
        "upload_hint": _("PDF, gambar, atau tabel sampai %(limit)s.")
        % {"limit": formats.size(settings.UPLOAD_LIMIT)},
        "saved": _saved_sentence(shown.answer) if shown.answer.version else "",
    }
    return render(request, "answers/question.html", context, status=status)


def _filled(answer: "Answer") -> ClaimForm:
    claim = answer.claim
    return ClaimForm(
        initial={
            "version": answer.version,
            "level": claim.level,
            "value": formats.plain(claim.value) if claim.value is not None else "",
            "respondents": claim.respondents,
            "text": claim.text,
            "explanation": claim.explanation,
        }
    )


@require_POST
def save(request: StaffRequest, round_id: int, code: str) -> HttpResponse:
    """Keep what was typed: JSON for the page that saves as one types, the page again without it."""
    form = ClaimForm(request.POST)
    if not form.is_valid():
        queries.by_code(request.actor, round_id, code)
        return _not_saved(request, round_id, code, form)
    key = request.headers.get("Idempotency-Key") or None
    # The command asks who may see the answer; to ask twice was a third of a save's time.
    answer_id = queries.id_of(round_id, code)
    saved = commands.save_answer(
        request.actor, answer_id, form.claim(), base=form.cleaned_data["version"], key=key
    )
    return _saved(request, saved)


def _saved(request: StaffRequest, answer: "Answer") -> HttpResponse:
    sentence = _saved_sentence(answer)
    if is_background(request):
        return JsonResponse({"version": answer.version, "saved": sentence})
    messages.success(request, sentence)
    return redirect("question", answer.round_id, answer.code)


def _saved_sentence(answer: "Answer") -> str:
    clock = formats.time_of_day(answer.updated_at, answer.round.zone)
    return _("Tersimpan %(clock)s") % {"clock": clock}


def _not_saved(request: StaffRequest, round_id: int, code: str, form: ClaimForm) -> HttpResponse:
    if is_background(request):
        return render(request, "answers/_errors.html", {"form": form}, status=422)
    return _question(request, round_id, code, form, status=422)


@require_safe
def history(request: StaffRequest, round_id: int, code: str) -> HttpResponse:
    """Everything that happened to the answer."""
    answer, lines = page.history_page(request.actor, round_id, code)
    request.round = answer.round
    context = {"answer": answer, "question": queries.question_of(answer), "lines": lines}
    return render(request, "answers/history.html", context)


@require_safe
def compare(request: StaffRequest, round_id: int, code: str, number: int) -> HttpResponse:
    """An old version beside the newest."""
    shown = page.comparison(request.actor, round_id, code, number)
    request.round = shown.answer.round
    return render(request, "answers/version.html", {"page": shown})


@require_POST
def restore(request: StaffRequest, round_id: int, code: str, number: int) -> HttpResponse:
    """Make an old version the newest."""
    answer = queries.by_code(request.actor, round_id, code)
    base = int(request.POST.get("version") or answer.version)
    commands.restore_version(request.actor, answer.pk, number, base=base)
    messages.success(request, _("Versi %(number)s dipulihkan.") % {"number": number})
    return redirect("question", round_id, code)


@require_POST
def comment(request: StaffRequest, round_id: int, code: str) -> HttpResponse:
    """Say something beside the answer."""
    answer = queries.by_code(request.actor, round_id, code)
    commands.comment_answer(request.actor, answer.pk, request.POST.get("text", ""))
    messages.success(request, _("Komentar terkirim."))
    return redirect("question", round_id, code)


@require_POST
def attach(request: StaffRequest, round_id: int, code: str) -> HttpResponse:
    """Keep uploaded files and cite them; in the background one file, answered with its row."""
    answer = queries.by_code(request.actor, round_id, code)
    files = cast(list[ReceivedFile], request.FILES.getlist("file"))
    if problem := getattr(request, "upload_problem", None):
        raise problem
    if not files:
        raise Refused(Reason.FILE_EMPTY)
    citations = [
        commands.attach_file(
            request.actor, answer.pk, file.received, evidence.Facts(title=file.name or "")
        )
        for file in files
    ]
    if is_background(request):
        return _citation_row(request, answer, citations[0].pk)
    messages.success(request, _("Berkas tersimpan. Sebutkan halamannya supaya mudah diperiksa."))
    return redirect("question", round_id, code)


def _citation_row(request: StaffRequest, answer: "Answer", citation_id: int) -> HttpResponse:
    citation = vault.citations_of("answer", [answer.pk]).get(pk=citation_id)
    context = {"citation": citation, "answer": answer, "may_write": True}
    return render(request, "answers/_citation.html", context)


@require_safe
def archive(request: StaffRequest, round_id: int, code: str) -> HttpResponse:
    """Documents already in the vault, to cite one without uploading it again."""
    answer = queries.managed(request.actor, round_id, code, Action.UPLOAD_EVIDENCE)
    request.round = answer.round
    words = request.GET.get("cari", "")
    found = vault.document_list(request.actor, answer.round.region_id, words=words)
    context = {
        "answer": answer,
        "question": queries.question_of(answer),
        "words": words,
        "revisions": found[:50],
    }
    return render(request, "answers/archive.html", context)


@require_POST
def cite(request: StaffRequest, round_id: int, code: str) -> HttpResponse:
    """Cite a document, or change pages and note of a citation."""
    answer = queries.by_code(request.actor, round_id, code)
    form = CiteForm(request.POST)
    if not form.is_valid():
        raise Refused(Reason.PAGES_NOT_UNDERSTOOD, text=request.POST.get("pages", ""))
    typed = form.cleaned_data
    commands.cite_revision(
        request.actor, answer.pk, typed["revision"], pages=typed["pages"], note=typed["note"]
    )
    messages.success(request, _("Kutipan tersimpan."))
    return redirect("question", round_id, code)


@require_POST
def uncite(request: StaffRequest, round_id: int, code: str, citation_id: int) -> HttpResponse:
    """Take a citation back."""
    answer = queries.by_code(request.actor, round_id, code)
    commands.uncite(request.actor, answer.pk, citation_id)
    messages.success(request, _("Kutipan dilepas. Dokumennya tetap ada di arsip."))
    return redirect("question", round_id, code)


@require_POST
def skip(request: StaffRequest, round_id: int, code: str) -> HttpResponse:
    """The coordinator decides that the question does not apply."""
    answer = queries.by_code(request.actor, round_id, code)
    verification.skip_question(request.actor, answer.pk, reason=request.POST.get("text", ""))
    messages.success(request, _("Pertanyaan dinyatakan tidak berlaku."))
    return redirect("question", round_id, code)


@require_POST
def unskip(request: StaffRequest, round_id: int, code: str) -> HttpResponse:
    """It applies after all."""
    answer = queries.by_code(request.actor, round_id, code)
    verification.unskip_question(request.actor, answer.pk)
    messages.success(request, _("Pertanyaan berlaku lagi."))
    return redirect("question", round_id, code)
