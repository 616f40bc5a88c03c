"""A file of synonyms → groups of words that may stand for each other.

A group is a line, `США = Соединённые Штаты Америки = САЩ`; what follows a # is a comment. A member is recognised in a
query by the lemmas of its words, whatever their forms.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from os import PathLike
from pathlib import Path
from typing import NamedTuple, TypeGuard

from indexer.analysis import words
from indexer.errors import QueryError
from indexer.patterns import pattern
from indexer.query.parser import parse
from indexer.query.tree import Compound, Phrase, Word

Item = Word | Compound
Member = tuple[Item, ...]

_QUOTES = pattern('["“”„«»]')
_COMMENT = pattern(r"(?:^|\s)#.*")
# Lemmas less likely than this do not make a word a synonym: «стали» is no metal.
_LIKELY = 0.5


class Met(NamedTuple):
    """So many words in a row are a member of a group; the others of the group."""

    length: int
    others: tuple[Member, ...]


class Synonyms:
    """Groups of members."""

    def __init__(self, groups: Sequence[tuple[Member, ...]]) -> None:
        self._by_lemma: dict[str, list[tuple[Member, tuple[Member, ...]]]] = {}
        for group in groups:
            for member in group:
                others = tuple(other for other in group if other != member)
                for lemma in _lemmas(member[0].form):
                    self._by_lemma.setdefault(lemma, []).append((member, others))

    def met(self, nodes: Sequence[object], at: int = 0) -> Met | None:
        """The longest member that the nodes from one on begin with."""
        first = nodes[at]
        if not _is_plain(first):
            return None
        likely = (pair for lemma in sorted(_lemmas(first.form)) for pair in self._by_lemma.get(lemma, ()))
        found = [Met(len(member), others) for member, others in likely if _same(nodes[at : at + len(member)], member)]
        return max(found, key=lambda one: one.length, default=None)


def load(path: str | PathLike[str]) -> Synonyms:
    """The synonyms of a file, read anew when it has changed.

    Raises QueryError naming the file, the line and what to do.
    """
    try:
        status = Path(path).stat()
        return _load(str(path), status.st_mtime_ns, status.st_size)
    except (OSError, ValueError) as error:  # UnicodeDecodeError is a ValueError, so is a path with a zero byte
        raise QueryError(f"Файл синонимов {path} не читается: {error}. Нужен текстовый файл в UTF-8") from error


@lru_cache(maxsize=8)
def _load(name: str, _changed: int, _size: int) -> Synonyms:
    return Synonyms(list(_groups(Path(name).read_text(encoding="utf-8-sig"), name)))


def _groups(text: str, name: str) -> Iterator[tuple[Member, ...]]:
    seen: dict[tuple[str, ...], int] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not (bare := _COMMENT.sub("", line).strip()):
            continue
        where = f"Файл синонимов {name}, строка {number}"
        group = tuple(_member(part, where) for part in bare.split("="))
        if len(group) < 2:
            raise QueryError(f"{where}: «{bare}» стоит одно. Напишите через «=», чему оно равно: США = Штаты")
        for part, member in zip(bare.split("="), group, strict=True):
            forms = tuple(item.form for item in member)
            if (before := seen.setdefault(forms, number)) != number:
                raise QueryError(f"{where}: «{part.strip()}» уже есть в строке {before}. Соедините их в одну")
        yield group


def _member(text: str, where: str) -> Member:
    """The words between two signs of equality."""
    quoted = parse('"' + _QUOTES.sub(" ", text) + '"')
    items = quoted.items if isinstance(quoted, Phrase) else ()
    plain = tuple(item for item in items if _is_plain(item))
    if not items:
        raise QueryError(f"{where}: по одну сторону «=» нет слов. Допишите слово или уберите лишний «=»")
    if len(plain) < len(items):
        raise QueryError(f"{where}: в «{text.strip()}» есть знак из * ? !, а в синонимах они не действуют. Уберите его")
    return plain


def _is_plain(node: object) -> TypeGuard[Item]:
    """A word that may stand in any form."""
    return isinstance(node, Word | Compound) and not node.exact


def _same(nodes: Sequence[object], member: Member) -> bool:
    """Whether the nodes are the words of a member, in whatever forms."""
    return len(nodes) == len(member) and all(
        _is_plain(node) and not _lemmas(node.form).isdisjoint(_lemmas(item.form))
        for node, item in zip(nodes, member, strict=True)
    )


@lru_cache(maxsize=1 << 12)
def _lemmas(form: str) -> frozenset[str]:
    """The likely lemmas of a form, as in a Russian text: the language of neither a query nor a list is known."""
    found = words.affinities(form, ("ru",))
    return frozenset(lemma for lemma, affinity in found.items() if affinity >= _LIKELY)
