"""The arithmetic of scoring: weighed layers (components or domains) in exact fractions.

Used by `rules/scoring.py` only. Between roundings everything is rational, so a half is a half.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction

from bukti.rules.pack import Pack, Question, Scheme, Words
from bukti.rules.scores import ComponentScore, DomainScore, NoIndex, QuestionScore, Scored

#: Enough digits that a sum of answers is exact, whatever the caller's own context.
EXACT = Context(prec=60, rounding=ROUND_HALF_UP)
Values = Mapping[str, Decimal | None]


@dataclass(frozen=True, slots=True)
class Layer:
    """A weighed component or domain on its way into the index, in exact fractions."""

    key: str
    weight: Fraction
    exact: Fraction | None
    so_far: Fraction | None
    at_least: Fraction
    answered: int
    asked: int


def round_half_up(number: Decimal, decimals: int) -> Decimal:
    """Round half-up, away from zero: 2.875 → 2.88, −0.096 → −0.10."""
    return number.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP, context=EXACT)


def component_weight(pack: Pack, scheme: Scheme, component: str) -> Decimal:
    """A component's percent of the index; 0 where the scheme leaves it out."""
    if scheme.weights:
        return scheme.weights.get(component, Decimal(0))
    return sum(
        (scheme.question_weights[q.code] for q in pack.questions_of(component)),
        Decimal(0),
    )


def domain_weight(pack: Pack, scheme: Scheme, domain: str) -> Fraction:
    inside = (component.key for component in pack.components if component.domain == domain)
    return sum((Fraction(component_weight(pack, scheme, key)) for key in inside), Fraction(0))


def layer_of(
    pack: Pack, scheme: Scheme, component: str, asked: list[Question], values: Values
) -> Layer:
    """A component's means: over all asked (or None), over the known, and with the rest lowest."""
    total = known_total = Decimal(0)
    weight_all = weight_known = Decimal(0)
    known = answered = 0
    for question in asked:
        weight = scheme.question_weights.get(question.code, Decimal(1))
        value = values.get(question.code)
        answered += value is not None
        value = scheme.assumed.get(question.code) if value is None else value
        weight_all += weight
        total += weight * (pack.scale.min if value is None else value)
        if value is not None:
            known += 1
            weight_known += weight
            known_total += weight * value
    lowest = Fraction(pack.scale.min)
    at_least = Fraction(total) / Fraction(weight_all) if asked else lowest
    so_far = Fraction(known_total) / Fraction(weight_known) if known else None
    return Layer(
        key=component,
        weight=Fraction(component_weight(pack, scheme, component)),
        exact=so_far if known == len(asked) else None,
        so_far=so_far,
        at_least=at_least,
        answered=answered,
        asked=len(asked),
    )


def question_scores(
    scheme: Scheme, weight: Decimal, asked: list[Question], values: Values
) -> list[QuestionScore]:
    weights = [scheme.question_weights.get(question.code, Decimal(1)) for question in asked]
    total = sum(weights, Decimal(0))
    shares = {
        own: _decimal(Fraction(weight) * Fraction(own) / Fraction(total) / 100)
        for own in set(weights)
    }
    scores = []
    for question, own in zip(asked, weights, strict=True):
        value = values.get(question.code)
        assumed = value is None and question.code in scheme.assumed
        value = scheme.assumed[question.code] if assumed else value
        scores.append(QuestionScore(question.code, value, assumed, shares[own]))
    return scores


def known_layer(pack: Pack, key: str, weight: Fraction, value: Decimal | None) -> Layer:
    exact = None if value is None else Fraction(value)
    at_least = Fraction(pack.scale.min) if exact is None else exact
    return Layer(key, weight, exact, exact, at_least, int(exact is not None), 1)


def scored(
    pack: Pack,
    scheme: Scheme,
    layers: list[Layer],
    questions: tuple[QuestionScore, ...],
) -> Scored:
    missing = [layer for layer in layers if layer.exact is None]
    exact = None if missing else _weighted(_entering(scheme, layers))
    so_far = [replace(layer, exact=layer.so_far) for layer in layers]
    at_least = [replace(layer, exact=layer.at_least) for layer in layers]
    return Scored(
        components=tuple(_component(scheme, layer) for layer in layers),
        domains=tuple(_domains(pack, scheme, layers)),
        questions=questions,
        index=None if missing else _index(scheme, layers),
        index_exact=None if exact is None else _decimal(exact),
        so_far=_index(scheme, so_far),
        if_rest_zero=_index(scheme, at_least),
        predicate=_predicate(scheme, exact),
        reason=_reason(missing),
        missing=tuple(layer.key for layer in missing),
    )


def _reason(missing: list[Layer]) -> NoIndex | None:
    if not missing:
        return None
    nothing_known = all(layer.so_far is None for layer in missing)
    return NoIndex.EMPTY_COMPONENT if nothing_known else NoIndex.UNANSWERED


def _entering(scheme: Scheme, layers: Iterable[Layer]) -> list[tuple[Fraction, Fraction]]:
    """Weight and value of what is known, rounded where the scheme rounds components."""
    decimals = scheme.rounding.component
    return [
        (
            layer.weight,
            layer.exact if decimals is None else _rounded(layer.exact, decimals),
        )
        for layer in layers
        if layer.exact is not None
    ]


def _rounded(value: Fraction, decimals: int) -> Fraction:
    return Fraction(round_half_up(_decimal(value), decimals))


def _weighted(parts: list[tuple[Fraction, Fraction]]) -> Fraction | None:
    """The mean by weight; None of nothing."""
    total = sum((weight for weight, _ in parts), Fraction(0))
    return sum((weight * value for weight, value in parts), Fraction(0)) / total if total else None


def _index(scheme: Scheme, layers: Iterable[Layer]) -> Decimal | None:
    """The index over what is known, rounded part by part or once, as the scheme says."""
    parts = _entering(scheme, layers)
    exact = _weighted(parts)
    if exact is not None and scheme.rounding.part is not None:
        total = sum((weight for weight, _ in parts), Fraction(0))
        exact = sum(
            (_rounded(weight * value / total, scheme.rounding.part) for weight, value in parts),
            Fraction(0),
        )
    return None if exact is None else round_half_up(_decimal(exact), scheme.rounding.index)


def _component(scheme: Scheme, layer: Layer) -> ComponentScore:
    return ComponentScore(
        key=layer.key,
        weight=_decimal(layer.weight),
        exact=None if layer.exact is None else _decimal(layer.exact),
        published=_printed(scheme, layer.exact),
        so_far=_printed(scheme, layer.so_far),
        answered=layer.answered,
        asked=layer.asked,
    )


def _domains(pack: Pack, scheme: Scheme, layers: list[Layer]) -> Iterable[DomainScore]:
    """The domains of components; nothing where the layers are domains themselves."""
    of_domain = {component.key: component.domain for component in pack.components}
    for domain in pack.domains:
        inside = [layer for layer in layers if of_domain.get(layer.key) == domain.key]
        if not inside:
            continue
        complete = all(layer.exact is not None for layer in inside)
        so_far = _weighted(
            _entering(scheme, [replace(layer, exact=layer.so_far) for layer in inside])
        )
        exact = so_far if complete else None
        yield DomainScore(
            key=domain.key,
            weight=_decimal(sum((layer.weight for layer in inside), Fraction(0))),
            exact=None if exact is None else _decimal(exact),
            published=_printed(scheme, exact),
            so_far=_printed(scheme, so_far),
        )


def _printed(scheme: Scheme, value: Fraction | None) -> Decimal | None:
    """As printed: with the component's decimals, else the index's."""
    if value is None:
        return None
    decimals = scheme.rounding.component
    return round_half_up(_decimal(value), scheme.rounding.index if decimals is None else decimals)


def _predicate(scheme: Scheme, exact: Fraction | None) -> Words | None:
    if exact is None:
        return None
    reached = [band.title for band in scheme.bands if Fraction(band.start) <= exact]
    return reached[-1] if reached else None


def _decimal(number: Fraction) -> Decimal:
    """The fraction as Decimal, exact wherever it ends within 60 digits (so at every half)."""
    return EXACT.divide(Decimal(number.numerator), Decimal(number.denominator))
