"""The rules of .gitignore files: what a folder's owner has said is not worth keeping, as `git` reads them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Self

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

NAME = ".gitignore"
_LONGEST = 1 << 20  # characters that are read of one


class Ignored(NamedTuple):
    """The rules of one folder, and those of the folders above it, which give way to them."""

    base: str  # the folder, from the root of the walk, with a slash at its end; "" is the root itself
    spec: GitIgnoreSpec
    above: Ignored | None

    @classmethod
    def read(cls, folder: Path, base: str, above: Ignored | None) -> Self:
        """The rules in a folder; a line that is no rule is left out. Raises OSError."""
        from pathspec import GitIgnoreSpec

        with (folder / NAME).open(encoding="utf-8-sig", errors="surrogateescape") as file:
            lines = file.read(_LONGEST).splitlines()
        try:
            spec = GitIgnoreSpec.from_lines(lines)
        except ValueError:
            spec = GitIgnoreSpec.from_lines(filter(_is_rule, lines))
        return cls(base, spec, above)

    def rule_out(self, relative: str, *, folder: bool) -> bool:
        """Whether a path from the root of the walk is to be passed over; the rules nearest to it decide."""
        name = relative + "/" * folder
        rules: Ignored | None = self
        while rules is not None:
            found = rules.spec.check_file(name[len(rules.base) :]).include
            if found is not None:
                return found
            rules = rules.above
        return False


def _is_rule(line: str) -> bool:
    from pathspec import GitIgnoreSpec

    try:
        GitIgnoreSpec.from_lines([line])
    except ValueError:
        return False
    return True
