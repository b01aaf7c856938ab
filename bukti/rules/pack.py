"""Instrument packs: what an evaluation asks, and how it is weighed, as frozen data.

A pack is one version of one instrument: components (for SPBE and Pemdi: aspects), dimensions,
questions and schemes. It is written in YAML (`bukti/packs/README.md`), read by
`areas/instruments/loader.py`, checked here, and frozen as a canonical document with its SHA-256.
Weights are percent. Texts are Indonesian; titles also English.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Any, Protocol, TypeVar

from bukti.rules import packcheck
from bukti.rules.shape import Node, Problem, Reader, Told, node_of, write

SLUG = r"[a-z][a-z0-9]*(?:[_-][a-z0-9]+)*"
CODE = r"[A-Za-z0-9][A-Za-z0-9._-]{0,31}"


class Status(StrEnum):
    """How sure a text, a weight or a rule is."""

    OFFICIAL = "resmi"
    REPORTED = "dilaporkan"
    RECONSTRUCTED = "rekonstruksi"


class Kind(StrEnum):
    """How a question is answered. Whatever the kind, what is scored is a value on the scale."""

    LEVEL = "level"
    YES_NO = "yes_no"
    NUMBER = "number"
    PERCENT = "percent"
    RATIO = "ratio"
    EXTERNAL = "external"
    COUNT = "count"
    SURVEY_MEAN = "survey_mean"
    TEXT = "text"


@dataclass(frozen=True)
class Words:
    """The same words in Indonesian and English."""

    id: Annotated[str, Told("Dalam bahasa Indonesia")]
    en: Annotated[str, Told("In English")]


@dataclass(frozen=True)
class Scale:
    """The scale of a question's value; `step` null = any value between."""

    min: Annotated[Decimal, Told("Nilai terendah")]
    max: Annotated[Decimal, Told("Nilai tertinggi")]
    step: Annotated[Decimal | None, Told("Jarak antarnilai; null = desimal bebas")] = None


@dataclass(frozen=True)
class Dimension:
    """A dimension: the second axis beside the components."""

    key: Annotated[str, Told("Kunci, unik dalam paket", pattern=SLUG)]
    short: Annotated[str, Told("Singkatan untuk tabel sempit")]
    title: Annotated[Words, Told("Judul")]


@dataclass(frozen=True)
class Domain:
    """A domain groups components (SPBE)."""

    key: Annotated[str, Told("Kunci, unik dalam paket", pattern=SLUG)]
    title: Annotated[Words, Told("Judul")]


@dataclass(frozen=True)
class Component:
    """A component of the index; in SPBE and Pemdi an aspect."""

    key: Annotated[str, Told("Kunci, unik dalam paket", pattern=SLUG)]
    letter: Annotated[str, Told("Huruf atau nomor yang dicetak")]
    title: Annotated[Words, Told("Judul")]
    domain: Annotated[str | None, Told("Kunci domain, bila ada", pattern=SLUG)] = None
    of_what_applies: Annotated[
        bool, Told("Pertanyaan yang tidak ada dalam tabel nilai dianggap tidak berlaku")
    ] = False


@dataclass(frozen=True)
class Level:
    """One level of a question and what must be true for it."""

    level: Annotated[int, Told("Tingkat")]
    title: Annotated[str, Told("Nama singkat tingkat")]
    text: Annotated[str, Told("Kriteria tingkat ini")]


@dataclass(frozen=True)
class Question:
    """One question: what is asked, how it is answered and what proves it."""

    code: Annotated[str, Told("Kode, unik dalam paket", pattern=CODE)]
    title: Annotated[Words, Told("Judul singkat")]
    text: Annotated[str, Told("Pertanyaan lengkap, atau pernyataan survei")]
    kind: Annotated[Kind, Told("Jenis jawaban")]
    guidance: Annotated[str | None, Told("Penjelasan: tentang apa, apa yang dihitung")] = None
    group: Annotated[str | None, Told("Kelompok di dalam komponen")] = None
    dimension: Annotated[str | None, Told("Kunci dimensi; null = lintas dimensi")] = None
    subdimension: Annotated[str | None, Told("Nama subdimensi")] = None
    unit: Annotated[str | None, Told("Satuan")] = None
    levels: Annotated[tuple[Level, ...], Told("Tingkat dari terendah ke tertinggi")] = ()
    answers: Annotated[tuple[str, ...], Told("Skala jawaban survei, dari terendah")] = ()
    evidence: Annotated[tuple[str, ...], Told("Dokumen yang membuktikan")] = ()
    answered_by: Annotated[tuple[str, ...], Told("Jenis perangkat daerah penjawab")] = ()
    status: Annotated[Status, Told("Status teks dan kriteria")] = Status.RECONSTRUCTED
    component: Annotated[str, Told("Kunci komponen, dari bagiannya", derived=True)] = ""


@dataclass(frozen=True)
class Part:
    """The questions of one component, in order; one file of a pack."""

    component: Annotated[str, Told("Kunci komponen", pattern=SLUG)]
    questions: Annotated[tuple[Question, ...], Told("Pertanyaan, berurutan")]


@dataclass(frozen=True)
class Rounding:
    """Decimals (half-up) at each layer; null = not rounded there."""

    index: Annotated[int, Told("Desimal indeks")]
    component: Annotated[int | None, Told("Desimal komponen sebelum masuk indeks")] = None
    part: Annotated[int | None, Told("Desimal tiap bagian berbobot sebelum dijumlah")] = None


@dataclass(frozen=True)
class Band:
    """A predicate and the unrounded index from which it holds."""

    start: Annotated[Decimal, Told("Indeks tanpa pembulatan, mulai dari", name="from")]
    title: Annotated[Words, Told("Predikat")]


@dataclass(frozen=True)
class Scheme:
    """How values become an index: weights in percent, rounding, predicates."""

    key: Annotated[str, Told("Kunci, unik dalam paket", pattern=SLUG)]
    title: Annotated[Words, Told("Judul")]
    status: Annotated[Status, Told("Status bobot dan aturan")]
    rounding: Annotated[Rounding, Told("Pembulatan")]
    source: Annotated[str | None, Told("Sumber bobot dan aturan")] = None
    groups: Annotated[tuple[str, ...], Told("Nilai kolom `group` yang memilih skema ini")] = ()
    weights: Annotated[Mapping[str, Decimal], Told("Persen per komponen")] = field(
        default_factory=dict
    )
    question_weights: Annotated[Mapping[str, Decimal], Told("Persen per kode")] = field(
        default_factory=dict
    )
    bands: Annotated[tuple[Band, ...], Told("Predikat, dari terendah")] = ()
    assumed: Annotated[
        Mapping[str, Decimal], Told("Nilai sementara per kode sampai nilainya diketahui")
    ] = field(default_factory=dict)
    cumulative: Annotated[bool, Told("Tingkat hanya sah bila semua di bawahnya sah")] = False


@dataclass(frozen=True)
class Pack:
    """One version of one instrument."""

    key: Annotated[str, Told("Kunci paket, sama dengan nama foldernya", pattern=SLUG)]
    version: Annotated[str, Told("Versi; paket yang diperbaiki adalah versi baru", pattern=CODE)]
    title: Annotated[Words, Told("Judul")]
    status: Annotated[Status, Told("Status daftar pertanyaan")]
    source: Annotated[str, Told("Dari mana, dalam satu kalimat")]
    scale: Annotated[Scale, Told("Skala nilai")]
    components: Annotated[tuple[Component, ...], Told("Komponen, berurutan")]
    schemes: Annotated[tuple[Scheme, ...], Told("Skema penilaian")]
    dimensions: Annotated[tuple[Dimension, ...], Told("Dimensi")] = ()
    domains: Annotated[tuple[Domain, ...], Told("Domain")] = ()
    survey_scale: Annotated[tuple[str, ...], Told("Skala jawaban survei bersama")] = ()
    parts: Annotated[tuple[Part, ...], Told("Berkas bagian")] = ()

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """Every question, in order of parts."""
        return tuple(question for part in self.parts for question in part.questions)

    @cached_property
    def _by_code(self) -> Mapping[str, Question]:
        return {question.code: question for question in self.questions}

    def question(self, code: str) -> Question:
        """The question of this code; KeyError where there is none."""
        return self._by_code[code]

    def has_question(self, code: str) -> bool:
        """Whether a question has this code."""
        return code in self._by_code

    def questions_of(self, component: str) -> tuple[Question, ...]:
        """The questions of a component, in order; none for an unknown one."""
        return tuple(
            q for part in self.parts if part.component == component for q in part.questions
        )

    def component(self, key: str) -> Component:
        """The component of this key; KeyError where there is none."""
        return _named(self.components, key)

    def dimension(self, key: str) -> Dimension:
        """The dimension of this key; KeyError where there is none."""
        return _named(self.dimensions, key)

    def domain(self, key: str) -> Domain:
        """The domain of this key; KeyError where there is none."""
        return _named(self.domains, key)

    def scheme(self, key: str) -> Scheme:
        """The scheme of this key; KeyError where there is none."""
        return _named(self.schemes, key)


@dataclass(frozen=True)
class Takes:
    """Questions taken from another pack instead of own parts: all of these codes, or all but."""

    source: Annotated[str, Told("Kunci paket asal", name="from", pattern=SLUG)]
    codes: Annotated[tuple[str, ...], Told("Kode yang diambil")] = ()
    without: Annotated[tuple[str, ...], Told("Kode yang tidak diambil")] = ()


class PackProblems(Exception):
    """A document is no pack. `problems` holds all that is wrong, in order of file and line."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = sorted(problems, key=lambda problem: (problem.file, problem.line))
        super().__init__(
            "\n".join(f"{p.file}:{p.line}: {p.path}: {p.message}" for p in self.problems)
        )


def parse_pack(document: Node) -> Pack:
    """The pack of a document, `parts` resolved; raises PackProblems with *all* problems."""
    reader = Reader()
    pack: Pack = reader.read(Pack, document)
    pack = replace(pack, parts=tuple(_complete(part, pack.survey_scale) for part in pack.parts))
    shape = list(reader.problems)
    packcheck.check(pack, reader)
    problems = shape + [
        problem for problem in reader.problems[len(shape) :] if not _follows(problem, shape)
    ]
    if problems:
        raise PackProblems(problems)
    return pack


def dump(pack: Pack) -> dict[str, Any]:
    """The JSON-able document of a pack; `pack_from_document` gives an equal pack back."""
    document = write(pack)
    assert isinstance(document, dict)  # noqa: S101 (a shape is written as a mapping)
    return document


def pack_from_document(document: Mapping[str, Any]) -> Pack:
    """The pack of a frozen document; raises PackProblems as `parse_pack` does."""
    return parse_pack(node_of(document))


def pack_from_document_text(text: str) -> Pack:
    """The pack of a frozen document as stored; raises PackProblems as `parse_pack` does."""
    return pack_from_document(json.loads(text))


def _complete(part: Part, survey_scale: tuple[str, ...]) -> Part:
    """Each question knows its component; a survey statement without own answers, the pack's."""
    return replace(
        part,
        questions=tuple(
            replace(
                question,
                component=part.component,
                answers=question.answers
                or (survey_scale if question.kind is Kind.SURVEY_MEAN else ()),
            )
            for question in part.questions
        ),
    )


def _follows(problem: Problem, shape: list[Problem]) -> bool:
    """Whether a problem only repeats what is already said at its own path, above or below it."""
    return any(
        problem.path == other.path
        or problem.path.startswith((f"{other.path}.", f"{other.path}["))
        or other.path.startswith((f"{problem.path}.", f"{problem.path}["))
        for other in shape
    )


class _Keyed(Protocol):
    @property
    def key(self) -> str: ...


_Item = TypeVar("_Item", bound=_Keyed)


def _named(items: Sequence[_Item], key: str) -> _Item:
    for item in items:
        if item.key == key:
            return item
    raise KeyError(key)
