"""The product's own source, read: which commands there are, what they call."""

import ast
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
BUKTI = ROOT / "bukti"
#: Where commands live: those of `agencies`, `verification` and `intake` belong to other people
#: than the ones beside them in `commands`.
COMMAND_FILES = ("commands.py", "agencies.py", "verification.py", "intake.py")


@dataclass(frozen=True)
class Command:
    """A public function of an area that takes an actor first."""

    area: str
    module: str
    node: ast.FunctionDef

    @property
    def name(self) -> str:
        """`answers.save_answer`."""
        return f"{self.area}.{self.node.name}"

    @property
    def beats(self) -> list[ast.stmt]:
        """Its statements, the docstring apart; those inside a `with` or `try` stand for it."""
        found: list[ast.stmt] = []
        for statement in self.node.body[1:]:
            if isinstance(statement, ast.With | ast.Try):
                found += statement.body
            else:
                found.append(statement)
        return found

    @cached_property
    def calls(self) -> list[str]:
        """The names of the functions it calls itself."""
        return [
            call.func.id
            for call in ast.walk(self.node)
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name)
        ]

    @property
    def is_atomic(self) -> bool:
        """Whether it is one transaction."""
        return any(ast.unparse(d) == "transaction.atomic" for d in self.node.decorator_list)


def functions() -> list[Command]:
    """Every public function of the areas' command modules."""
    return [
        Command(path.parent.name, f"bukti.areas.{path.parent.name}.{path.stem}", node)
        for name in COMMAND_FILES
        for path in sorted(BUKTI.glob(f"areas/*/{name}"))
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
        if not any(ast.unparse(d) == "overload" for d in node.decorator_list)
    ]


def commands() -> list[Command]:
    """Those that somebody does."""
    return [
        function
        for function in functions()
        if function.node.args.args[:1] and function.node.args.args[0].arg == "actor"
        if function.name != "ledger.append"
    ]


def index_of(command: Command, name: str) -> int:
    """Which of its statements is or holds the call; -1 if none."""
    for number, statement in enumerate(command.beats):
        for call in ast.walk(statement):
            if isinstance(call, ast.Call) and ast.unparse(call.func) == name:
                return number
    return -1
