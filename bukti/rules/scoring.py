"""Scoring: from question values to components, domains, the index and its predicate.

Values stand on the pack's scale (Smart City 0–4, SPBE and Pemdi 1–5), weights in percent. Every
result is a Decimal, rounding is half-up and happens only where the scheme says. Between roundings
sums are exact (rational), so that a predicate's border and a half are met exactly. `None` means
"not known" and is never 0.

Rules re-computed from published results: Smart City 2022, letter B-1004/DJAI/AI.01.04/12/2022
(each weighted part is rounded, then summed); 2023, B-1384/DJAI/AI.01.04/12/2023 (the sum is
rounded once). In both the component, a plain mean, enters the index rounded to 2 decimals.
SPBE: PermenPANRB 59/2020; Pemdi: PermenPANRB 8/2026; there nothing is rounded before the index.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from decimal import Decimal, localcontext
from fractions import Fraction

from bukti.rules.layers import (
    EXACT,
    Values,
    component_weight,
    domain_weight,
    known_layer,
    layer_of,
    question_scores,
    round_half_up,
    scored,
)
from bukti.rules.pack import Pack, Scheme
from bukti.rules.scores import (
    ComponentScore,
    DomainScore,
    Gap,
    NoIndex,
    QuestionGap,
    QuestionScore,
    Scored,
)

__all__ = [
    "ComponentScore",
    "DomainScore",
    "Gap",
    "NoIndex",
    "QuestionGap",
    "QuestionScore",
    "Scored",
    "component_weight",
    "counted_level",
    "dimension_means",
    "gaps",
    "improvement",
    "matrix",
    "round_half_up",
    "score",
    "score_components",
    "score_domains",
]


def score(
    pack: Pack, scheme: Scheme, values: Values, skipped: frozenset[str] = frozenset()
) -> Scored:
    """Score question values; a code without entry is unanswered, `skipped` does not apply.

    The scheme's assumed values stand in for unanswered questions (Pemdi: 1 until the other agency's
    index is known). Raises KeyError for a code not in the pack, ValueError off the scale.
    """
    _refuse_strangers(pack, values, {question.code for question in pack.questions})
    layers, questions = [], []
    with localcontext(EXACT):
        for component in pack.components:
            asked = [q for q in pack.questions_of(component.key) if q.code not in skipped]
            weight = component_weight(pack, scheme, component.key)
            if weight:
                layers.append(layer_of(pack, scheme, component.key, asked, values))
                questions += question_scores(scheme, weight, asked, values)
        return scored(pack, scheme, layers, tuple(questions))


def score_components(pack: Pack, scheme: Scheme, values: Values) -> Scored:
    """Score a result known by components (SPBE, Pemdi: aspects) only.

    Component values are rounded where the scheme rounds components. Raises KeyError for an unknown
    component, ValueError off the scale; one that the scheme does not weigh is left out.
    """
    _refuse_strangers(pack, values, {component.key for component in pack.components})
    with localcontext(EXACT):
        layers = [
            known_layer(pack, component.key, Fraction(weight), values.get(component.key))
            for component in pack.components
            if (weight := component_weight(pack, scheme, component.key))
        ]
        return scored(pack, scheme, layers, ())


def score_domains(pack: Pack, scheme: Scheme, values: Values) -> Scored:
    """Score a result known by domains only; `components` is empty. Raises as `score_components`."""
    _refuse_strangers(pack, values, {domain.key for domain in pack.domains})
    with localcontext(EXACT):
        layers = [
            known_layer(pack, domain.key, weight, values.get(domain.key))
            for domain in pack.domains
            if (weight := domain_weight(pack, scheme, domain.key))
        ]
        result = scored(pack, scheme, layers, ())
    domains = tuple(
        DomainScore(layer.key, layer.weight, layer.exact, layer.published, layer.so_far)
        for layer in result.components
    )
    return replace(result, components=(), domains=domains)


def matrix(
    pack: Pack, values: Values, skipped: frozenset[str] = frozenset()
) -> Mapping[tuple[str, str | None], Decimal | None]:
    """Plain means so far by (component, dimension); dimension None = *lintas dimensi*.

    Only cells with a question stand in it; a cell where nothing is known is None. Our own reading,
    not published by anyone: label it *tidak resmi*.
    """
    cells: dict[tuple[str, str | None], list[Decimal]] = {}
    for question in pack.questions:
        cell = cells.setdefault((question.component, question.dimension), [])
        _collect(question.code, values, skipped, cell)
    return {place: _mean(known) for place, known in cells.items()}


def dimension_means(
    pack: Pack, values: Values, skipped: frozenset[str] = frozenset()
) -> Mapping[str | None, Decimal | None]:
    """Plain means so far by dimension over all components; label them *tidak resmi* as `matrix`."""
    totals: dict[str | None, list[Decimal]] = {}
    for question in pack.questions:
        _collect(question.code, values, skipped, totals.setdefault(question.dimension, []))
    return {dimension: _mean(known) for dimension, known in totals.items()}


def gaps(result: Scored, pack: Pack, scheme: Scheme) -> tuple[Gap, ...]:
    """What costs most first, per component and in it per question; unknown gaps come last."""
    found = []
    of_component = {question.code: question.component for question in pack.questions}
    for component in result.components:
        questions = [
            QuestionGap(
                q.code,
                None if q.value is None else q.share * (pack.scale.max - q.value),
            )
            for q in result.questions
            if of_component[q.code] == component.key
        ]
        gap = (
            None
            if component.so_far is None
            else component.weight * (pack.scale.max - component.so_far) / 100
        )
        found.append(Gap(component.key, gap, tuple(sorted(questions, key=_costly))))
    return tuple(sorted(found, key=_costly))


def improvement(now: Scored, before: Scored) -> Decimal | None:
    """*Indeks peningkatan*: the difference of the unrounded indices, rounded half-up to 2 decimals.

    As published in 2023 (Paser: 2.841 − 2.872 = −0.03). None where one of the indices is not known.
    """
    if now.index_exact is None or before.index_exact is None:
        return None
    return round_half_up(now.index_exact - before.index_exact, 2)


def counted_level(pack: Pack, scheme: Scheme, accepted: Collection[int]) -> int:
    """The level that counts when these are accepted; the scale's lowest when none does.

    Where levels are cumulative (Pemdi), a level counts only if every lower one is accepted; the
    lowest needs no acceptance.
    """
    lowest = int(pack.scale.min)
    if not scheme.cumulative:
        return max(accepted, default=lowest)
    level = lowest
    while level + 1 in accepted:
        level += 1
    return level


def _collect(code: str, values: Values, skipped: frozenset[str], into: list[Decimal]) -> None:
    value = values.get(code)
    if value is not None and code not in skipped:
        into.append(value)


def _mean(known: list[Decimal]) -> Decimal | None:
    if not known:
        return None
    return round_half_up(EXACT.divide(sum(known, Decimal(0)), Decimal(len(known))), 2)


def _costly(item: Gap | QuestionGap) -> tuple[bool, Decimal]:
    return (item.gap is None, -(item.gap or Decimal(0)))


def _refuse_strangers(pack: Pack, values: Values, known: set[str]) -> None:
    for key, value in values.items():
        if key not in known:
            raise KeyError(key)
        if value is not None and not pack.scale.min <= value <= pack.scale.max:
            raise ValueError(f"{key}: {value}")
