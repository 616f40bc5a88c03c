"""PDF → one document, its pages named; by PDFium (the extra `pdf`).

On Russian pages of LibreOffice PDFium keeps the order of lines and of the cells of tables and says itself where a
hyphen ends a line; pdfminer.six puts words of justified lines out of order; pypdf takes twice as long and has two
spaces for one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from threading import Lock
from typing import Any

from indexer.errors import SourceError
from indexer.model import Document
from indexer.sources import metadata
from indexer.sources.growing import Growing
from indexer.sources.reasons import NO_PDF
from indexer.sources.source import WHOLE, NotNow, Source

_ONE_AT_A_TIME = Lock()  # PDFium is not for two threads
_PAGE_NUMBER = re.compile(r"\A[-–—\s]*\d{1,4}[-–—\s]*(?:\n|\Z)|\n[-–—\s]*\d{1,4}[-–—\s]*\Z")
_NO_TITLE = re.compile(r"untitled|без имени|.*\.\w{2,4}|microsoft (?:word|powerpoint|excel) - .*", re.IGNORECASE)
_INVALID = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\uffff]")


def read(source: Source) -> Iterator[Document]:
    """The document: words broken at line ends are whole again, page numbers are left out.

    Raises SourceError for a damaged or locked file, one of pictures alone, and where PDFium is not installed.
    """
    try:
        import pypdfium2
    except ImportError as error:
        raise NotNow(NO_PDF) from error
    try:
        with _ONE_AT_A_TIME:
            grown, said = _pages(pypdfium2.PdfDocument(source.stream))
    except pypdfium2.PdfiumError as error:
        locked = "password" in str(error).lower()
        reason = "закрыт паролем: сохраните без пароля" if locked else "PDF повреждён: откройте и сохраните заново"
        raise SourceError(reason) from error
    if not grown.text:
        raise SourceError("в PDF нет текста, только изображения: распознайте его (OCR)")
    title = said.get("Title", "").strip()
    yield metadata.extracted(
        grown.text,
        path=source.path,
        title="" if _NO_TITLE.fullmatch(title) else title,
        created=said.get("CreationDate"),
        fields={"author": said.get("Author"), "keywords": said.get("Keywords")},
        locations=grown.locations,
    )


def _pages(document: Any) -> tuple[Growing, dict[str, str]]:
    grown, size = Growing(), 0
    try:
        for number in range(len(document)):
            page = document[number]
            text = page.get_textpage().get_text_range()
            page.close()  # and what was made of it; a book would fill the memory
            size += len(text)
            if size > WHOLE:
                raise SourceError(f"больше {WHOLE >> 20} млн знаков текста: разделите файл на части")
            grown.begin(f"стр. {number + 1}")
            grown.add(_clean(text), "\n")  # a sentence may go on from page to page
        return grown, {name: _INVALID.sub(" ", value) for name, value in document.get_metadata_dict().items()}
    finally:
        document.close()


def _clean(text: str) -> str:
    from indexer.sources.hyphens import rejoined  # with it comes NumPy, of which other formats have no use

    lines = _INVALID.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n"))
    return rejoined(_PAGE_NUMBER.sub("", lines.strip()))
