"""Addresses of indexes on servers: what they say, what the environment adds, what is refused, and what never shows."""

from __future__ import annotations

import pickle
import traceback
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.errors import AddressError
from indexer.opensearch import is_address
from indexer.opensearch.address import API_KEY, CA, PASSWORD, USER, Address, parse

NOTHING: dict[str, str] = {}


def test_server_port_and_index() -> None:
    """The shortest address: the port is OpenSearch's own, nobody says who asks."""
    assert parse("opensearch://search.example/news", NOTHING) == Address((("search.example", 9200),), "news")
    assert parse("opensearch://127.0.0.1:9201/news-2", NOTHING).servers == (("127.0.0.1", 9201),)


def test_several_servers() -> None:
    """A cluster is asked at any of its nodes; IPv6 stands in brackets."""
    address = parse("opensearchs://a.example,b.example:9300,[::1]:9400/news", NOTHING)
    assert address.servers == (("a.example", 9200), ("b.example", 9300), ("::1", 9400))
    assert str(address) == "opensearchs://a.example:9200,b.example:9300,[::1]:9400/news"
    assert address.client_options()["hosts"][2] == {"host": "::1", "port": 9400}


def test_without_tls_nothing_of_tls() -> None:
    """Plain HTTP asks for no TLS, and sends no header."""
    assert parse("opensearch://search.example/news", {CA: "/none"}).client_options() == {
        "hosts": [{"host": "search.example", "port": 9200}]
    }


def test_tls_checks_certificates() -> None:
    """The `s` is enough: certificates are checked unless the address says not to."""
    options = parse("opensearchs://search.example/news", NOTHING).client_options()
    assert options["use_ssl"] is True and options["verify_certs"] is True
    options = parse("opensearchs://search.example/news?insecure=yes", NOTHING).client_options()
    assert options["use_ssl"] is True and options["verify_certs"] is False
    assert parse("opensearchs://search.example/news?insecure=no", NOTHING).verify


def test_certificates_to_trust(tmp_path: Path) -> None:
    """An authority of one's own: by the address, else by the environment; one that is not there is named."""
    mine, theirs = tmp_path / "мой.pem", tmp_path / "их.pem"
    mine.touch()
    theirs.touch()
    assert parse(f"opensearchs://a/news?ca={mine}", {CA: str(theirs)}).ca == str(mine)
    assert parse("opensearchs://a/news", {CA: str(theirs)}).client_options()["ca_certs"] == str(theirs)
    with pytest.raises(AddressError, match=r"Нет файла с сертификатами: .*нет\.pem"):
        parse(f"opensearchs://a/news?ca={tmp_path / 'нет.pem'}", NOTHING)


@pytest.mark.parametrize(
    ("url", "environ", "header"),
    [
        # base64("маша:секрет") in UTF-8
        ("opensearchs://маша:секрет@a/news", {}, "Basic 0LzQsNGI0LA60YHQtdC60YDQtdGC"),
        # escaped: the password is «p@s/s:%»
        ("opensearchs://root:p%40s%2Fs%3A%25@a/news", {}, "Basic cm9vdDpwQHMvczol"),
        # an @ of the password may stand as it is: the last one counts
        ("opensearchs://root:p@ss@a/news", {}, "Basic cm9vdDpwQHNz"),
        ("opensearchs://root:@a/news", {}, "Basic cm9vdDo="),
        ("opensearchs://a/news", {USER: "root", PASSWORD: "p@ss"}, "Basic cm9vdDpwQHNz"),
        # the user by the address, the password by the environment
        ("opensearchs://root@a/news", {PASSWORD: "p@ss"}, "Basic cm9vdDpwQHNz"),
        # the address goes before the environment, whatever that has
        ("opensearchs://root:p@ss@a/news", {USER: "x", PASSWORD: "y", API_KEY: "z"}, "Basic cm9vdDpwQHNz"),
        # a key in Base64 may have + and =
        ("opensearchs://a/news?api_key=aGk+/w==", {USER: "x", PASSWORD: "y"}, "ApiKey aGk+/w=="),
        ("opensearchs://a/news?api_key=aGk%2B", {}, "ApiKey aGk+"),
        ("opensearchs://a/news", {API_KEY: "aGk+"}, "ApiKey aGk+"),
        # variables that are set and empty are as if not set
        ("opensearchs://a/news", {USER: "", API_KEY: "", CA: ""}, None),
    ],
)
def test_who_asks(url: str, environ: Mapping[str, str], header: str | None) -> None:
    """Name and password, or a key, become one header."""
    assert parse(url, environ).client_options().get("headers") == (header and {"Authorization": header})


@pytest.mark.parametrize(
    "url", ["opensearch://root:тайна@search.example/news", "opensearch://search.example/news?api_key=ta1na"]
)
def test_nothing_secret_in_clear_text(url: str) -> None:
    """Without TLS a password or key leaves this machine only where that is asked for."""
    with pytest.raises(AddressError, match=r"Пароль и ключ не посылаются открытым текстом: .*opensearchs://.*insecure"):
        parse(url, NOTHING)
    asked = parse(url + ("&" if "?" in url else "?") + "insecure=yes", NOTHING)
    assert asked.authorization is not None and not asked.tls


def test_nothing_secret_of_the_environment_in_clear_text() -> None:
    """What the environment has is no less secret; every server of the address counts."""
    with pytest.raises(AddressError, match="открытым текстом"):
        parse("opensearch://localhost,search.example/news", {API_KEY: "ta1na"})


@pytest.mark.parametrize("server", ["localhost:9200", "127.0.0.1", "127.8.8.8", "[::1]:9200"])
def test_this_machine_hears_anything(server: str) -> None:
    """What is sent over the loopback passes no wire."""
    assert parse(f"opensearch://root:тайна@{server}/news", NOTHING).authorization is not None


@pytest.mark.parametrize("server", ["localhost.example", "127.0.0.1.example", "128.0.0.1", "0.0.0.0", "[::2]"])
def test_this_machine_is_no_other(server: str) -> None:
    """Names and addresses that only look like the loopback are other machines."""
    with pytest.raises(AddressError, match="открытым текстом"):
        parse(f"opensearch://root:тайна@{server}/news", NOTHING)


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("https://root:ta1na@a/news", "строка, которая начинается с opensearch://"),
        ("OpenSearch://root:ta1na@a/news", "строка, которая начинается с opensearch://"),
        ("opensearchs://root:ta1na@/news", "Сервер в адресе не читается"),
        ("opensearchs://root:ta1na@a,/news", "Сервер в адресе не читается"),
        ("opensearchs://root:ta1na@a:70000/news", "Сервер в адресе не читается"),
        ("opensearchs://root:ta1na@a:0/news", "Сервер в адресе не читается"),
        ("opensearchs://root:ta1na@a:x/news", "Сервер в адресе не читается"),
        # marks of the password that are not escaped: what follows them looks like a port, a name, an option
        ("opensearchs://root:/ta1na@a/news", "Сервер в адресе не читается: .*%2F"),
        ("opensearchs://masha/ta1na@a/news", "Имя индекса в адресе не годится"),
        ("opensearchs://root?ta1na@a/news", "После «.» в адресе можно"),
        ("opensearchs://root:ta1na@a", "В адресе не назван индекс"),
        ("opensearchs://root:ta1na@a/", "В адресе не назван индекс"),
        ("opensearchs://root:ta1na@a/News", "строчные"),
        ("opensearchs://root:ta1na@a/Новости", "строчные"),
        ("opensearchs://root:ta1na@a/news*", "Имя индекса"),
        ("opensearchs://root:ta1na@a/news,mail", "Имя индекса"),
        ("opensearchs://root:ta1na@a/_all", "Имя индекса"),
        ("opensearchs://root:ta1na@a/.security", "Имя индекса"),
        ("opensearchs://root:ta1na@a/..%2f_cluster", "Имя индекса"),
        ("opensearchs://root:ta1na@a/news/_search", "Имя индекса"),
        ("opensearchs://root:ta1na@a/" + "ж" * 101, "не больше 200 байтов"),
        ("opensearchs://root:ta1na@a/news?verify=no", "api_key, ca, insecure"),
        ("opensearchs://root:ta1na@a/news?ca=1&ca=2", "api_key, ca, insecure"),
        ("opensearchs://root:ta1na@a/news?insecure=да", "yes или no"),
        ("opensearchs://root:ta1na@a/news?api_key=k", "Либо пользователь с паролем, либо ключ"),
        ("opensearchs://a/news?api_key=ta1na%0d%0aX:y", "Ключ .* без пробелов"),
        ("opensearchs://a/news?api_key=", "Ключ"),
        ("opensearchs://:ta1na@a/news", "У пользователя есть имя"),
        ("opensearchs://ta1na%3Ax:y@a/news", "имя без двоеточия"),
        ("opensearchs://ta1na@a/news", f"пароль можно дать в {PASSWORD}"),
    ],
)
def test_what_cannot_be_read(url: str, message: str) -> None:
    """One sentence says what is wrong and how it is written, and quotes nothing that may be a password."""
    with pytest.raises(AddressError, match=message) as error:
        parse(url, NOTHING)
    assert "ta1na" not in "".join(traceback.format_exception(error.value))


def test_both_in_the_environment() -> None:
    """Which of the two is meant nobody can tell."""
    with pytest.raises(AddressError, match="Либо пользователь с паролем, либо ключ"):
        parse("opensearchs://a/news", {USER: "root", PASSWORD: "x", API_KEY: "y"})


def test_nothing_secret_shows() -> None:
    """Neither `str` nor `repr` has the password, the key or the header made of them; nor has `repr` of the options."""
    for address in (
        parse("opensearchs://root:ta1na@a/news", NOTHING),
        parse("opensearchs://a/news?api_key=ta1na", NOTHING),
    ):
        assert str(address) == "opensearchs://a:9200/news"
        assert address.authorization is not None
        shown = f"{address} {address!r} {address.client_options()!r}"
        assert "ta1na" not in shown and address.authorization not in shown
        # worker processes are given it
        again = pickle.loads(pickle.dumps(address))
        assert again == address and address.authorization not in repr(again)


@given(st.text(max_size=40))
def test_any_text_is_an_address_or_an_error(text: str) -> None:
    """Nothing else than AddressError is raised; what is read is written so that it is read again."""
    try:
        address = parse(f"opensearchs://{text}", NOTHING)
    except AddressError:
        return
    assert parse(str(address), NOTHING).servers == address.servers


def test_folders_are_no_addresses() -> None:
    """Another scheme than ours is no folder either, nor is an address made a path: errors when they are read."""
    assert is_address("opensearch://a/news")
    for place in ("https://root:ta1na@a/news", "opensearch:/root:ta1na@a/news", Path("opensearch://root:ta1na@a/news")):
        assert is_address(place)
        with pytest.raises(AddressError, match="Адрес индекса на сервере — строка"):
            parse(str(place), NOTHING)
    for folder in ("index_data", "/var/lib/index", "C:/индекс", "C:\\индекс", "a:b", "мой:/индекс", Path("x") / "y:"):
        assert not is_address(folder)
