"""Reading packs from YAML folders, each node with its file and line. No Django, no database.

A folder holds `pack.yaml` and either `parts/*.yaml` that it names, or `takes` with the codes of
another pack beside it or shipped. Only plain YAML is read: no tags, no merge keys, no loops.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

import rfc8785
import yaml

from bukti.rules.pack import Pack, PackProblems, Takes, dump, parse_pack
from bukti.rules.shape import NUMBER, Fault, Node, Problem, Reader

SHIPPED = Path(__file__).resolve().parents[2] / "packs"
MAX_BYTES = 5_000_000
WHOLE = re.compile(r"-?(0|[1-9][0-9]{0,14})", re.ASCII)
STANDARD = "tag:yaml.org,2002:"
TAGS = frozenset({"map", "seq", "str", "int", "float", "bool", "null", "timestamp"})
UNREAD = (Fault.NO_FILE, Fault.SYNTAX, Fault.ENCODING, Fault.TOO_BIG)
ABSENT = (Fault.NO_QUESTIONS, Fault.UNWEIGHED)

#: libyaml where the wheel carries it: ten times as fast, the same nodes.
Loader: type[yaml.SafeLoader | yaml.CSafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def shipped() -> list[str]:
    """Keys of the packs that Bukti ships, in order of name."""
    return sorted(path.parent.name for path in SHIPPED.glob("*/pack.yaml"))


def folder_of(name: str) -> Path:
    """The folder of a shipped pack's key, else the path itself."""
    return SHIPPED / name if name in shipped() else Path(name)


def load_pack(folder: Path) -> Pack:
    """The pack in a folder; raises PackProblems with all problems of all its files."""
    reading = _Reading(folder)
    document = reading.document()
    problems = reading.problems
    pack = None
    if document is not None:
        try:
            pack = parse_pack(document)
        except PackProblems as found:
            problems = problems + _own(found.problems, problems)
    if pack is None or problems:
        raise PackProblems(problems)
    return pack


@lru_cache(maxsize=16)
def load_shipped(key: str) -> Pack:
    """A shipped pack, read once per process; KeyError where there is none."""
    if key not in shipped():
        raise KeyError(key)
    return load_pack(SHIPPED / key)


def canonical(pack: Pack) -> str:
    """The pack's canonical JSON (RFC 8785), which is what gets frozen."""
    return rfc8785.dumps(dump(pack)).decode()


def digest(document: str) -> str:
    """SHA-256 of a canonical document, in hex."""
    return sha256(document.encode()).hexdigest()


def _own(found: Iterable[Problem], read: list[Problem]) -> list[Problem]:
    """The parser's problems, without what only follows from a part that could not be read."""
    if not any(problem.fault in UNREAD for problem in read):
        return list(found)
    return [
        problem
        for problem in found
        if problem.fault not in ABSENT and ".question_weights." not in problem.path
    ]


class _Reading:
    """One reading of a folder: the problems found on the way, and which files are being read."""

    def __init__(self, folder: Path, taken_by: tuple[Path, ...] = ()) -> None:
        self.folder = folder
        self.problems: list[Problem] = []
        self._taken_by = taken_by

    def document(self) -> Node | None:
        """The nodes of pack.yaml with its parts in place; None when it cannot be read at all."""
        top = self._file(self.folder / "pack.yaml", Node(None, str(self.folder), 0), "")
        if top is None or not isinstance(top.value, Mapping):
            return top
        values = dict(top.value)
        parts, takes = values.get("parts"), values.pop("takes", None)
        if (parts is None) == (takes is None):
            self._note(parts or top, "parts", Fault.PARTS_OR_TAKES)
        if takes is not None:
            values["parts"] = self._taken(takes)
        elif parts is not None and isinstance(parts.value, tuple):
            values["parts"] = replace(parts, value=tuple(self._parts(parts.value)))
        return replace(top, value=values)

    def _parts(self, names: Iterable[Node]) -> Iterable[Node]:
        for at, name in enumerate(names):
            path = f"parts[{at}]"
            inside = (self.folder / str(name.value)).resolve()
            if not inside.is_relative_to(self.folder.resolve()):
                self._note(name, path, Fault.OUTSIDE, file=str(name.value))
                continue
            part = self._file(self.folder / str(name.value), name, path)
            if part is not None:
                yield part

    def _taken(self, node: Node) -> Node:
        """The parts of another pack with only the questions that are taken."""
        reader = Reader()
        takes = reader.read(Takes, node, "takes")
        self.problems += reader.problems
        nothing = replace(node, value=())
        if reader.problems:
            return nothing
        if bool(takes.codes) == bool(takes.without):
            self._note(node, "takes", Fault.CODES_OR_WITHOUT)
            return nothing
        parts = self._parts_of_source(node, takes)
        if parts is None:
            return nothing
        self._refuse_unknown_codes(node, takes, parts)
        chosen = (_only(part, takes) for part in parts)
        return replace(node, value=tuple(part for part in chosen if part is not None))

    def _parts_of_source(self, node: Node, takes: Takes) -> tuple[Node, ...] | None:
        beside = self.folder.parent / takes.source
        source = beside if (beside / "pack.yaml").is_file() else SHIPPED / takes.source
        taken_by = (*self._taken_by, self.folder.resolve())
        if source.resolve() in taken_by or not (source / "pack.yaml").is_file():
            self._note(
                node, "takes.from", Fault.NO_PACK, key=takes.source, choices=", ".join(shipped())
            )
            return None
        reading = _Reading(source, taken_by)
        document = reading.document()
        self.problems += reading.problems
        if document is None or not isinstance(document.value, Mapping):
            return None
        parts = document.value.get("parts")
        return parts.value if parts is not None and isinstance(parts.value, tuple) else None

    def _refuse_unknown_codes(self, node: Node, takes: Takes, parts: tuple[Node, ...]) -> None:
        known = {_text(question, "code") for part in parts for question in _questions(part)}
        for name, codes in (("codes", takes.codes), ("without", takes.without)):
            for at, code in enumerate(codes):
                path = f"takes.{name}[{at}]"
                if code not in known:
                    self._note(
                        _child(node, name, at), path, Fault.UNKNOWN, key=code, choices=takes.source
                    )
                if code in codes[:at]:
                    self._note(
                        _child(node, name, at),
                        path,
                        Fault.DOUBLE,
                        key=code,
                        first=f"takes.{name}[{codes.index(code)}]",
                    )

    def _file(self, file: Path, named_at: Node, path: str) -> Node | None:
        """The nodes of one file; None, with the reason noted, when it cannot be read."""
        try:
            data = file.read_bytes()
        except OSError:
            self._note(named_at, path, Fault.NO_FILE, file=file.name)
            return None
        shown = str(file)
        if len(data) > MAX_BYTES:
            self.problems.append(Problem(shown, 0, path, Fault.TOO_BIG, {"size": str(len(data))}))
            return None
        try:
            root = yaml.compose(data.decode("utf-8-sig"), Loader=Loader)
        except UnicodeDecodeError as error:
            line = data[: error.start].count(b"\n") + 1
            self.problems.append(Problem(shown, line, path, Fault.ENCODING))
            return None
        except yaml.YAMLError as error:
            self.problems.append(_syntax(error, shown, path))
            return None
        nodes = _Nodes(shown, self.problems)
        return Node(None, shown, 1) if root is None else nodes.of(root, path)

    def _note(self, node: Node, path: str, fault: Fault, **facts: str) -> None:
        self.problems.append(Problem(node.file, node.line, path, fault, facts))


class _Nodes:
    """Turns YAML nodes of one file into placed nodes, each anchor once."""

    def __init__(self, file: str, problems: list[Problem]) -> None:
        self._file = file
        self._problems = problems
        self._done: dict[int, Node] = {}
        self._open: set[int] = set()

    def of(self, node: yaml.Node, path: str, line: int = 0) -> Node:
        """The placed node; a mapping's value stands on the line of its key."""
        line = line or node.start_mark.line + 1
        if id(node) in self._open:
            self._note(node, path, Fault.LOOP)
            return Node(None, self._file, line)
        if id(node) not in self._done:
            self._open.add(id(node))
            self._done[id(node)] = self._made(node, path, line)
            self._open.discard(id(node))
        return replace(self._done[id(node)], line=line)

    def _made(self, node: yaml.Node, path: str, line: int) -> Node:
        if node.tag.removeprefix(STANDARD) not in TAGS:
            self._note(node, path, Fault.STRANGE_TAG, tag=str(node.tag))
        if isinstance(node, yaml.MappingNode):
            return Node(self._mapping(node, path), self._file, line)
        if isinstance(node, yaml.SequenceNode):
            children = (self.of(child, f"{path}[{at}]") for at, child in enumerate(node.value))
            return Node(tuple(children), self._file, line)
        return Node(self._scalar(node), self._file, line)

    def _mapping(self, node: yaml.MappingNode, path: str) -> Mapping[str, Node]:
        values: dict[str, Node] = {}
        for key_node, value in node.value:
            key = str(key_node.value) if isinstance(key_node, yaml.ScalarNode) else "?"
            below = f"{path}.{key}" if path else key
            if key in values:
                self._note(key_node, below, Fault.DOUBLE_KEY, key=key)
                continue
            values[key] = self.of(value, below, key_node.start_mark.line + 1)
        return values

    def _scalar(self, node: yaml.Node) -> str | int | bool | Decimal | None:
        kind = node.tag.removeprefix(STANDARD)
        text = str(node.value)
        if kind in ("null", "bool"):
            return None if kind == "null" else text.lower() in ("yes", "true", "on")
        if kind == "int" and WHOLE.fullmatch(text):
            return int(text)
        if kind == "float" and NUMBER.fullmatch(text):
            return Decimal(text)
        return text

    def _note(self, node: yaml.Node, path: str, fault: Fault, **facts: str) -> None:
        line = node.start_mark.line + 1
        self._problems.append(Problem(self._file, line, path, fault, facts))


def _syntax(error: yaml.YAMLError, file: str, path: str) -> Problem:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    said = str(getattr(error, "problem", None) or getattr(error, "reason", None) or error)
    line = mark.line + 1 if mark is not None else 0
    return Problem(file, line, path, Fault.SYNTAX, {"said": said})


def _only(part: Node, takes: Takes) -> Node | None:
    """A part with the taken questions only; None when nothing of it is taken."""
    if not isinstance(part.value, Mapping) or "questions" not in part.value:
        return part
    kept = tuple(
        question
        for question in _questions(part)
        if (code := _text(question, "code")) in takes.codes
        or (takes.without and code not in takes.without)
    )
    questions = replace(part.value["questions"], value=kept)
    return replace(part, value={**part.value, "questions": questions}) if kept else None


def _questions(part: Node) -> tuple[Node, ...]:
    found = part.value.get("questions") if isinstance(part.value, Mapping) else None
    return found.value if found is not None and isinstance(found.value, tuple) else ()


def _text(node: Node, key: str) -> str:
    found = node.value.get(key) if isinstance(node.value, Mapping) else None
    return found.value if found is not None and isinstance(found.value, str) else ""


def _child(node: Node, key: str, at: int) -> Node:
    found = node.value[key] if isinstance(node.value, Mapping) else node
    return found.value[at] if isinstance(found.value, tuple) else found
