"""A folder that was made to do harm, through the command: each file is a named problem, and the rest is found.

`test_formats_archives.py` and `test_isolation.py` have the parts; here nothing of the program is changed.
"""

from __future__ import annotations

import io
import os
import sys
import zipfile
from pathlib import Path

import pytest
from command_runner import run

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="pipes, links, names of bytes")

TEXT = "Пароход отошёл от пристани на рассвете."


def zipped(files: dict[str, bytes | str]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return target.getvalue()


def pdf(*objects: str) -> bytes:
    """A PDF file of some objects, the first of which is its root."""
    data, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(data))
        data += f"{number} 0 obj\n{content}\nendobj\n".encode()
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    count = len(objects) + 1
    tail = f"trailer<</Size {count}/Root 1 0 R>>\nstartxref\n{len(data)}\n%%EOF"
    return data + f"xref\n0 {count}\n0000000000 65535 f \n{table}{tail}".encode()


def within(times: int) -> bytes:
    """Archives within archives."""
    data = zipped({"a.txt": TEXT})
    for _ in range(times):
        data = zipped({"a.zip": data})
    return data


LAUGHS = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
BOMB = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a0 "ха">{LAUGHS}]><x>&a11;</x>'
OUTSIDE = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'

# File → what is in it, and what is said of it.
HARM: dict[str, tuple[bytes, str]] = {
    "gigabyte of zeros.zip": (zipped({"a.txt": bytes(65 << 20)}), "больше 64 МБ"),
    "leads out.zip": (zipped({"../../../evil.txt": TEXT, "/tmp/evil.txt": TEXT}), "имя ведёт за пределы архива"),
    "within one another.zip": (within(8), "вложено больше 4 раз"),
    "laughs.fb2": (BOMB.encode(), "XML-бомбы"),
    "laughs.docx": (zipped({"word/document.xml": BOMB}), "XML-бомбы"),
    "reads passwords.fodt": (OUTSIDE.encode(), "XML-бомбы"),
    "deep.json": (b"[" * 5_000_000, "JSON слишком сложен"),
    "deep.html": (b"<div>" * 200_000 + TEXT.encode(), "слишком глубокая вложенность"),
    "deep.rtf": (b"{\\rtf1" + b"{" * 200_000, "слишком глубокая вложенность"),
    "deep.eml": (
        b"Subject: x\n"
        + b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(5000)),
        "слишком много писем вложено друг в друга",
    ),
    "pages of itself.pdf": (
        pdf("<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[2 0 R 2 0 R]/Count 1000000000>>"),
        "PDF повреждён",
    ),
    "a log.jsonl": (b"no JSON\n" * 3000, "слишком много ошибок"),
    "one line.csv": (b"a,b\n1," + b"x" * (5 << 20), "не строка таблицы"),
}  # fmt: skip


def test_each_is_named_and_the_rest_is_found(tmp_path: Path) -> None:
    docs = tmp_path / "docs"
    docs.mkdir()
    for name, (data, _) in HARM.items():
        (docs / name).write_bytes(data)
    (docs / "first.txt").write_text(TEXT, "utf-8")
    (docs / "я последняя.html").write_text(f"<p>{TEXT}", "utf-8")
    os.mkfifo(docs / "pipe.pdf")
    (docs / "up").symlink_to(docs)
    (docs / "endless.txt").symlink_to("/dev/zero")
    done = run(tmp_path, "indexer", "add", "docs", "docs/pipe.pdf")
    assert done.code == 0 and done.stdout.startswith("2 новых, ")
    said = done.stderr.splitlines()
    for name, (_, reason) in HARM.items():
        assert any(line.startswith(f"docs/{name}") and reason in line for line in said), name
    assert any(line.startswith("docs/pipe.pdf: не файл, а канал") for line in said)
    assert any(line.startswith("docs/up: ссылка на папку") for line in said)
    assert any(line.startswith("docs/endless.txt: не файл") for line in said)
    assert run(tmp_path, "search", "-c", "пароход").stdout == "2\n"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["docs", "index_data"]
    assert not (tmp_path.parent / "evil.txt").exists() and not Path("/tmp/evil.txt").exists()
