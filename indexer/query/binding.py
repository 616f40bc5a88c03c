"""What stands between two neighbours of a query: `<<` and `&` where both are words, phrases or alternatives, and И.

`<<` binds closest, then `&`, then И; an operator that lacks a neighbour is not there.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from indexer.query.tree import And, Before, Leaf, Node, Or, Sentence

Operator = type[Before] | type[Sentence] | type[And]
# As typed → what it makes of its neighbours.
OPERATORS: dict[str, Operator] = {"<<": Before, "&": Sentence, "И": And, "AND": And, "&&": And}
_CLOSEST_FIRST = (Before, Sentence, And)


def bind(items: Sequence[Node | Operator]) -> list[Node]:
    """The nodes, those with operators between them made one."""
    if any(isinstance(item, type) for item in items):
        for operator in _CLOSEST_FIRST:
            items = _bound(items, operator)
    return [item for item in items if not isinstance(item, type)]


def _bound(items: Iterable[Node | Operator], operator: Operator) -> list[Node | Operator]:
    rows: list[list[Node | Operator]] = []
    between = False
    for item in items:
        if item is operator:
            between = bool(rows)
            continue
        if between and isinstance(item, Node) and isinstance(rows[-1][-1], Node):
            rows[-1].append(item)
        else:
            rows.append([item])
        between = False
    return [row[0] if len(row) == 1 else _joined(row, operator) for row in rows]


def _joined(row: Iterable[Node | Operator], operator: Operator) -> Node:
    """A row of neighbours as one node: just all of them, where not each has a place in the text."""
    nodes = [node for node in row if isinstance(node, Node)]
    if operator is not And:
        # the words of a group may stand in one sentence with others, but not one behind another
        parts = _flat(nodes, operator, And if operator is Sentence else operator)
        if all(map(_has_places, parts)):
            return operator(tuple(parts))
    return And(tuple(_flat(nodes, And)))


def _flat(nodes: Iterable[Node], *kinds: Operator) -> list[Node]:
    return [part for node in nodes for part in (node.children if isinstance(node, kinds) else (node,))]


def _has_places(node: Node) -> bool:
    """Whether one can say where it stands: a filter, an exclusion, a group of several fields stand nowhere."""
    return all(isinstance(child, Leaf) for child in (node.children if isinstance(node, Or) else (node,)))
