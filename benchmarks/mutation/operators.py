"""Mutation operators: small faults in Python source, each the replacement of one node of its syntax tree."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.FloorDiv,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}
OPPOSITES = {"min": "max", "max": "min", "any": "all", "all": "any", "and_": "or_", "or_": "and_"}
"""Functions, and those that are called in their place."""
CONDITIONS = ("where", "and_", "or_")
"""Calls of which one argument at a time is left out: the conditions of a query."""
REPLACEABLE_CALLS = (
    "translate",
    "replace",
    "strip",
    "lstrip",
    "rstrip",
    "lower",
    "with_for_update",
    "order_by",
    "limit",
)
"""Methods whose call may be replaced by its receiver: escaping, normalization, locks, ordering."""
SKIPPED_CALLS = ("TypeVar", "NewType", "cast", "isinstance")
"""Calls whose arguments speak of types."""
MAX_INCREMENTED = 10
"""Numbers up to this one grow by one, larger ones are doubled: one second more in a hundred is no fault."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """One mutant: the lines that execute it, the code before and after, and the complete mutated module."""

    line: int
    last_line: int
    before: str
    after: str
    source: str


@dataclass(frozen=True, slots=True)
class _NodePosition:
    """An AST node, with the field of its parent that contains it and its statement."""

    node: ast.AST
    parent: ast.AST
    field: str
    index: int | None
    statement: ast.stmt | None

    def put(self, node: ast.AST) -> None:
        if self.index is None:
            setattr(self.parent, self.field, node)
        else:
            getattr(self.parent, self.field)[self.index] = node


def mutants(source: str, name: str = "") -> Iterator[Mutant]:
    """Every mutant of a module, or of its class or function with that name (`Class.method`).

    Raises ValueError if the module has no such part.
    """
    tree = ast.parse(source)
    unchanged = ast.unparse(tree)
    for place in list(_node_positions(_within(tree, name))):
        first, last = _lines(place)
        for new in _replacements(place.node):
            before = ast.unparse(place.node)
            place.put(new)
            changed = ast.unparse(tree)
            place.put(place.node)
            if changed != unchanged:
                yield Mutant(first, last, before, ast.unparse(new), changed)


def _within(node: ast.AST, name: str) -> ast.AST:
    for part in name.split(".") if name else ():
        found = [one for one in getattr(node, "body", ()) if getattr(one, "name", "") == part]
        if not found:
            raise ValueError(f"there is no {name}")
        node = found[0]
    return node


def _node_positions(parent: ast.AST, statement: ast.stmt | None = None) -> Iterator[_NodePosition]:
    for field, value in ast.iter_fields(parent):
        if field in ("annotation", "returns", "decorator_list", "bases", "type_params"):
            continue
        for index, node in enumerate(value) if isinstance(value, list) else [(None, value)]:
            if not isinstance(node, ast.AST) or _is_skipped(node, parent):
                continue
            inside = node if isinstance(node, ast.stmt) else statement
            yield _NodePosition(node, parent, field, index, inside)
            yield from _node_positions(node, inside)


def _is_skipped(node: ast.AST, parent: ast.AST) -> bool:
    """True of docstrings, assertions, log lines, the sentences of errors, and of all that speaks of types."""
    match node:
        case ast.Expr(value=ast.Constant()) | ast.Assert() | ast.Import() | ast.ImportFrom():
            return True
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id="log")))):
            return True
        case ast.Call(func=ast.Name(id=name)) if name in SKIPPED_CALLS:
            return True
        case ast.If(test=ast.Name(id="TYPE_CHECKING")):
            return True
    return isinstance(parent, ast.Raise) or isinstance(node, ast.JoinedStr)


def _lines(place: _NodePosition) -> tuple[int, int]:
    """The lines that execute this node: its whole statement, or the node alone if it is in the head of a block."""
    node: Any = place.statement
    if node is None or hasattr(node, "body") or isinstance(node, ast.Match):
        node = place.node
        if hasattr(node, "body") and isinstance(node, ast.stmt):
            return node.lineno, node.lineno
    if isinstance(node, (ast.comprehension, ast.match_case)):
        node = node.ifs[0] if isinstance(node, ast.comprehension) and node.ifs else getattr(node, "guard", None)
    line = getattr(node, "lineno", 1)
    return line, getattr(node, "end_lineno", line) or line


def _replacements(node: ast.AST) -> Iterator[ast.AST]:
    match node:
        case ast.stmt():
            yield from _statements(node)
        case ast.comprehension(ifs=[_, *_]):
            for at in range(len(node.ifs)):
                yield ast.comprehension(node.target, node.iter, node.ifs[:at] + node.ifs[at + 1 :], node.is_async)
        case ast.match_case(guard=ast.expr()):
            yield ast.match_case(node.pattern, None, node.body)
        case ast.Call():
            yield from _calls(node)
        case ast.expr():
            yield from _expressions(node)


def _statements(node: ast.stmt) -> Iterator[ast.AST]:
    match node:
        case ast.Expr(value=ast.Call() | ast.Await()) | ast.Raise() | ast.Delete() | ast.Continue():
            yield ast.Pass()
        case ast.Assign(targets=[ast.Attribute() | ast.Subscript()]):
            yield ast.Pass()
        case ast.AugAssign(op=op) if type(op) in ARITHMETIC:
            yield ast.AugAssign(node.target, ARITHMETIC[type(op)](), node.value)
        case ast.Return(value=ast.expr() as value) if not (isinstance(value, ast.Constant) and not value.value):
            yield ast.Return(ast.Constant(None))
        case ast.If() | ast.While() if not isinstance(node.test, (ast.Compare, ast.BoolOp, ast.UnaryOp)):
            made = ast.If if isinstance(node, ast.If) else ast.While
            yield made(ast.UnaryOp(ast.Not(), node.test), node.body, node.orelse)


def _calls(node: ast.Call) -> Iterator[ast.AST]:
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    if isinstance(node.func, ast.Name) and name in OPPOSITES:
        yield ast.Call(ast.Name(OPPOSITES[name], ast.Load()), node.args, node.keywords)
    if name in CONDITIONS and len(node.args) > 1:
        for at in range(len(node.args)):
            yield ast.Call(node.func, node.args[:at] + node.args[at + 1 :], node.keywords)
    if isinstance(node.func, ast.Attribute):
        if name in REPLACEABLE_CALLS or (name == "where" and len(node.args) == 1):
            yield node.func.value
        if name == "sub" and node.args:
            yield node.args[-1]


def _expressions(node: ast.expr) -> Iterator[ast.AST]:
    match node:
        case ast.Compare():
            for at, op in enumerate(node.ops):
                ops = [*node.ops[:at], COMPARISONS[type(op)](), *node.ops[at + 1 :]]
                yield ast.Compare(node.left, ops, node.comparators)
        case ast.BoolOp():
            yield ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)
            for at in range(len(node.values)):
                left = node.values[:at] + node.values[at + 1 :]
                yield left[0] if len(left) == 1 else ast.BoolOp(node.op, left)
        case ast.UnaryOp(op=ast.Not() | ast.USub() | ast.Invert()):
            yield node.operand
        case ast.BinOp(op=op) if type(op) in ARITHMETIC and not (_is_text(node.left) or _is_text(node.right)):
            yield ast.BinOp(node.left, ARITHMETIC[type(op)](), node.right)
        case ast.IfExp():
            yield node.body
            yield node.orelse
        case ast.Constant(value=bool() as value):
            yield ast.Constant(not value)
        case ast.Constant(value=int() | float() as value):
            yield ast.Constant(value + 1 if value <= MAX_INCREMENTED else value * 2)
        case ast.Constant(value=str() as value) if value and not any(sign.isspace() for sign in value):
            yield ast.Constant("")


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))
