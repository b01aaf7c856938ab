"""Shapes: frozen dataclasses, read from placed nodes, written as documents and as JSON Schema.

A shape is a dataclass whose fields are text, whole number, Decimal, truth value, StrEnum, another
shape, a tuple or a mapping of these, or one of them `| None`. Everything that reads or writes a
pack follows from the dataclasses in `rules/pack.py`; nothing is described twice.

A document is JSON-able; a Decimal stands in it as text ("0.05"). What equals its default is left
out, so that a later version with one more optional field writes an old pack as before.
"""

from __future__ import annotations

import dataclasses
import re
import types
import typing
from collections.abc import Mapping
from dataclasses import MISSING, dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import Any

MAX_VALUES = 100_000
NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,15})?", re.ASCII)


class Fault(StrEnum):
    """What can be wrong with a pack. The words are in `wording/faults.py`."""

    MISSING = "missing"
    UNKNOWN_KEY = "unknown_key"
    WRONG_TYPE = "wrong_type"
    EMPTY = "empty"
    CHOICE = "choice"
    PATTERN = "pattern"
    SYNTAX = "syntax"
    ENCODING = "encoding"
    DOUBLE_KEY = "double_key"
    STRANGE_TAG = "strange_tag"
    LOOP = "loop"
    NO_FILE = "no_file"
    OUTSIDE = "outside"
    TOO_BIG = "too_big"
    NO_PACK = "no_pack"
    PARTS_OR_TAKES = "parts_or_takes"
    CODES_OR_WITHOUT = "codes_or_without"
    DOUBLE = "double"
    UNKNOWN = "unknown"
    SCALE = "scale"
    OFF_SCALE = "off_scale"
    LEVELS = "levels"
    ANSWERS_MISSING = "answers_missing"
    ANSWERS_UNWANTED = "answers_unwanted"
    WEIGHTS_OR_QUESTION_WEIGHTS = "weights_or_question_weights"
    WEIGHT_NOT_POSITIVE = "weight_not_positive"
    WEIGHT_SUM = "weight_sum"
    UNWEIGHED = "unweighed"
    NO_QUESTIONS = "no_questions"
    BANDS_ORDER = "bands_order"
    DECIMALS = "decimals"


@dataclass(frozen=True, slots=True)
class Node:
    """A piece of a document with the file and line (from 1) where it stands; 0 = unknown."""

    value: str | int | Decimal | bool | tuple[Node, ...] | Mapping[str, Node] | None
    file: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in a document: where (file, line, path in it), what, and the facts to say."""

    file: str
    line: int
    path: str
    fault: Fault
    facts: Mapping[str, str] = dataclasses.field(default_factory=dict)

    @property
    def message(self) -> str:
        """A bare English line for logs; people read `wording.faults.say`."""
        facts = ", ".join(f"{name}={fact}" for name, fact in self.facts.items())
        return f"{self.fault.value}({facts})"


@dataclass(frozen=True, slots=True)
class Told:
    """What an annotation says of a field: the sentence that editors show, and its limits.

    `name` is the key in the document where it is no Python name (`from`); a `derived` field stands
    in no document.
    """

    about: str
    pattern: str = ""
    name: str = ""
    derived: bool = False


@dataclass(frozen=True, slots=True)
class _Spec:
    """A field of a shape as the reader needs it."""

    name: str
    key: str
    kind: Any
    told: Told
    default: Any


def node_of(document: object) -> Node:
    """The nodes of a JSON-able document, without places."""
    if isinstance(document, Mapping):
        return Node({str(key): node_of(value) for key, value in document.items()})
    if isinstance(document, list | tuple):
        return Node(tuple(node_of(value) for value in document))
    if document is None or isinstance(document, str | int | Decimal):
        return Node(document)
    raise TypeError(type(document).__name__)


def write(value: Any) -> Any:
    """The JSON-able document of a shape, without what equals its default."""
    if dataclasses.is_dataclass(value):
        kind: Any = type(value)
        return {
            spec.key: write(getattr(value, spec.name))
            for spec in _specs(kind)
            if getattr(value, spec.name) != spec.default
        }
    if isinstance(value, Mapping):
        return {key: write(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return [write(item) for item in value]
    if isinstance(value, Decimal):
        return plain(value)
    return value.value if isinstance(value, StrEnum) else value


def plain(number: Decimal) -> str:
    """A number as text without exponent or trailing zeros: `10`, `0.05`."""
    text = format(number, "f")
    return (text.rstrip("0").rstrip(".") or "0") if "." in text else text


class Reader:
    """Reads nodes into shapes and keeps *all* problems and every path's place.

    What cannot be read becomes an empty value of its kind, so that the rest can still be checked.
    """

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self._places: dict[str, Node] = {}

    def read(self, kind: Any, node: Node, path: str = "", pattern: str = "") -> Any:
        """The value of `kind` at `node`; problems are kept, never raised."""
        if len(self._places) >= MAX_VALUES:
            return self._stop(kind, path)
        self._places[path] = node
        origin = typing.get_origin(kind)
        if origin in UNIONS:
            return None if node.value is None else self.read(_inner(kind), node, path, pattern)
        if origin is not None:
            return self._many(kind, node, path)
        if dataclasses.is_dataclass(kind):
            return self._shape(kind, node, path)
        return self._scalar(kind, node, path, pattern)

    def note(self, path: str, fault: Fault, **facts: str) -> None:
        """Keep a problem at `path`, or at the nearest known place above it."""
        place = path
        while place and place not in self._places:
            place = re.sub(r"(\.?[^.\[]+|\[\d+\])$", "", place)
        node = self._places.get(place, Node(None))
        self.problems.append(Problem(node.file, node.line, path, fault, facts))

    def _stop(self, kind: Any, path: str) -> Any:
        """Anchors can make a small file mean a huge document: read no further."""
        if not any(problem.fault is Fault.TOO_BIG for problem in self.problems):
            self.note(path, Fault.TOO_BIG, size=f"> {MAX_VALUES}")
        return _empty(kind)

    def _many(self, kind: Any, node: Node, path: str) -> Any:
        item = typing.get_args(kind)
        is_list = typing.get_origin(kind) is tuple
        return self._tuple(item[0], node, path) if is_list else self._mapping(item[1], node, path)

    def _tuple(self, item: Any, node: Node, path: str) -> tuple[Any, ...]:
        if not isinstance(node.value, tuple):
            self.note(path, Fault.WRONG_TYPE, wanted="list", found=_found(node))
            return ()
        return tuple(self.read(item, child, f"{path}[{at}]") for at, child in enumerate(node.value))

    def _mapping(self, item: Any, node: Node, path: str) -> dict[str, Any]:
        if not isinstance(node.value, Mapping):
            self.note(path, Fault.WRONG_TYPE, wanted="mapping", found=_found(node))
            return {}
        return {key: self.read(item, child, below(path, key)) for key, child in node.value.items()}

    def _shape(self, kind: Any, node: Node, path: str) -> Any:
        given = node.value
        if not isinstance(given, Mapping):
            self.note(path, Fault.WRONG_TYPE, wanted="mapping", found=_found(node))
            return _empty(kind)
        specs = {spec.key: spec for spec in _specs(kind)}
        for key in given:
            if key not in specs:
                at = below(path, key)
                self._places[at] = given[key]
                self.note(at, Fault.UNKNOWN_KEY, key=key, choices=", ".join(specs))
        values = {}
        for key, spec in specs.items():
            at = below(path, key)
            if key in given:
                values[spec.name] = self.read(spec.kind, given[key], at, spec.told.pattern)
            elif spec.default is MISSING:
                self.note(at, Fault.MISSING, key=key)
                values[spec.name] = _empty(spec.kind)
        return kind(**values)

    def _scalar(self, kind: Any, node: Node, path: str, pattern: str) -> Any:
        value = node.value
        if issubclass(kind, StrEnum):
            return self._choice(kind, node, path)
        if kind is str and isinstance(value, str):
            return self._text(value, path, pattern)
        if kind is Decimal and _is_number(value):
            return Decimal(str(value))
        if kind in (int, bool) and type(value) is kind:
            return value
        self.note(path, Fault.WRONG_TYPE, wanted=KINDS[kind], found=_found(node))
        return _empty(kind)

    def _choice(self, kind: type[StrEnum], node: Node, path: str) -> StrEnum:
        choices = [member.value for member in kind]
        if isinstance(node.value, str) and node.value in choices:
            return kind(node.value)
        self.note(path, Fault.CHOICE, found=_found(node), choices=", ".join(choices))
        return next(iter(kind))

    def _text(self, value: str, path: str, pattern: str) -> str:
        if not value.strip():
            self.note(path, Fault.EMPTY)
        elif pattern and not re.fullmatch(pattern, value):
            self.note(path, Fault.PATTERN, found=value, pattern=pattern)
        return value.strip()


def below(path: str, key: str) -> str:
    """The path of `key` inside `path`."""
    return f"{path}.{key}" if path else key


def schema_of(kind: Any, definitions: dict[str, Any], pattern: str = "") -> dict[str, Any]:
    """JSON Schema (2020-12) of a kind; shapes are added to `definitions` and referred to."""
    origin = typing.get_origin(kind)
    if origin in UNIONS:
        return {"anyOf": [schema_of(_inner(kind), definitions, pattern), {"type": "null"}]}
    if origin is tuple:
        return {"type": "array", "items": schema_of(typing.get_args(kind)[0], definitions)}
    if origin is not None:
        values = schema_of(typing.get_args(kind)[1], definitions)
        return {"type": "object", "additionalProperties": values}
    if dataclasses.is_dataclass(kind):
        return _schema_of_shape(kind, definitions)
    return _schema_of_scalar(kind, pattern)


def _schema_of_scalar(kind: Any, pattern: str) -> dict[str, Any]:
    if issubclass(kind, StrEnum):
        return {"enum": [member.value for member in kind]}
    if kind is str:
        return {"type": "string", "pattern": f"^(?:{pattern})$" if pattern else r"\S"}
    return dict(SCHEMAS[kind])


def _schema_of_shape(kind: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    name = kind.__name__
    if name not in definitions:
        definitions[name] = {}
        specs = _specs(kind)
        definitions[name] |= {
            "type": "object",
            "description": (kind.__doc__ or "").strip().splitlines()[0],
            "additionalProperties": False,
            "required": [spec.key for spec in specs if spec.default is MISSING],
            "properties": {
                spec.key: {
                    **schema_of(spec.kind, definitions, spec.told.pattern),
                    "description": spec.told.about,
                }
                for spec in specs
            },
        }
    return {"$ref": f"#/$defs/{name}"}


UNIONS = (types.UnionType, typing.Union)
KINDS = {str: "text", int: "whole", bool: "truth", Decimal: "number"}
EMPTY: dict[Any, Any] = {str: "", int: 0, bool: False, Decimal: Decimal(0)}
SCHEMAS: dict[Any, dict[str, Any]] = {
    int: {"type": "integer"},
    bool: {"type": "boolean"},
    Decimal: {"type": ["number", "string"], "pattern": f"^(?:{NUMBER.pattern})$"},
}


def _is_number(value: object) -> bool:
    of_kind = isinstance(value, str | int | Decimal) and not isinstance(value, bool)
    return of_kind and bool(NUMBER.fullmatch(str(value)))


def _found(node: Node) -> str:
    if isinstance(node.value, tuple):
        return "list"
    if isinstance(node.value, Mapping):
        return "mapping"
    if node.value is None:
        return "null"
    return str(node.value).lower() if isinstance(node.value, bool) else str(node.value)


def _inner(union: Any) -> Any:
    """The X of `X | None`."""
    return next(arg for arg in typing.get_args(union) if arg is not type(None))


def _empty(kind: Any) -> Any:
    """The empty value of a kind, so that reading can go on."""
    origin = typing.get_origin(kind)
    if origin in UNIONS:
        return None
    if origin is not None:
        return () if origin is tuple else {}
    shape: Any = kind
    if dataclasses.is_dataclass(kind):
        return shape(**{spec.name: _empty(spec.kind) for spec in _specs(shape)})
    return next(iter(kind)) if issubclass(kind, StrEnum) else EMPTY[kind]


@cache
def _specs(kind: Any) -> tuple[_Spec, ...]:
    """The fields of a shape that stand in documents, in order."""
    hints = typing.get_type_hints(kind, include_extras=True)
    specs = []
    for field in dataclasses.fields(kind):
        inner, told = typing.get_args(hints[field.name])
        factory = field.default_factory
        default = field.default if factory is MISSING else factory()
        if not told.derived:
            specs.append(_Spec(field.name, told.name or field.name, inner, told, default))
    return tuple(specs)
