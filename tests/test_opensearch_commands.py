"""The two commands on an index that is on a cluster: the same arguments, the same answers, an address for a folder."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
import servers

from indexer.cli import indexer as indexer_command
from indexer.cli import search as search_command


@pytest.fixture
def address(cluster: servers.Cluster, monkeypatch: pytest.MonkeyPatch) -> str:
    """An index for these tests, which the environment names."""
    address = f"opensearch://{cluster.urls[0].removeprefix('http://')}/commands"
    monkeypatch.setenv("INDEXER_DATA", address)
    return address


def run(arguments: Sequence[str], capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    """Exit code, stdout and stderr of a command line."""
    command, *rest = arguments
    code = {"search": search_command, "indexer": indexer_command}[command].main(rest)
    return code, *capsys.readouterr()


def test_from_an_empty_cluster_to_an_empty_index(
    address: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Add, search, look, keep up, export, remove."""
    code, out, err = run(["search", "паром"], capsys)
    assert (code, out) == (2, "") and "indexer add" in err  # there is none yet: what to do

    folder = tmp_path / "письма"
    folder.mkdir()
    (folder / "паром.txt").write_text("Паром из Ванино задержали на трое суток.", encoding="utf-8")
    (folder / "мост.txt").write_text("Мост через Лену построят к 2028 году.", encoding="utf-8")
    code, out, _ = run(["indexer", "add", str(folder)], capsys)
    assert (code, out.partition(" (")[0]) == (0, "2 новых, 0 изменено, 0 удалено, 0 без изменений, 0 с ошибкой")

    code, out, _ = run(["search", "паромом"], capsys)
    assert code == 0 and "Паром из Ванино задержали" in out
    assert run(["search", "-l", "паромы"], capsys)[1] == f"{folder / 'паром.txt'}\n"
    assert run(["search", "--index", address, "-c", "мост ИЛИ паром"], capsys)[1] == "2\n"
    assert run(["search", "лебёдка"], capsys)[0] == 1

    status = json.loads(run(["indexer", "status", "--json"], capsys)[1])
    assert (status["index"], status["documents"], status["languages"]) == (address, 2, {"ru": 2})
    assert "Лемм:          —" in run(["indexer", "status"], capsys)[1]
    assert run(["indexer", "check"], capsys)[:2] == (0, f"Индекс {address}: все шарды на месте. Документов: 2\n")
    assert run(["indexer", "compact"], capsys)[0] == 0
    assert run(["indexer", "relemmatise"], capsys)[:2] == (0, "Леммы определены заново.\n")
    assert run(["search", "-c", "паромы"], capsys)[1] == "1\n"

    (folder / "мост.txt").unlink()
    code, out, _ = run(["indexer", "add", "--prune", str(folder)], capsys)
    assert out.partition(" (")[0] == "0 новых, 0 изменено, 1 удалён, 1 без изменений, 0 с ошибкой"

    (tmp_path / "строки.jsonl").write_text('{"id": "1", "text": "Буксир"}', encoding="utf-8")
    assert run(["indexer", "add", "-q", "--jsonl", str(tmp_path / "строки.jsonl")], capsys)[0] == 0
    exported = [json.loads(line)["text"] for line in run(["indexer", "export"], capsys)[1].splitlines()]
    assert sorted(exported) == ["Буксир", "Паром из Ванино задержали на трое суток."]
    assert run(["indexer", "rm", "1", str(folder)], capsys)[:2] == (0, "2 удалено\n")
    assert run(["search", "паром"], capsys)[0] == 1


@pytest.mark.usefixtures("address")
def test_what_only_folders_have(capsys: pytest.CaptureFixture[str]) -> None:
    """One sentence, and nothing done."""
    code, out, err = run(["indexer", "check", "--repair"], capsys)
    assert (code, out) == (2, "") and "только с папкой индекса" in err


def test_an_address_mistyped(capsys: pytest.CaptureFixture[str]) -> None:
    """It is told how addresses are written, and no folder of such a name is made."""
    code, out, err = run(["indexer", "--index", "opensearch:/masha:ta1na@localhost/news", "add", __file__], capsys)
    assert (code, out) == (2, "") and "opensearch://" in err and "ta1na" not in err
    assert not Path("opensearch:").exists()
