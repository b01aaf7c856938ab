"""What scoring returns: frozen values, Decimals on the pack's scale, weights in percent."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from bukti.rules.pack import Words


class NoIndex(StrEnum):
    """Why there is no index yet; `Scored.missing` names the components."""

    UNANSWERED = "unanswered"  # some questions of these components have no value
    EMPTY_COMPONENT = "empty_component"  # the scheme weighs these, nothing in them is known


@dataclass(frozen=True, slots=True)
class QuestionScore:
    """A question that counts: its value, whether the scheme assumed it, its share of the index.

    `share` is the index points that one point of value gives, unrounded.
    """

    code: str
    value: Decimal | None
    assumed: bool
    share: Decimal


@dataclass(frozen=True, slots=True)
class ComponentScore:
    """A component that the scheme weighs (percent).

    `exact` unrounded and `published` as printed are None until all `asked` questions have a value.
    `so_far` is `published` over those that have one (None without any); `answered` counts known
    values, not assumed ones; what is skipped is not asked.
    """

    key: str
    weight: Decimal
    exact: Decimal | None
    published: Decimal | None
    so_far: Decimal | None
    answered: int
    asked: int


@dataclass(frozen=True, slots=True)
class DomainScore:
    """A domain: the mean of its components by weight, as they enter the index."""

    key: str
    weight: Decimal
    exact: Decimal | None
    published: Decimal | None
    so_far: Decimal | None


@dataclass(frozen=True, slots=True)
class Scored:
    """A scored round.

    `index` as published and `index_exact` before the rounding of parts and total are None while
    a weighed component is incomplete; `reason` and `missing` (component or domain keys) say why.
    `so_far` (*sejauh ini*): unanswered questions are left out, components without any known value
    too, and the weights of the others renormalised; None when nothing is known.
    `if_rest_zero` (*bila sisanya 0*): what is unanswered counts as the scale's lowest value
    (0 for Smart City, 1 for SPBE and Pemdi).
    A complete round has index = so_far = if_rest_zero.
    `predicate` follows from the *unrounded* index (PermenPANRB 59/2020, Lampiran I: 2.594 is
    "Cukup", and so is 2.599 although it prints 2.60).
    """

    components: tuple[ComponentScore, ...]
    domains: tuple[DomainScore, ...]
    questions: tuple[QuestionScore, ...]
    index: Decimal | None
    index_exact: Decimal | None
    so_far: Decimal | None
    if_rest_zero: Decimal | None
    predicate: Words | None
    reason: NoIndex | None
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class QuestionGap:
    """Index points a question still costs: share × (highest value − value); None = unanswered."""

    code: str
    gap: Decimal | None


@dataclass(frozen=True, slots=True)
class Gap:
    """Index points a component still costs: weight × (highest value − value so far)."""

    component: str
    gap: Decimal | None
    questions: tuple[QuestionGap, ...]
