"""The block of `key: value` lines between two `---` at the top of a text: what a note says of itself.

Not YAML: a value is a word, a line, a list, or lines set in under the key, which are joined with spaces.
"""

import re

Value = str | int | list[str]

_BLOCK = re.compile(r"(?ms)---[ \t]*\r?\n(?P<lines>.*?)^(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)")
_PAIR = re.compile(r"(?P<key>[^\W\d][\w. -]{0,60}?)[ \t]*:(?:[ \t]+(?P<value>.*))?")
_ITEM = re.compile(r"[ \t]*-(?:[ \t]+(?P<item>.*))?")
_INSET = re.compile(r"[ \t]+(?P<more>\S.*)")
_COMMENT = re.compile(r"[ \t]*(?:#.*)?")
_LISTED = re.compile(r"""\s*("[^"]*"|'[^']*'|[^,]+)""")
_WHOLE = re.compile(r"-?(?:0|[1-9]\d{0,17})")
_NOTHING = ("", "~", "null")
_LONGEST = 1 << 16  # characters: what is longer was not written by hand, and is text
_BLOCK_SIGNS = ("|", ">", "|-", ">-", "|+", ">+")


def split(text: str) -> tuple[dict[str, Value], str]:
    """What the front matter says, and the text after it: ({}, text) where there is none.

    A block with a line of any other kind is no front matter but text between two rules. Values of nothing
    (`key:`, `null`) are left out; whole numbers are ints unless quoted.
    """
    block = _BLOCK.match(text)
    pairs = _pairs(block["lines"]) if block and len(block["lines"]) <= _LONGEST else None
    if not block or not pairs:
        return {}, text
    said = {key: value for key, raw in pairs.items() if (value := _value(raw)) is not None}
    return said, text[block.end() :]


def _pairs(lines: str) -> dict[str, str | list[str]] | None:
    """Key → its value as written, or the items under it; None where a line is neither."""
    pairs: dict[str, str | list[str]] = {}
    key = ""
    for line in lines.splitlines():
        if _COMMENT.fullmatch(line):
            continue
        held = pairs.get(key)
        if pair := _PAIR.fullmatch(line.rstrip()):
            key, value = pair["key"], (pair["value"] or "").strip()
            pairs[key] = "" if value in _BLOCK_SIGNS else value
        elif (item := _ITEM.fullmatch(line)) and isinstance(held, list):
            held.append(item["item"] or "")
        elif item and held == "":
            pairs[key] = [item["item"] or ""]
        elif (inset := _INSET.fullmatch(line)) and isinstance(held, str):
            pairs[key] = f"{held} {inset['more'].rstrip()}".strip()
        else:
            return None
    return pairs


def _value(raw: str | list[str]) -> Value | None:
    if isinstance(raw, str) and raw.startswith("[") and raw.endswith("]"):
        raw = _LISTED.findall(raw[1:-1])
    if isinstance(raw, list):
        return [item for item in map(_unquoted, raw) if item] or None
    if raw.lower() in _NOTHING:
        return None
    return int(raw) if _WHOLE.fullmatch(raw) else _unquoted(raw)


def _unquoted(raw: str) -> str:
    raw = raw.strip()
    if len(raw) > 1 and raw[0] == raw[-1] and raw[0] in "\"'":
        return raw[1:-1]
    return raw
