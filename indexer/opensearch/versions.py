"""Making an index on a cluster, checking how it was made, and making it anew behind the same name.

Users' name is an alias of `NAME-1`; a re-index fills `NAME-2` from the texts stored and moves the alias, so that
searches go on and never see half of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from opensearchpy import exceptions

from indexer.errors import IndexDamaged, IndexerError, IndexVersionError
from indexer.opensearch import mapping
from indexer.opensearch.connection import Connection


def create(connection: Connection) -> None:
    """Make the index where there is none; of two that come at once the second finds it made."""
    with connection.asked():
        if not connection.client.indices.exists_alias(name=connection.index):
            make(connection, f"{connection.index}-1", {"aliases": {connection.index: {"is_write_index": True}}})


def make(connection: Connection, name: str, more: Mapping[str, Any] | None = None) -> None:
    """Make an empty index of the mapping of today; how many shards it has, a template of the cluster may say."""
    if connection.client.indices.exists(index=connection.index) and more is not None:
        raise IndexerError(
            f"Имя {connection.index} на кластере занято индексом, сделанным не этой программой. Выберите другое"
        )
    try:
        connection.client.indices.create(index=name, body={**mapping.index_body(), **(more or {})})
    except exceptions.RequestError as error:
        if error.error != "resource_already_exists_exception":
            raise


def current(connection: Connection) -> tuple[str, dict[str, Any]]:
    """The name of the index behind the alias, and its `_meta`. Raises IndexNotFound."""
    with connection.asked():
        found = connection.client.indices.get_mapping(index=connection.index)
    if len(found) != 1:
        raise IndexDamaged(f"За именем {connection.index} стоит несколько индексов: оставьте один в GET _alias")
    ((name, described),) = found.items()
    meta = described["mappings"].get("_meta", {}).get("indexer")
    if meta is None:
        raise IndexerError(f"Индекс {connection.index} сделан не этой программой. Выберите другое имя")
    return name, meta


def check(connection: Connection) -> None:
    """Whether words are read today as they were then. Raises IndexNotFound, IndexVersionError."""
    _, meta = current(connection)
    now = {"mapping": mapping.VERSION, "analysis": mapping.analysis()}
    if meta["mapping"] > now["mapping"]:
        raise IndexVersionError(f"Индекс {connection.index} сделан более новой программой. Обновите: pip install -U")
    if meta != now:
        raise IndexVersionError(
            f"Индекс {connection.index} собран по другим словарям или правилам. Запустите: indexer relemmatise"
        )


def following(name: str, alias: str) -> str:
    """The name of the index that comes after one: news-1 → news-2."""
    number = name.removeprefix(f"{alias}-")
    return f"{alias}-{int(number) + 1 if number.isdecimal() else 1}"


def switch(connection: Connection, before: str, after: str) -> None:
    """Move the alias from one index to another, at once, and remove the first."""
    actions = [
        {"add": {"index": after, "alias": connection.index, "is_write_index": True}},
        {"remove_index": {"index": before}},
    ]
    with connection.asked():
        connection.client.indices.refresh(index=after)
        connection.client.indices.update_aliases(body={"actions": actions})
