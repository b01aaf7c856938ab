"""A dossier as a tagged PDF: what `wording.papers` prints, worded in Indonesian."""

from collections import Counter
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import IO

from django.utils import translation
from django.utils.translation import gettext as _

from bukti.areas.dossier.contents import Dossier, Entry, Evidence, LayerScore
from bukti.areas.dossier.reading import Reading
from bukti.rules.pack import Component, Kind
from bukti.rules.scoring import gaps
from bukti.rules.workflow import AnswerState
from bukti.wording import charts, formats, papers
from bukti.wording.words import ANSWER_STATES, LAYERS, MARKS, ROUND_STATES

#: The office's language: the same dossier is the same for whoever asks.
LANGUAGE = "id"
DIGEST_SHOWN = 16


def render(reading: Reading, stream: IO[bytes], tell: Callable[[int, int], None]) -> None:
    """Print into the stream. Raises PaperFailed."""
    tell(0, 1)
    stream.write(printed(reading.dossier))
    tell(1, 1)


def printed(dossier: Dossier) -> bytes:
    """The PDF; the same dossier gives the same bytes. Raises PaperFailed."""
    with translation.override(LANGUAGE):
        return papers.dossier_pdf(paper(dossier))


def paper(dossier: Dossier) -> papers.DossierPaper:
    """The dossier, worded."""
    round_, main = dossier.round, dossier.main
    index = _index(main)
    return papers.DossierPaper(
        language=LANGUAGE,
        made=dossier.checkpoint.at,
        title=round_.title,
        subtitle=_("Berkas evaluasi %(year)s") % {"year": round_.year},
        region=round_.region_name,
        status=_status(dossier),
        index=formats.number(index),
        index_of=_index_words(dossier),
        index_value=None if index is None else float(index),
        facts=tuple(_facts(dossier)),
        summary=_summary(dossier),
        components=_component_table(dossier),
        pictures=tuple(_pictures(dossier)),
        parts=tuple(_parts(dossier)),
        proof_say=_(
            "Setiap jawaban dan dokumen di berkas ini tercatat dalam catatan bukti daerah, yang "
            "hanya dapat bertambah. Siapa pun dapat memeriksanya tanpa jaringan: buka arsip ZIP "
            "berkas ini dan jalankan verify.py dengan sidik jari kunci yang diminta langsung "
            "kepada daerah."
        ),
        proof=tuple(_proof(dossier)),
    )


def _index(layer: LayerScore) -> Decimal | None:
    scored = layer.scored
    return scored.so_far if scored.index is None else scored.index


def _layer_word(layer: LayerScore) -> str:
    return str(LAYERS[layer.layer])


def _when(dossier: Dossier, moment: object) -> str:
    return formats.date_time(moment, dossier.round.zone) if moment else formats.NOTHING  # type: ignore[arg-type]


def _status(dossier: Dossier) -> str:
    if dossier.round.signed_at:
        return _("Diserahkan %(at)s") % {"at": _when(dossier, dossier.round.signed_at)}
    return _("Belum diserahkan, keadaan %(at)s") % {"at": _when(dossier, dossier.checkpoint.at)}


def _index_words(dossier: Dossier) -> str:
    main, full = dossier.main, formats.number(dossier.pack.scale.max)
    facts = {"full": full, "layer": _layer_word(main).lower()}
    if main.scored.index is not None:
        return _("dari %(full)s, %(layer)s") % facts
    if main.scored.so_far is None:
        return _("belum ada nilai, dari %(full)s") % facts
    return _("sejauh ini, dari %(full)s, %(layer)s") % facts


def _facts(dossier: Dossier) -> Iterator[papers.Fact]:
    round_ = dossier.round
    yield papers.Fact(_("Keadaan"), str(ROUND_STATES[round_.state]))
    yield papers.Fact(
        _("Instrumen"),
        f"{dossier.pack.title.id} ({round_.instrument} {round_.instrument_version})",
    )
    yield papers.Fact(_("Skema"), dossier.scheme.title.id)
    yield papers.Fact(_("Pertanyaan"), formats.integer(len(dossier.entries)))
    yield papers.Fact(_("Dokumen"), formats.integer(len(dossier.files)))
    if round_.signed_at:
        yield papers.Fact(_("Diserahkan oleh"), round_.signed_by or formats.NOTHING)
    yield papers.Fact(_("Titik periksa"), _when(dossier, dossier.checkpoint.at))


def _summary(dossier: Dossier) -> str:
    counts = Counter(entry.state for entry in dossier.entries)
    said = [
        _("Dari %(asked)s pertanyaan, %(accepted)s sudah diterima dan %(skipped)s tidak berlaku.")
        % {
            "asked": formats.integer(len(dossier.entries)),
            "accepted": formats.integer(counts[AnswerState.ACCEPTED]),
            "skipped": formats.integer(counts[AnswerState.NOT_APPLICABLE]),
        }
    ]
    known = [layer for layer in dossier.layers if _index(layer) is not None]
    if known:
        listed = ", ".join(
            f"{_layer_word(layer).lower()} {formats.number(_index(layer))}" for layer in known
        )
        said.append(_("Indeks menurut lapisan: %(layers)s.") % {"layers": listed})
    if dossier.before and dossier.before.index is not None:
        said.append(
            _("Indeks %(year)s: %(index)s.")
            % {"year": dossier.before.year, "index": formats.number(dossier.before.index)}
        )
    return " ".join(said)


def _components(dossier: Dossier) -> list[Component]:
    weighed = {part.key for part in dossier.main.scored.components}
    return [component for component in dossier.pack.components if component.key in weighed]


def _name(component: Component) -> str:
    return f"{component.letter} {component.title.id}"


def _component_table(dossier: Dossier) -> charts.Table:
    of_layer = [{part.key: part for part in layer.scored.components} for layer in dossier.layers]
    rows = []
    for component in _components(dossier):
        parts = [parts[component.key] for parts in of_layer]
        shown = [part.so_far if part.published is None else part.published for part in parts]
        rows.append(
            (
                _name(component),
                f"{formats.plain(parts[0].weight)}%",
                *(formats.number(value) for value in shown),
            )
        )
    head = (_("Komponen"), _("Bobot"), *(_layer_word(layer) for layer in dossier.layers))
    return charts.Table(_("Nilai menurut komponen"), head, tuple(rows))


def _pictures(dossier: Dossier) -> Iterator[papers.Picture]:
    components, main = _components(dossier), dossier.main
    now = {part.key: part.so_far for part in main.scored.components}
    if len(components) >= 3 and any(value is not None for value in now.values()):
        yield _radar(dossier, components, now)
    layers = tuple(charts.Layer(_layer_word(layer), _index(layer)) for layer in dossier.layers)
    if sum(layer.value is not None for layer in layers) > 1:
        figure = charts.scale(layers, full=int(dossier.pack.scale.max))
        yield papers.Picture(
            _("Indeks menurut lapisan"),
            _("Lapisan tidak pernah saling menimpa."),
            figure.paper,
            figure.alt,
        )
    index = _index(main)
    if index is not None:
        yield _waterfall(dossier, index)


def _radar(
    dossier: Dossier, components: list[Component], now: dict[str, Decimal | None]
) -> papers.Picture:
    before = dossier.before.components if dossier.before else {}
    axes = tuple(
        charts.Axis(component.title.id, now[component.key], before.get(component.key))
        for component in components
    )
    year = str(dossier.before.year) if dossier.before else ""
    figure = charts.radar(
        charts.Radar(
            axes, now=str(dossier.round.year), before=year, full=int(dossier.pack.scale.max)
        )
    )
    say = _("Nilai %(layer)s.") % {"layer": _layer_word(dossier.main).lower()}
    return papers.Picture(_("Komponen"), say, figure.paper, figure.alt)


def _waterfall(dossier: Dossier, index: Decimal) -> papers.Picture:
    main = dossier.main.scored
    asked = Counter(entry.question.component for entry in dossier.entries)
    parts = {part.key: part for part in main.components}
    steps = tuple(
        charts.Step(
            _name(dossier.pack.component(gap.component)),
            gap.gap,
            parts[gap.component].weight,
            parts[gap.component].so_far,
            asked[gap.component],
        )
        for gap in gaps(main, dossier.pack, dossier.scheme)
        if gap.gap is not None
    )
    label = _("Indeks %(year)s") % {"year": dossier.round.year}
    figure = charts.waterfall(charts.Waterfall(index, label, steps, full=dossier.pack.scale.max))
    return papers.Picture(
        _("Poin yang masih dapat diraih"),
        _("Bobot komponen dikali jarak ke nilai penuh."),
        figure.paper,
        figure.alt,
    )


def _parts(dossier: Dossier) -> Iterator[papers.PartPaper]:
    weights = {part.key: part.weight for part in dossier.main.scored.components}
    for component in dossier.pack.components:
        inside = [e for e in dossier.entries if e.question.component == component.key]
        if not inside:
            continue
        weight = weights.get(component.key)
        say = (
            _("Tidak dihitung dalam skema ini.")
            if weight is None
            else _("Bobot %(weight)s%%, %(asked)s pertanyaan.")
            % {"weight": formats.plain(weight), "asked": formats.integer(len(inside))}
        )
        questions = tuple(_question(dossier, entry) for entry in inside)
        yield papers.PartPaper(_name(component), say, questions)


def _question(dossier: Dossier, entry: Entry) -> papers.QuestionPaper:
    return papers.QuestionPaper(
        code=entry.question.code,
        title=entry.question.title.id,
        text=entry.question.text,
        agency=entry.agency or _("Belum dibagikan"),
        state=str(ANSWER_STATES[entry.state]),
        levels=tuple(_levels(entry)),
        value=_value(entry),
        explanation=entry.claim.explanation,
        evidence=tuple(_evidence_line(cited) for cited in entry.evidence),
        remarks=tuple(
            papers.Remark(
                f"{remark.by or formats.NOTHING}, {_when(dossier, remark.at)}: "
                f"{MARKS[remark.kind]}",
                remark.note,
            )
            for remark in entry.remarks
            if remark.note
        ),
    )


def _levels(entry: Entry) -> Iterator[papers.LevelLine]:
    is_mean = entry.question.kind is Kind.SURVEY_MEAN
    claimed = entry.claim.value if is_mean else entry.claim.level
    shown = [
        (_("Dinyatakan"), None if claimed is None else Decimal(claimed)),
        (_("Terverifikasi"), entry.verified),
    ]
    shown += [
        (str(LAYERS[layer]), value)
        for layer, value in (("stage_one", entry.stage_one), ("stage_two", entry.stage_two))
        if value is not None
    ]
    for name, value in shown:
        yield papers.LevelLine(name, _level_words(entry, value), _figure(value))


def _figure(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


def _level_words(entry: Entry, value: Decimal | None) -> str:
    """The level with its name; a mean with two decimals."""
    named = {level.level: level.title for level in entry.question.levels}
    if value is None:
        return formats.NOTHING
    if value == value.to_integral_value() and int(value) in named:
        return f"{int(value)} · {named[int(value)]}"
    return formats.number(value)


def _value(entry: Entry) -> str:
    """The number asked for with its unit, how many answered, a short text."""
    claim, parts = entry.claim, []
    if claim.value is not None:
        unit = entry.question.unit or ""
        parts.append(f"{formats.plain(claim.value)}{formats.TIE}{unit}".strip())
    if claim.respondents:
        parts.append(_("%(count)s responden") % {"count": formats.integer(claim.respondents)})
    return "; ".join([*parts, *filter(None, [claim.text])])


def _evidence_line(cited: Evidence) -> papers.EvidenceLine:
    about = [
        cited.number,
        formats.date_long(cited.date) if cited.date else "",
        cited.filename,
        formats.size(cited.size),
    ]
    title = f"{cited.title}: {cited.note}" if cited.note else cited.title
    return papers.EvidenceLine(
        title, ", ".join(filter(None, about)), cited.pages, cited.sha256[:DIGEST_SHOWN]
    )


def _proof(dossier: Dossier) -> Iterator[papers.Fact]:
    mark = dossier.checkpoint
    yield papers.Fact(_("Catatan bukti"), mark.origin)
    yield papers.Fact(_("Ukuran"), formats.integer(mark.size))
    yield papers.Fact(_("Akar"), mark.root)
    yield papers.Fact(_("Ditandatangani"), _when(dossier, mark.at))
    yield papers.Fact(_("Sidik jari kunci"), mark.fingerprint)
    yield papers.Fact(_("Instrumen, SHA-256"), dossier.round.instrument_sha256)
    yield papers.Fact(_("Versi Bukti"), dossier.version)
