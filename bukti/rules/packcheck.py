"""What a pack must fulfil beyond its shape: unique keys, known references, whole weights.

Called by `parse_pack` only; each check notes its problems in the reader at the path concerned.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import TYPE_CHECKING

from bukti.rules.shape import Fault, Reader, plain

if TYPE_CHECKING:
    from bukti.rules.pack import Pack, Question, Scheme

HUNDRED = Decimal(100)
MAX_DECIMALS = 6


def check(pack: Pack, reader: Reader) -> None:
    """Note every problem of a pack whose shape has been read."""
    _unique(((f"components[{i}].key", c.key) for i, c in enumerate(pack.components)), reader)
    _unique(((f"dimensions[{i}].key", d.key) for i, d in enumerate(pack.dimensions)), reader)
    _unique(((f"domains[{i}].key", d.key) for i, d in enumerate(pack.domains)), reader)
    _unique(((f"schemes[{i}].key", s.key) for i, s in enumerate(pack.schemes)), reader)
    _unique(((f"{path}.code", q.code) for path, q in _questions(pack)), reader)
    _unique(_value_columns(pack), reader)
    _unique(
        (
            (f"schemes[{i}].groups[{j}]", group)
            for i, scheme in enumerate(pack.schemes)
            for j, group in enumerate(scheme.groups)
        ),
        reader,
    )
    _check_filled(pack, reader)
    _check_scale(pack, reader)
    _check_references(pack, reader)
    for path, question in _questions(pack):
        _check_levels(pack, path, question, reader)
    for at, scheme in enumerate(pack.schemes):
        _check_weights(pack, f"schemes[{at}]", scheme, reader)
        _check_rules(pack, f"schemes[{at}]", scheme, reader)


def _questions(pack: Pack) -> Iterator[tuple[str, Question]]:
    for i, part in enumerate(pack.parts):
        for j, question in enumerate(part.questions):
            yield f"parts[{i}].questions[{j}]", question


def _value_columns(pack: Pack) -> Iterator[tuple[str, str]]:
    """Component keys, domain keys and codes name columns of one table: no two may be the same.

    Doubles within one of the three lists are said by their own check; here each counts once.
    """
    seen: set[tuple[str, str]] = set()
    lists = (
        [("component", f"components[{i}].key", c.key) for i, c in enumerate(pack.components)],
        [("domain", f"domains[{i}].key", d.key) for i, d in enumerate(pack.domains)],
        [("question", f"{path}.code", q.code) for path, q in _questions(pack)],
    )
    for what, path, key in (entry for entries in lists for entry in entries):
        if (what, key.casefold()) not in seen:
            seen.add((what, key.casefold()))
            yield path, key.casefold()


def _unique(keys: Iterable[tuple[str, str]], reader: Reader) -> None:
    first: dict[str, str] = {}
    for path, key in keys:
        if key in first:
            reader.note(path, Fault.DOUBLE, key=key, first=first[key])
        first.setdefault(key, path)


def _check_filled(pack: Pack, reader: Reader) -> None:
    for path, items in (("components", pack.components), ("schemes", pack.schemes)):
        if not items:
            reader.note(path, Fault.EMPTY)
    if not pack.questions:
        reader.note("parts", Fault.NO_QUESTIONS)


def _check_scale(pack: Pack, reader: Reader) -> None:
    scale = pack.scale
    if scale.min >= scale.max or scale.min != int(scale.min) or scale.max != int(scale.max):
        reader.note("scale", Fault.SCALE, min=plain(scale.min), max=plain(scale.max))
    if scale.step is not None and scale.step <= 0:
        reader.note("scale.step", Fault.OFF_SCALE, value=plain(scale.step), choices="> 0")


def _check_references(pack: Pack, reader: Reader) -> None:
    components = [component.key for component in pack.components]
    dimensions = [dimension.key for dimension in pack.dimensions]
    domains = [domain.key for domain in pack.domains]
    for i, component in enumerate(pack.components):
        _known(f"components[{i}].domain", component.domain, domains, reader)
    for i, part in enumerate(pack.parts):
        _known(f"parts[{i}].component", part.component, components, reader)
    for path, question in _questions(pack):
        _known(f"{path}.dimension", question.dimension, dimensions, reader)


def _known(path: str, key: str | None, choices: list[str], reader: Reader) -> None:
    if key is not None and key not in choices:
        reader.note(path, Fault.UNKNOWN, key=key, choices=", ".join(choices) or "–")


def _check_levels(pack: Pack, path: str, question: Question, reader: Reader) -> None:
    wanted = list(range(int(pack.scale.min), int(pack.scale.max) + 1))
    found = [level.level for level in question.levels]
    of_survey = question.kind.value == "survey_mean"
    if of_survey and len(question.answers) != len(wanted):
        reader.note(
            f"{path}.answers",
            Fault.ANSWERS_MISSING,
            wanted=str(len(wanted)),
            found=str(len(question.answers)),
        )
    if not of_survey and question.answers:
        reader.note(f"{path}.answers", Fault.ANSWERS_UNWANTED, kind=question.kind.value)
    if found != ([] if of_survey else wanted):
        reader.note(
            f"{path}.levels",
            Fault.LEVELS,
            wanted="–" if of_survey else ", ".join(map(str, wanted)),
            found=", ".join(map(str, found)) or "–",
        )


def _check_weights(pack: Pack, path: str, scheme: Scheme, reader: Reader) -> None:
    if bool(scheme.weights) == bool(scheme.question_weights):
        reader.note(path, Fault.WEIGHTS_OR_QUESTION_WEIGHTS)
        return
    by_component = bool(scheme.weights)
    path = f"{path}.weights" if by_component else f"{path}.question_weights"
    weights = scheme.weights if by_component else scheme.question_weights
    codes = [question.code for question in pack.questions]
    choices = [component.key for component in pack.components] if by_component else codes
    for key, weight in weights.items():
        _known(f"{path}.{key}", key, choices, reader)
        if by_component and key in choices and not pack.questions_of(key):
            reader.note(f"{path}.{key}", Fault.NO_QUESTIONS, key=key)
        if weight <= 0:
            reader.note(f"{path}.{key}", Fault.WEIGHT_NOT_POSITIVE, key=key, found=plain(weight))
    unweighed = [] if by_component else [code for code in codes if code not in weights]
    if unweighed:
        reader.note(path, Fault.UNWEIGHED, codes=", ".join(unweighed))
    total = sum(weights.values(), Decimal(0))
    if total != HUNDRED:
        reader.note(path, Fault.WEIGHT_SUM, found=plain(total))


def _check_rules(pack: Pack, path: str, scheme: Scheme, reader: Reader) -> None:
    rounding = scheme.rounding
    for name, decimals in (
        ("index", rounding.index),
        ("component", rounding.component),
        ("part", rounding.part),
    ):
        if decimals is not None and not 0 <= decimals <= MAX_DECIMALS:
            reader.note(f"{path}.rounding.{name}", Fault.DECIMALS, found=str(decimals))
    codes = [question.code for question in pack.questions]
    choices = f"{plain(pack.scale.min)}–{plain(pack.scale.max)}"
    for code, value in scheme.assumed.items():
        _known(f"{path}.assumed.{code}", code, codes, reader)
        if not pack.scale.min <= value <= pack.scale.max:
            reader.note(
                f"{path}.assumed.{code}",
                Fault.OFF_SCALE,
                value=plain(value),
                choices=choices,
            )
    starts = [band.start for band in scheme.bands]
    if starts and (starts != sorted(set(starts)) or starts[0] > pack.scale.min):
        reader.note(f"{path}.bands", Fault.BANDS_ORDER, found=", ".join(map(plain, starts)))
