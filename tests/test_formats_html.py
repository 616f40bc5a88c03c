"""HTML: the text that its reader came for, and what the page says of itself."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from indexer.errors import SourceError
from indexer.sources import html
from indexer.sources.encodings import decode

NEWS = """<!doctype html><html lang="ru-RU"><head><meta charset="windows-1251">
<title>Ледоход на Волге начался раньше срока — Волжские вести</title>
<meta property="article:published_time" content="2021-04-02T10:00:00+04:00"><meta name="author" content="Вера Зарубина">
<script>var text = "уступки в скрипте"</script><style>.p{color:red}</style></head><body>
<header class="site"><a href="/">Волжские вести</a> <form><button>Найти</button></form></header>
<nav><ul><li><a href="/n">Новости</a></li><li><a href="/p">Погода</a></li></ul></nav>
<div class="left-menu"><a href="/1">Афиша</a></div>
<div id="content"><h1>Ледоход на Волге начался раньше срока</h1>
<p>Лёд у Лопухова тронулся в пятницу, на <b>две</b> недели раньше обычного,
сообщили на <a href="/m">метеостанции</a>.</p>
<p>Паромную переправу закрыли до середины месяца,<br>а почту возят вертолётом.</p>
<table><tr><th>Пост</th><th>Уровень</th></tr><tr><td>Лопухово</td><td>412 см</td></tr></table></div>
<div><ul><li><a href="/a">Читайте ещё</a></li><li><a href="/b">Куда уехал цирк</a></li>
<li><a href="/c">Все теги</a></li></ul></div><aside>Подпишитесь на рассылку</aside>
<footer>Телефон редакции: 2-12-85</footer></body></html>"""


def test_the_main_text_without_menus() -> None:
    page = html.parse(NEWS.encode("cp1251"))
    assert page.text == (
        "Ледоход на Волге начался раньше срока\n\n"
        "Лёд у Лопухова тронулся в пятницу, на две недели раньше обычного, сообщили на метеостанции.\n\n"
        "Паромную переправу закрыли до середины месяца,\nа почту возят вертолётом.\n\n"
        "Пост \tУровень\nЛопухово \t412 см"
    ).replace(" \t", "\t")
    assert page.title == "Ледоход на Волге начался раньше срока"  # without the name of the site
    assert (page.date, page.lang, page.author) == ("2021-04-02T10:00:00+04:00", "ru-RU", "Вера Зарубина")


def test_the_document_of_a_page(tmp_path: Path) -> None:
    from indexer.sources import read

    path = tmp_path / "a.html"
    path.write_bytes(NEWS.encode("cp1251"))
    (found,) = read(path)
    assert (found.date, found.lang, found.fields) == ("2021-04-02", "ru", {"author": "Вера Зарубина"})  # type: ignore[union-attr]


@pytest.mark.parametrize("encoding", ["utf-8", "cp1251", "koi8-r", "iso8859-5", "mac-cyrillic", "utf-16"])
def test_whatever_encoding_it_declares(encoding: str) -> None:
    """Here all of them say «windows-1251»."""
    text = NEWS.encode(encoding, "ignore").decode(encoding)
    assert "Паромную переправу закрыли" in html.parse(text.encode(encoding)).text


@pytest.mark.parametrize(
    ("why", "page", "text"),
    [
        ("inline elements tear no word", "<p>Не пойдём на ус<b>туп</b>ки.</p>", "Не пойдём на уступки."),
        ("blocks do", "<div>раз</div>два<p>три", "раз\nдва\n\nтри"),
        ("white space is one space", "<p>а\n  б\t<b> в</b></p>", "а б в"),
        ("but not in <pre>", "<pre>а\n  б</pre>", "а\n  б"),
        ("entities", "<p>&laquo;Да&raquo;&nbsp;&mdash; &#1103; сло&shy;во</p>", "«Да»\u00a0— я сло\u00adво"),
        ("a hidden element", "<p>да</p><p hidden>нет</p><p aria-hidden=true>нет</p>", "да"),
        ("the number of a note", "<p>борт<sup><a href=#1>1</a></sup>, м<sup>2</sup></p>", "борт, м2"),
        ("nothing is ever closed", "<p>раз<p>два<b>три", "раз\n\nдватри"),
        ("a page of links alone is a page", "<ul>" + "<li><a href=x>Глава</a>" * 3 + "</ul>", "Глава\nГлава\nГлава"),
        ("a page within a «menu» is a page", "<div class=nav><p>Весь текст страницы здесь.</p></div>",
         "Весь текст страницы здесь."),
        ("<main> within a «sidebar»", "<div class=sidebar><i>Меню</i><main>Текст страницы.</main></div><p>Подвал</p>",
         "Текст страницы."),
        ("an article that is a teaser", "<article>Анонс</article><p>" + "Длинный текст. " * 5 + "</p>",
         "Анонс\n\n" + ("Длинный текст. " * 5).strip()),
        ("no text", "<html><body></body></html>", ""),
        ("nothing", "", ""),
        ("NUL and other controls", "<p>На рассвете\0лёд\x01тронулся у самой пристани.</p>",
         "На рассвете лёд тронулся у самой пристани."),
    ],
)  # fmt: skip
def test_text(why: str, page: str, text: str) -> None:
    assert html.parse(page.encode()).text.replace(" \t", "\t") == text, why


@pytest.mark.parametrize(
    ("why", "head", "title", "date"),
    [
        ("a title that no heading has", "<title>Новость</title><h1>Погода</h1>", "Новость", None),
        ("a heading alone", "<h1>Погода</h1>", "Погода", None),
        ("what it tells other sites", "<meta property=og:title content=Погода>", "Погода", None),
        ("a date within a script", '<script type="application/ld+json">{"datePublished": "2021-04-02"}</script>', "",
         "2021-04-02"),
        ("a date in an element", "<time datetime=2021-04-02>вчера</time>", "", "2021-04-02"),
    ],
)  # fmt: skip
def test_title_and_date(why: str, head: str, title: str, date: str | None) -> None:
    page = html.parse(f"{head}<p>Текст.</p>".encode())
    assert (page.title, page.date) == (title, date), why


def test_a_template_that_says_en_is_not_believed(tmp_path: Path) -> None:
    from indexer.sources import read

    (tmp_path / "a.html").write_text("<html lang=en><p>Лёд на Волге тронулся.", "utf-8")
    (found,) = read(tmp_path / "a.html")
    assert found.lang is None  # type: ignore[union-attr]  # it will be detected


def test_headings_stand_where_they_say() -> None:
    page = html.parse("<h1>Первая</h1><p>раз<h2> Вторая\nглава </h2>два".encode(), whole=True)
    assert [page.text[at : at + len(name)] for at, name in page.headings] == ["Первая", "Вторая глава"]


@pytest.mark.parametrize("piece", ["<div>", "<a ", "<a b='", "<!--", "<![CDATA[", "</", "&", "<table><tr><td>", "<b>"])
def test_pages_made_to_take_for_ever_do_not(piece: str) -> None:
    """Some of these take Python's own parser hours, the square of their length."""
    try:
        html.parse((piece * 50_000 + "текст").encode())
    except SourceError as error:
        assert "вложенность" in str(error)


def test_depth_is_bounded() -> None:
    with pytest.raises(SourceError, match="слишком глубокая вложенность"):
        html.parse(b"<b>" * 200_000)


@given(st.text(st.sampled_from("<>/=\"' !-abpdivhr1&;#xа\n"), max_size=200))
@example("&#1")
def test_any_bytes_are_a_page(page: str) -> None:
    found = html.parse(page.encode())
    assert found.text == found.text.strip(" \n\t")
    assert all(found.text[at] == name[0] for at, name in found.headings)
    assert decode(found.text.encode(), "utf-8") is not None
