"""Handing in: an agency's answers by its head, the whole by coordinator and executive; receipts."""

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bukti.areas.answers import commands, handover, queries, verification
from bukti.areas.assessment import queries as assessment
from bukti.areas.ledger import queries as ledger
from bukti.areas.people import queries as people
from bukti.areas.rounds import commands as rounds
from bukti.areas.rounds import queries as round_queries
from bukti.faces.web.formpage import FormPage, answered, typed
from bukti.faces.web.forms.rounds import ReopenForm
from bukti.faces.web.middleware import StaffRequest
from bukti.rules.errors import Reason, Refused
from bukti.rules.permissions import Action
from bukti.wording import formats, papers
from bukti.wording.words import refusal_sentence

if TYPE_CHECKING:
    from bukti.areas.answers.models import HandIn

GET_POST = ["GET", "HEAD", "POST"]
#: Letters and digits of a fingerprint in groups that a person can compare.
GROUP = 8


@require_http_methods(GET_POST)
def agency(request: StaffRequest, round_id: int, agency_id: int) -> HttpResponse:
    """What an agency's head would send, what stays behind and why; then the receipt."""
    if request.method == "POST":
        return _hand_in(request, round_id, agency_id)
    return _agency_page(request, round_id, agency_id)


def _hand_in(request: StaffRequest, round_id: int, agency_id: int) -> HttpResponse:
    """A refusal shows the page as it stands now, with the sentence on top."""
    try:
        hand_in = commands.hand_in_agency(
            request.actor, round_id, agency_id, confirmed=_confirmed(request)
        )
    except Refused as refused:
        return _agency_page(request, round_id, agency_id, refused)
    messages.success(request, _("Jawaban diajukan. Ini tanda terimanya."))
    return redirect("receipt", hand_in.pk)


def _confirmed(request: StaffRequest) -> frozenset[str]:
    """The codes that were on the page, once the box beside them is ticked."""
    return frozenset(request.POST.getlist("code")) if request.POST.get("sure") else frozenset()


def _agency_page(
    request: StaffRequest, round_id: int, agency_id: int, refused: Refused | None = None
) -> HttpResponse:
    page = handover.agency_hand_in(request.actor, round_id, agency_id, request.now)
    request.round = page.round
    context = {"page": page, "unready": [(line, _why(page, line)) for line in page.unready]}
    context["problem"] = refusal_sentence(refused) if refused else ""
    return render(request, "handin/agency.html", context, status=409 if refused else 200)


def _why(page: handover.AgencyHandIn, line: handover.Line) -> str:
    if line.obstacle is None:
        return ""
    facts = {}
    if line.obstacle is Reason.DEADLINE_PASSED:
        facts = {"deadline": queries.deadline_of(line.answer), "zone": page.round.zone}
    return refusal_sentence(Refused(line.obstacle, **facts))


# ---------- the whole ----------


@require_safe
def whole(request: StaffRequest, round_id: int) -> HttpResponse:
    """What would be handed in: to prepare by the coordinator, to sign by the executive."""
    return _whole_page(request, round_id)


def _whole_page(
    request: StaffRequest, round_id: int, refused: Refused | None = None
) -> HttpResponse:
    page = handover.whole_hand_in(request.actor, round_id, request.now)
    request.round = page.round
    result = assessment.result_page(request.actor, round_id)
    verified = next((layer for layer in result.layers if layer.layer == "verified"), None)
    context = {
        "page": page,
        "scored": verified.scored if verified else None,
        "digest": grouped(page.digest),
        "problem": refusal_sentence(refused) if refused else "",
    }
    return render(request, "handin/whole.html", context, status=409 if refused else 200)


def grouped(digest: str) -> list[str]:
    """A fingerprint in groups of eight."""
    return [digest[start : start + GROUP] for start in range(0, len(digest), GROUP)]


@require_POST
def prepare(request: StaffRequest, round_id: int) -> HttpResponse:
    """Put the whole before the executive."""
    try:
        verification.prepare_round(request.actor, round_id, confirmed=_confirmed(request))
    except Refused as refused:
        return _whole_page(request, round_id, refused)
    messages.success(request, _("Penyerahan disiapkan. Pimpinan sudah diberi tahu."))
    return redirect("hand_in", round_id)


@require_POST
def sign(request: StaffRequest, round_id: int) -> HttpResponse:
    """Hand in the whole as it was read, and show the receipt."""
    seen = request.POST.get("digest") or None
    hand_in = verification.sign_round(request.actor, round_id, seen=seen)
    messages.success(request, _("Putaran diserahkan. Ini tanda terimanya."))
    return redirect("receipt", hand_in.pk)


@require_http_methods(GET_POST)
def request_reopening(request: StaffRequest, round_id: int) -> HttpResponse:
    """Ask that a signed round be opened again."""
    round_ = request.round = round_queries.managed(
        request.actor, round_id, Action.REQUEST_REOPENING
    )
    page = FormPage(
        ReopenForm(typed(request), zone=round_.zone),
        _("Minta putaran dibuka kembali"),
        _("Pimpinan harus menyetujuinya. Sesudah itu keseluruhan disiapkan dan diserahkan lagi."),
        _("Minta dibuka kembali"),
        reverse("round", args=[round_id]),
        round_.title,
    )
    return answered(
        request, page, lambda new: _requested(request, round_id, new), "rounds/form.html"
    )


def _requested(request: StaffRequest, round_id: int, new: dict[str, Any]) -> HttpResponse:
    rounds.request_reopening(request.actor, round_id, reason=new["reason"], until=new["until"])
    messages.success(request, _("Permintaan tercatat. Pimpinan sudah diberi tahu."))
    return redirect("round", round_id)


@require_POST
def confirm_reopening(request: StaffRequest, round_id: int, reopening_id: int) -> HttpResponse:
    """The second person opens the round again."""
    round_ = rounds.confirm_reopening(request.actor, reopening_id)
    messages.success(request, _("Putaran dibuka kembali. Koordinator sudah diberi tahu."))
    return redirect("round", round_.pk)


# ---------- receipts ----------


@require_safe
def receipt(request: StaffRequest, hand_in_id: int) -> HttpResponse:
    """Who handed in what and when, where the log says so, and how anybody can check it."""
    hand_in = queries.hand_in_page(request.actor, hand_in_id)
    request.round = hand_in.round
    context = {
        "hand_in": hand_in,
        "round": hand_in.round,
        "by": people.names({hand_in.by_id}).get(hand_in.by_id, ""),
        "digest": grouped(hand_in.digest),
        **_log_of(hand_in),
    }
    return render(request, "handin/receipt.html", context)


def _log_of(hand_in: "HandIn") -> dict[str, Any]:
    """Tree, key and the first checkpoint that covers the entry; None until it is signed."""
    code = hand_in.region_id
    tree, keys = ledger.tree_of(code), ledger.keys_of(code)
    index = hand_in.entry_index
    return {
        "tree": tree,
        "key": grouped(keys[-1].fingerprint) if keys else [],
        "checkpoint": None if index is None else ledger.checkpoint_covering(code, index),
    }


@require_safe
def receipt_proof(request: StaffRequest, hand_in_id: int) -> HttpResponse:
    """The entry with its proof, as a text that anybody can check without Bukti."""
    hand_in = queries.hand_in_page(request.actor, hand_in_id)
    proof = _proof(hand_in)
    if proof is None:
        messages.warning(request, _("Titik periksa belum ditandatangani. Coba lagi sebentar lagi."))
        return redirect("receipt", hand_in_id)
    return _download(proof.encode(), "text/plain; charset=utf-8", f"{_name(hand_in)}.tlog-proof")


def _proof(hand_in: "HandIn") -> str | None:
    index = hand_in.entry_index
    return None if index is None else ledger.proof_of(hand_in.region_id, index)


def _name(hand_in: "HandIn") -> str:
    return f"tanda-terima-{hand_in.pk}"


def _download(content: bytes, media_type: str, name: str) -> HttpResponse:
    return HttpResponse(
        content,
        content_type=media_type,
        headers={"Content-Disposition": formats.content_disposition(name)},
    )


@require_safe
def receipt_pdf(request: StaffRequest, hand_in_id: int) -> HttpResponse:
    """The receipt on one page of paper."""
    hand_in = queries.hand_in_page(request.actor, hand_in_id)
    pdf = papers.receipt_pdf(_paper(hand_in))
    return _download(pdf, "application/pdf", f"{_name(hand_in)}.pdf")


def _paper(hand_in: "HandIn") -> papers.ReceiptPaper:
    round_, log = hand_in.round, _log_of(hand_in)
    who = hand_in.agency.name if hand_in.agency else round_.region.name
    office = people.names({hand_in.by_id}).get(hand_in.by_id, "")
    count = formats.integer(len(hand_in.answered))
    proof = _proof(hand_in) or _("Titik periksa belum ditandatangani saat lembar ini dicetak.")
    return papers.ReceiptPaper(
        language="en" if (get_language() or "id").startswith("en") else "id",
        made=hand_in.at,
        title=_("Tanda terima"),
        region=round_.region.name,
        say=_("%(who)s menyerahkan %(count)s jawaban untuk %(round)s.")
        % {"who": who, "count": count, "round": round_.title},
        facts=(
            papers.Fact(_("Diserahkan oleh"), office),
            papers.Fact(_("Waktu"), formats.date_time(hand_in.at, round_.zone)),
            papers.Fact(_("Jawaban"), count),
            papers.Fact(_left_out(hand_in), formats.integer(len(hand_in.unanswered))),
            papers.Fact(_("Sidik isi"), " ".join(grouped(hand_in.digest))),
        ),
        ledger=_log_facts(hand_in, log),
        proof=tuple(proof.splitlines()),
        code=f"{settings.PUBLIC_ADDRESS}{reverse('receipt', args=[hand_in.pk])}",
        code_say=_("Buka tanda terima ini di Bukti, dan unduh buktinya untuk diperiksa sendiri."),
    )


def _left_out(hand_in: "HandIn") -> str:
    """What an agency leaves unanswered; what the whole leaves undecided."""
    return _("Tanpa jawaban") if hand_in.agency else _("Tanpa keputusan")


def _log_facts(hand_in: "HandIn", log: dict[str, Any]) -> tuple[papers.Fact, ...]:
    checkpoint = log["checkpoint"]
    signed = formats.date_time(checkpoint.at, hand_in.round.zone) if checkpoint else "–"
    return (
        papers.Fact(_("Buku catatan"), log["tree"].origin if log["tree"] else "–"),
        papers.Fact(_("Entri nomor"), str(hand_in.entry_index)),
        papers.Fact(_("Titik periksa"), signed),
        papers.Fact(_("Kunci"), " ".join(log["key"]) or "–"),
    )
