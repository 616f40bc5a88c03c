"""Text → its title: a line of the text, found and never cut out of it or rewritten."""

import re
from itertools import islice

_LINES = 5  # lines with something in them, from the top
_LENGTHS = range(20, 151)  # characters: less is a rubric, more is a paragraph

_NEW_LINE = r"(?:\r\n?|\n)"
_LINE = re.compile(rf"(?P<line>\S[^\r\n]*)(?P<blank>{_NEW_LINE}[^\S\r\n]*{_NEW_LINE})?")
_FENCE = re.compile(r" {0,3}(?:```|~~~)")
_HEADING = re.compile(r" {0,3}# +(?P<title>.*?)(?: +#+)? *")
_UNDERLINE = re.compile(r" {0,3}=+ *")
_LOWER_MARK = re.compile(r"#{2,6} +")


def of_text(text: str) -> str:
    """The first of the first five non-empty lines that has 20–150 characters, does not end in a full stop and
    is followed by a blank line; else empty."""
    for match in islice(_LINE.finditer(text), _LINES):
        line = match["line"].rstrip()
        if match["blank"] and len(line) in _LENGTHS and not line.endswith("."):
            return line
    return ""


def of_markdown(text: str) -> str:
    """The first heading of level one, «# …» or underlined with «===», outside code; else that of any text."""
    fenced, above = False, ""
    for line in text.splitlines():
        if _FENCE.match(line):
            fenced = not fenced
        elif not fenced:
            heading = _HEADING.fullmatch(line)
            if heading and heading["title"]:
                return heading["title"]
            if _UNDERLINE.fullmatch(line) and above.strip():
                return above.strip()
        above = "" if fenced else line
    return _LOWER_MARK.sub("", of_text(text), count=1)
