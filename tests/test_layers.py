"""Imports go down only: each room may import what stands above it in the list, and itself."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "indexer"
# From the lowest room to the highest; rooms on one line do not know each other.
LAYERS = [
    {"values", "patterns"},
    {"errors", "markup", "arrays", "paths"},
    {"model"},
    {"results"},
    {"protocol"},
    {"analysis", "sentences", "ranking"},
    {"sources", "segment"},
    {"query"},
    {"repair", "tally"},
    {"snippets", "formats", "adding"},
    {"excerpts", "options", "upkeep"},
    {"showing"},
    {"searching"},
    {"opensearch"},
    {"index", "api"},
    {"watching"},
    {"cli"},
    {"__init__", "__main__"},
]
LEVEL = {room: level for level, rooms in enumerate(LAYERS) for room in rooms}
FILES = sorted(PACKAGE.rglob("*.py"))


def imported(path: Path) -> Iterator[str]:
    """Dotted names of what the file imports from this package, wherever in the file it does."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "indexer":
            module = node.module or ""
            yield from (f"{module}.{alias.name}" if module == "indexer" else module for alias in node.names)
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.split(".")[0] == "indexer")


def room(dotted: str) -> str:
    """indexer.query.plan → query."""
    return dotted.split(".")[1]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_imports_go_down(path: Path) -> None:
    """A file imports its own room, or rooms below."""
    own = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
    for name in imported(path):
        assert room(name) == own or LEVEL[room(name)] < LEVEL[own], f"{own} imports {name}"


def test_no_cycles_within_a_room() -> None:
    """Files of one room do not import each other in a circle."""
    graph = {
        ".".join(("indexer", *path.relative_to(PACKAGE).with_suffix("").parts)).removesuffix(".__init__"): set(
            imported(path)
        )
        for path in FILES
        if path.name != "__init__.py"
    }

    free: set[str] = set()  # of cycles, whatever one reaches from them

    def reach(module: str, seen: frozenset[str]) -> None:
        assert module not in seen, f"cycle through {module}"
        if module not in free:
            for other in graph.get(module, ()):
                reach(other, seen | {module})
            free.add(module)

    for module in graph:
        reach(module, frozenset())


def test_every_room_has_a_layer() -> None:
    """A new room says where it stands."""
    rooms = {path.relative_to(PACKAGE).parts[0].removesuffix(".py") for path in FILES}
    assert rooms == LEVEL.keys()
