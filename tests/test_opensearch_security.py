"""OpenSearch over TLS, with passwords and keys, and asked by people who mean no good; a gateway stands before it."""

from __future__ import annotations

import json
import logging
import ssl
import traceback
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
import servers
import trustme
from gateway import Answer, Gateway, Request

from indexer import Document, Index, IndexerError
from indexer.cli import indexer as indexer_command
from indexer.cli import search as search_command
from indexer.opensearch.address import API_KEY, CA, PASSWORD, USER

LETTERS = [
    Document("Порт Ванино закрыт из-за шторма, паром стоит у причала.", id="порт", title="Шторм", path="a/б.txt"),
    Document(
        "Мост через Лену построят к 2028 году, сообщил министр.",
        id="мост",
        title="Стройка",
        path="a.b/(c|d)+[x]{2}.txt",
    ),
    Document(
        "Рыбаки из Магадана вернулись с уловом; лёд сошёл рано.", id="лёд", title="Путина", path='a&b/~@#<1-9>^$"*?.md'
    ),
    Document('Поле match_all и слово query_string: {"script": 1}; field:*', id="код", title="_id", lang="ru"),
    Document("OR NOT AND (скобки) [0 TO 100] a|b k:мост l:мост s:мост", id="знаки", title="k:порт|l:порт", lang="ru"),
]
# Queries that are something else elsewhere: JSON, Lucene's syntax, scripts, templates, terms as the mapping has them.
ATTACKS = [
    '{"match_all": {}}',
    '{"query": {"match_all": {}}}',
    '"}}, {"match_all": {}}, {"x": {"y": "',
    '"}}\n{"index":"*"}\n{"query":{"match_all":{}}}\n',
    "*:*",
    "_exists_:text",
    "_id:порт",
    "id:порт OR text:*",
    "text_units:k:мост",
    "/.*/",
    "/мос[а-я]/",
    "[* TO *]",
    "{a TO я}",
    "мост^1000",
    "мост~2 OR *",
    "k:мост",
    "l:мост",
    "k:мост|k:порт",
    "мост|k:порт",
    "k*",
    "*:мост",
    "*|*",
    "м?ст|*",
    "м\\*",
    "\\*",
    "e*|k:порт",
    "doc['id'].value",
    '{"script": {"source": "while(true){}"}}',
    "Runtime.getRuntime().exec('id')",
    "{{#toJson}}x{{/toJson}}",
    "${jndi:ldap://127.0.0.1/x}",
    "(" * 200 + "мост" + ")" * 200,
    '"' * 99,
    "мост\u0000порт",
    "мост\u2028порт",
    "мост\r\nпорт",
    "\ud800мост",
    "%D0%BC",
    "../_cluster/settings",
    "?pretty&q=*",
    "_",
    "lang:*",
    "path:../*",
    "path:.*",
    "path:a.b/*",
    "path:a.b/(c|d)+[[]x]{2}.txt",
    "path:a?b",
    "path:[!a]*",
    "path:[a-",
    "path:[^a]*",
    "path:[]]*",
    "path:a&b/~@#<1-9>*",
    'path:"a&b/~@#<1-9>^$*"',
    "path:\\\\*",
    "path:(a|b)*",
    "path:" + "*a" * 30,
    "date:now-1d",
    "field:{}",
]

# Every operator, and what becomes of a query that finds nothing.
HONEST = """мост
мост порт
мост небывальщина
***
"порт ванино"
мос* м?ст
-мост порт
мост ИЛИ порт
стор~1
порт & шторм
порт /3 шторм
заголовок:шторм
lang:ru порт
date:2020..2021
path:a/*
=мост
ванино-порт""".splitlines()


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> tuple[ssl.SSLContext, Path]:
    """A server's TLS for 127.0.0.1, and the file of the authority that stands for it."""
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    file = tmp_path_factory.mktemp("tls") / "ca.pem"
    authority.cert_pem.write_to_path(str(file))
    return context, file


@pytest.fixture(scope="module", autouse=True)
def filled(cluster: servers.Cluster) -> Iterator[None]:
    """The letters, on the server itself."""
    with Index.open(f"opensearch://{cluster.urls[0].removeprefix('http://')}/letters", create=True) as index:
        index.add_many(LETTERS)
    yield


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """An environment that says nothing of servers."""
    for name in (USER, PASSWORD, API_KEY, CA, "INDEXER_DATA", "SSL_CERT_FILE", "SSL_CERT_DIR"):
        monkeypatch.delenv(name, raising=False)


def found(address: str, query: str) -> list[str]:
    """What an index finds, in order of names."""
    with Index.open(address) as index:
        return sorted(hit.id for hit in index.search(query, repair=False, limit=100))


def test_tls_with_an_authority_of_ones_own(
    cluster: servers.Cluster, authority: tuple[ssl.SSLContext, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """`ca` in the address or the environment: certificates of that authority are good."""
    context, file = authority
    with Gateway(cluster.urls[0], tls=context) as gateway:
        assert found(f"opensearchs://{gateway.host}/letters?ca={file}", "причалы") == ["порт"]
        monkeypatch.setenv(CA, str(file))
        assert found(f"opensearchs://{gateway.host}/letters", "рыбаков") == ["лёд"]


def test_tls_of_a_stranger(cluster: servers.Cluster, authority: tuple[ssl.SSLContext, Path]) -> None:
    """A certificate that nobody known stands for: one sentence, and not a word was sent to that server."""
    context, _ = authority
    with Gateway(cluster.urls[0], tls=context) as gateway:
        with pytest.raises(IndexerError, match="Сертификат"):
            found(f"opensearchs://root:тайна@{gateway.host}/letters", "рыбаков")
        assert gateway.heard == []


def test_tls_of_another_server(cluster: servers.Cluster, authority: tuple[ssl.SSLContext, Path]) -> None:
    """A good certificate of another name is not this server's."""
    context, file = authority
    with Gateway(cluster.urls[0], tls=context) as gateway:
        host = gateway.host.replace("127.0.0.1", "localhost")
        with pytest.raises(IndexerError, match="Сертификат"):
            found(f"opensearchs://root:тайна@{host}/letters?ca={file}", "рыбаков")
        assert gateway.heard == []


def test_tls_unchecked_when_asked_for(cluster: servers.Cluster, authority: tuple[ssl.SSLContext, Path]) -> None:
    """`insecure=yes` takes any certificate."""
    context, _ = authority
    with Gateway(cluster.urls[0], tls=context) as gateway:
        assert found(f"opensearchs://{gateway.host}/letters?insecure=yes", "рыбаков") == ["лёд"]


def test_tls_where_there_is_none(cluster: servers.Cluster) -> None:
    """HTTPS asked of a server that speaks HTTP is an error, and no try without TLS follows."""
    with Gateway(cluster.urls[0]) as gateway:
        with pytest.raises(IndexerError):
            found(f"opensearchs://root:тайна@{gateway.host}/letters", "рыбаков")
        assert gateway.heard == []


def only(header: str) -> Any:
    """Turns away who does not say just this, as the security plugin does."""

    def meddle(request: Request) -> Answer | None:
        return None if request.headers.get("authorization") == header else Answer(401, b"Unauthorized", "text/plain")

    return meddle


def test_password_of_the_address(cluster: servers.Cluster) -> None:
    """Basic authentication in every request; who has another password is told so."""
    with Gateway(cluster.urls[0], meddle=only("Basic 0LzQsNGI0LA60YHQtdC60YDQtdGC")) as gateway:
        assert found(f"opensearch://маша:секрет@{gateway.host}/letters", "рыбаков") == ["лёд"]
        with pytest.raises(IndexerError, match="не принял имя, пароль или ключ"):
            found(f"opensearch://маша:другой@{gateway.host}/letters", "рыбаков")


def test_password_and_key_of_the_environment(cluster: servers.Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    """What should not stand in an address."""
    with Gateway(cluster.urls[0], meddle=only("Basic 0LzQsNGI0LA60YHQtdC60YDQtdGC")) as gateway:
        monkeypatch.setenv(USER, "маша")
        monkeypatch.setenv(PASSWORD, "секрет")
        assert found(f"opensearch://{gateway.host}/letters", "рыбаков") == ["лёд"]
        monkeypatch.delenv(USER)
        monkeypatch.setenv(API_KEY, "a2V5+/==")
        gateway.meddle = only("ApiKey a2V5+/==")
        assert found(f"opensearch://{gateway.host}/letters", "рыбаков") == ["лёд"]


def test_worker_processes_ask_as_their_parent_does(
    cluster: servers.Cluster, authority: tuple[ssl.SSLContext, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Their connections have the same authority and the same password; what they cannot send they report."""
    context, file = authority
    monkeypatch.setenv(USER, "маша")
    monkeypatch.setenv(PASSWORD, "секрет")
    with Gateway(cluster.urls[0], tls=context, meddle=only("Basic 0LzQsNGI0LA60YHQtdC60YDQtdGC")) as gateway:
        with Index.open(f"opensearchs://{gateway.host}/workers?ca={file}", create=True) as index:
            assert index.add_many(LETTERS, jobs=2).added == len(LETTERS)
        assert gateway.count("_bulk") == 1


def failure(address: str) -> IndexerError:
    """How a search fails."""
    with pytest.raises(IndexerError) as error:
        found(address, "рыбаков")
    return error.value


def test_nothing_secret_is_shown(
    cluster: servers.Cluster,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Not by commands that work, nor by those that fail, nor by logs, `repr`, and tracebacks with their variables."""
    monkeypatch.setenv(USER, "marina")
    monkeypatch.setenv(PASSWORD, "ta1na")
    caplog.set_level(logging.DEBUG)
    shown: list[str] = []
    with Gateway(cluster.urls[0]) as gateway:
        address = f"opensearch://{gateway.host}/letters"
        monkeypatch.setenv("INDEXER_DATA", address)
        assert search_command.main(["рыбаков"]) == 0
        assert indexer_command.main(["status"]) == 0
        assert indexer_command.main(["status", "--json"]) == 0
        with Index.open(address) as index:
            shown.append(repr(index))
        gateway.meddle = only("Basic bWFyaW5hOmRydWdveQ==")  # another password
        assert search_command.main(["рыбаков"]) == 2
        with_variables = traceback.TracebackException.from_exception(failure(address), capture_locals=True)
    shown += [*with_variables.format(), *traceback.format_exception(failure(address))]  # and now nobody is there
    shown += [*capsys.readouterr(), caplog.text]
    assert gateway.heard[0].headers["authorization"] == "Basic bWFyaW5hOnRhMW5h"
    assert "Магадан" in "".join(shown)  # there was something to see
    for secret in ("ta1na", "bWFyaW5hOnRhMW5h"):
        assert secret not in "".join(shown)


def names(value: Any) -> Iterable[str]:
    """Every name in a JSON value: what OpenSearch understands rather than looks for."""
    if isinstance(value, dict):
        for name, child in value.items():
            yield name
            yield from names(child)
    elif isinstance(value, list):
        for child in value:
            yield from names(child)


def asked(gateway: Gateway) -> tuple[set[str], set[str]]:
    """Paths that were asked, and all names in the JSON that was sent there."""
    paths = {request.path.partition("?")[0] for request in gateway.heard}
    lines = [line for request in gateway.heard for line in request.body.splitlines() if line]
    return paths, {name for line in lines for name in names(json.loads(line))}


def test_what_is_typed_is_only_looked_for(cluster: servers.Cluster, tmp_path: Path) -> None:
    """The same documents as a local index finds, by requests of the same names as honest queries are made of."""
    with Gateway(cluster.urls[0]) as gateway, Index.open(tmp_path, create=True) as local:
        local.add_many(LETTERS)
        with Index.open(f"opensearch://{gateway.host}/letters") as index:
            for query in HONEST:
                index.search(query, repair=False)
            paths, words = asked(gateway)
            for query in ATTACKS:
                mine, theirs = (each.search(query, repair=False, limit=100) for each in (local, index))
                assert sorted(hit.id for hit in theirs) == sorted(hit.id for hit in mine), query
            attacked_paths, attacked_words = asked(gateway)
    assert attacked_paths <= paths
    assert attacked_words <= words
    assert not words & {"query_string", "simple_query_string", "script", "wrapper", "template"}


def test_names_of_documents_are_only_names(cluster: servers.Cluster) -> None:
    """What elsewhere is a path, a mask or a list of them is an id like any other."""
    strange = ["*", "_all", "_search", "../letters", "мост/../порт", "?q=*", "мост,порт", "%2e%2e", " ", "#", "х" * 600]
    with Index.open(f"opensearch://{cluster.urls[0].removeprefix('http://')}/names", create=True) as index:
        index.add_many([Document("Мост построят.", id="мост"), Document("Порт закрыт.", id="порт")])
        assert index.delete(*strange) == 0
        assert [name for name in strange if name in index] == []
        index.add_many([Document(f"Буксир номер {number}", id=name) for number, name in enumerate(strange)])
        assert len(index) == 2 + len(strange)
        assert [index.get(name).text for name in strange] == [f"Буксир номер {n}" for n in range(len(strange))]
        assert index.delete(*strange) == len(strange)
        assert sorted(hit.id for hit in index.search("порт | мост")) == ["мост", "порт"]


def test_values_of_filters_are_only_values(cluster: servers.Cluster, tmp_path: Path) -> None:
    """Names of fields and what is asked of them find what they find in a local index."""
    documents = [Document("Мост построят.", id="мост", fields={"тема": "стройка", "a.b": "{}", "_id": "*"})]
    asked_for = [{"тема": "*"}, {"a.b": "{}"}, {"_id": "*"}, {"_id": "мост"}, {"*": "стройка"}, {"тема": "стройка\t*"}]
    with (
        Index.open(tmp_path, create=True) as local,
        Index.open(f"opensearch://{cluster.urls[0].removeprefix('http://')}/values", create=True) as index,
    ):
        local.add_many(documents)
        index.add_many(documents)
        for where in asked_for:
            assert len(index.search("мост", where=where)) == len(local.search("мост", where=where)), where
        facets = ["тема", "a.b", "_id", "*", "{}"]
        assert index.search("мост", facets=facets).facets == local.search("мост", facets=facets).facets
