"""Letters and mailboxes: headers and bodies in whatever was usual, attachments as documents."""

from __future__ import annotations

import io
import zipfile
from email.message import EmailMessage
from pathlib import Path

import pytest

from indexer import Index
from indexer.errors import SourceError
from indexer.model import Document, Problem
from indexer.sources import mail, read


def letter(tmp_path: Path, data: bytes, name: str = "a.eml") -> list[Document | Problem]:
    path = tmp_path / name
    path.write_bytes(data)
    return list(read(path))


def made(text: str = "Лёд тронулся.", **headers: str) -> EmailMessage:
    message = EmailMessage()
    message["Subject"] = "О ледоходе"
    message["From"] = "Лука Пестов <luka@example.org>"
    message["To"] = "vera@example.org, Пристань <port@example.org>"
    message["Date"] = "Fri, 02 Apr 2021 10:00:00 +0400"
    message["Message-ID"] = "<1@example.org>"
    for name, value in headers.items():
        message[name] = value
    message.set_content(text)
    return message


def test_a_letter(tmp_path: Path) -> None:
    assert letter(tmp_path, bytes(made())) == [
        Document(
            "Лёд тронулся.",
            title="О ледоходе",
            date="2021-04-02",
            path=str(tmp_path / "a.eml"),
            fields={
                "from": ["Лука Пестов"],
                "to": ["vera@example.org", "Пристань"],
                "message_id": "<1@example.org>",
            },
        )
    ]


@pytest.mark.parametrize(
    ("why", "data", "subject", "text"),
    [
        (
            "KOI8-R, as it was",
            b"Subject: =?koi8-r?B?8NLJ18XU?=\nContent-Type: text/plain; charset=koi8-r\n\n"
            + "Лёд тронулся у Лопухова".encode("koi8-r"),
            "Привет",
            "Лёд тронулся у Лопухова",
        ),
        (
            "said to be KOI8-R, and is cp1251; the subject says nothing",
            b"Subject: " + "Ледоход на Волге".encode("cp1251")
            + b"\nContent-Type: text/plain; charset=koi8-r\n\n" + "Лёд тронулся у Лопухова".encode("cp1251"),
            "Ледоход на Волге",
            "Лёд тронулся у Лопухова",
        ),
        (
            "quoted-printable in pieces, a charset that nobody has",
            b"Subject: =?windows-1251?Q?=CF=F0=E8?=\n =?windows-1251?Q?=E2=E5=F2?=\n"
            b"Content-Type: text/plain; charset=x-unknown\nContent-Transfer-Encoding: quoted-printable\n\n"
            b"=CB=B8=E4 =F2=F0=EE=ED=F3=EB=F1=FF =F3 =EF=F0=E8=F1=F2=E0=ED=E8",
            "Привет",
            "Лёд тронулся у пристани",
        ),
        (
            "HTML alone",
            "Subject: x\nContent-Type: text/html; charset=utf-8\n\n<p>Лёд <b>тро</b>нулся.</p><p>Пока.</p>".encode(),
            "x",
            "Лёд тронулся.\n\nПока.",
        ),
        ("no body", b"Subject: x\n\n", "x", ""),
        ("a header that is damaged", b"Subject: =?utf-8?B?!!!?= x\nDate: never\n\ntext", "x", "text"),
    ],
)  # fmt: skip
def test_letters_of_all_kinds(why: str, data: bytes, subject: str, text: str, tmp_path: Path) -> None:
    (found,) = letter(tmp_path, data)
    assert isinstance(found, Document)
    assert (found.title, found.text, found.date) == (subject, text, None), why


def test_plain_goes_before_html_and_attachments_are_documents(tmp_path: Path) -> None:
    message = made()
    message.add_alternative("<p>Лёд <b>тронулся</b>, на разметке.</p>", subtype="html")
    message.add_attachment("Договор о переправе.".encode("cp1251"), "text", "plain", filename="договор.txt")
    message.add_attachment(b"\x89PNG", "image", "png", filename="фото.png")
    message.add_attachment(b"%PDF-1.4 broken", "application", "pdf", filename="../../счёт.pdf")
    body, contract, bill = letter(tmp_path, bytes(message))
    path = str(tmp_path / "a.eml")
    assert isinstance(body, Document) and body.text == "Лёд тронулся."
    assert isinstance(contract, Document) and contract.path == f"{path}!/договор.txt"
    assert contract.text == "Договор о переправе."
    assert isinstance(bill, Problem) and (bill.path, bill.reason[:12]) == (f"{path}!/счёт.pdf", "PDF повреждё")


def test_a_mailbox(tmp_path: Path) -> None:
    attached = made("Смотрите вложение.")
    attached.add_attachment("Договор о переправе.".encode(), "text", "plain", filename="договор.txt")
    box = b"".join(
        b"From luka@example.org Fri Apr  2 10:00:00 2021\n" + bytes(one) + b"\n"
        for one in (made("Первое.\n\n>From начала строки."), attached, made("Третье."))
    )
    first, second, contract, third = letter(tmp_path, box, "почта.mbox")
    path = str(tmp_path / "почта.mbox")
    assert [one.path for one in (first, second, contract, third)] == [
        f"{path}!/1", f"{path}!/2", f"{path}!/2/договор.txt", f"{path}!/3"
    ]  # fmt: skip
    assert isinstance(first, Document) and first.text == "Первое.\n\nFrom начала строки."
    with Index.open(tmp_path / "index", create=True) as index:
        index.add_path(tmp_path / "почта.mbox")
        assert [hit.path for hit in index.search("третий", where={"ext": "mbox"})] == ["почта.mbox!/3"]


def test_a_letter_beyond_measure_does_not_stop_the_mailbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail, "WHOLE", 1 << 20)
    head = b"From a\n"
    box = head + b"Subject: x\n\n" + b"a\n" * (1 << 20) + b"\n" + head + bytes(made("Второе."))
    large, second = letter(tmp_path, box, "почта.mbox")
    assert isinstance(large, Problem) and large.reason.startswith("письмо больше 1 МБ")
    assert isinstance(second, Document) and second.text == "Второе."


@pytest.mark.parametrize("name", ["a.eml", "a.mbox"])
def test_what_is_no_letter(name: str, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"не письмо|не почтовый ящик"):
        letter(tmp_path, "\nПросто текст\n".encode(), name)


def test_letters_within_letters_within_letters(tmp_path: Path) -> None:
    """Each level is a message/rfc822 part: a thousand of them are no letter that anyone wrote."""
    data = bytes(made("Внутри."))
    for _ in range(1500):
        data = b"Subject: x\nContent-Type: message/rfc822\n\n" + data
    try:
        found = letter(tmp_path, data)
    except SourceError as error:
        assert "вложено" in str(error)
    else:
        assert len(found) == 1


def test_an_archive_in_a_letter(tmp_path: Path) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("опись.txt", "Три лодки и якорь.")
    message = made()
    message.add_attachment(inner.getvalue(), "application", "zip", filename="бумаги.zip")
    _, found = letter(tmp_path, bytes(message))
    assert isinstance(found, Document) and found.path == str(tmp_path / "a.eml") + "!/бумаги.zip!/опись.txt"
