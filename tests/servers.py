"""Real OpenSearch servers on this machine, made of the jars that `opensearch/pom.xml` names.

`start(nodes)` gives a `Cluster`: each node is a process of its own with its own data, so that killing it is what it
would be elsewhere. Everything listens on 127.0.0.1. The jars are fetched once and kept in the user's cache folder,
apart for each state of `opensearch/`; data lies in a temporary folder. A node ends when its standard input does, and
so never outlives the tests.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

SOURCES = Path(__file__).parent / "opensearch"
HOST = "127.0.0.1"
# Seconds for a cluster to form; it takes some 10 when nothing else runs.
PATIENCE = 120
# A small heap; the plain collector, and code compiled early rather than well: a node lives for seconds.
JVM = ("java", "-Xms256m", "-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
# The classes as the JVM has read and checked them once: a node starts in half the time.
CLASSES = "classes.jsa"
SETTINGS = {
    "network.host": HOST,
    "cluster.name": "indexer-tests",
    # a disk nearly full would make indexes read only
    "cluster.routing.allocation.disk.threshold_enabled": "false",
    # nodes on one machine find each other, and elect, at once
    "discovery.find_peers_interval": "100ms",
    "cluster.election.initial_timeout": "50ms",
}


class Unavailable(Exception):
    """No server can be started here; the message is the reason."""


class Cluster:
    """Nodes that run: `urls[i]` is where node `i` is asked, before and after its death. Closes as a context."""

    def __init__(self, program: Path, nodes: int, jvm: Sequence[str]) -> None:
        self._program = program
        self._jvm = jvm
        self._folder = Path(tempfile.mkdtemp(prefix="indexer-opensearch-"))
        ports = _free_ports(2 * nodes)
        self._http, self._transport = ports[:nodes], ports[nodes:]
        self.urls = [f"http://{HOST}:{port}" for port in self._http]
        self._processes: dict[int, subprocess.Popen[bytes]] = {}
        try:
            for node in range(nodes):
                self._launch(node)
            self._wait()
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def running(self) -> list[int]:
        """The nodes that run."""
        return sorted(self._processes)

    def kill(self, node: int) -> None:
        """End a node as `kill -9` does: it says farewell to nobody, and writes nothing more."""
        process = self._processes.pop(node)
        process.kill()
        process.communicate()

    def restart(self, *nodes: int) -> None:
        """Start nodes that were killed again, with their data and ports; returns when all that run are one cluster."""
        for node in nodes:
            self._launch(node)
        self._wait()

    def close(self) -> None:
        """End all nodes, and remove their data."""
        for node in list(self._processes):
            self.kill(node)
        shutil.rmtree(self._folder)

    def _launch(self, node: int) -> None:
        home = self._folder / f"node-{node}"
        home.mkdir(exist_ok=True)
        settings = SETTINGS | {
            "path.home": str(home),
            "node.name": f"node-{node}",
            "http.port": str(self._http[node]),
            "transport.port": str(self._transport[node]),
        }
        if len(self._http) == 1:
            settings["discovery.type"] = "single-node"
        else:
            settings["discovery.seed_hosts"] = ",".join(f"{HOST}:{port}" for port in self._transport)
            settings["cluster.initial_cluster_manager_nodes"] = ",".join(f"node-{n}" for n in range(len(self._http)))
        with (home / "log").open("ab") as log:
            self._processes[node] = subprocess.Popen(
                [*self._jvm, f"-XX:SharedArchiveFile={self._program / CLASSES}", *_server(self._program, settings)],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def _wait(self) -> None:
        """Until every node that runs sees all the others."""
        end = time.monotonic() + PATIENCE
        for node, process in self._processes.items():
            health = f"{self.urls[node]}/_cluster/health?wait_for_nodes={len(self._processes)}&timeout={PATIENCE}s"
            while not _answers(health):
                if process.poll() is not None or time.monotonic() > end:
                    log = (self._folder / f"node-{node}" / "log").read_text(errors="replace")
                    raise AssertionError(f"node {node} did not start:\n{log[-4000:]}")
                time.sleep(0.05)


def start(nodes: int = 1, jvm: Sequence[str] = JVM) -> Cluster:
    """Start a cluster of so many nodes, and wait until they are one; `jvm` is the command and its options.

    Raises:
        Unavailable: Java, Maven or the jars are not to be had here.
    """
    return Cluster(_program(), nodes, jvm)


def _program() -> Path:
    """The folder of the jars, and of what the JVM keeps of them; made when the cache has none for these sources."""
    _need("java")
    digest = hashlib.sha256()
    for source in sorted(SOURCES.iterdir()):
        digest.update(source.read_bytes())
    caches = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "indexer-tests"
    program = caches / f"opensearch-server-{digest.hexdigest()[:16]}"
    if not program.exists():
        caches.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=caches) as made:
            _build(Path(made))
            # whole or not at all, as another run may do the same now; what came first stays
            try:
                (Path(made) / "program").rename(program)
            except OSError:
                if not program.exists():
                    raise
    if not (program / CLASSES).exists():
        with tempfile.TemporaryDirectory(dir=caches) as made:
            _archive(program, Path(made))
    return program


def _build(folder: Path) -> None:
    """Fetch the jars and add the one of `Server.java`, all to the folder `program`; use `folder` for the rest."""
    _need("mvn")
    _need("javac")
    program = folder / "program"
    try:
        _run(
            "mvn", "-q", "-B", "-f", SOURCES / "pom.xml", "dependency:copy-dependencies", f"-DoutputDirectory={program}"
        )
    except RuntimeError as error:
        raise Unavailable(f"the jars of OpenSearch are not to be had: {error}") from error
    _run("javac", "-cp", program / "*", "-d", folder / "classes", SOURCES / "Server.java")
    _run("jar", "cf", program / "server.jar", "-C", folder / "classes", ".")


def _archive(program: Path, folder: Path) -> None:
    """Let a server start and end, and keep what the JVM made of its classes; it holds for jars in their last place."""
    settings = SETTINGS | {"path.home": str(folder), "discovery.type": "single-node", "http.port": "0"}
    settings["transport.port"] = "0"
    _run(*JVM, f"-XX:ArchiveClassesAtExit={folder / CLASSES}", *_server(program, settings))
    (folder / CLASSES).rename(program / CLASSES)


def _server(program: Path, settings: dict[str, str]) -> list[str]:
    """What follows the options of the JVM in the command that starts a node."""
    return ["-cp", str(program / "*"), "Server", *(f"{name}={value}" for name, value in settings.items())]


def _need(command: str) -> None:
    if shutil.which(command) is None:
        raise Unavailable(f"OpenSearch needs a JDK of Java 17 and Maven: there is no command `{command}`")


def _run(*command: str | Path) -> None:
    done = subprocess.run(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(map(str, command))}\n{done.stdout[-2000:]}")


def _free_ports(count: int) -> list[int]:
    """Ports nobody listens on, all different: they are held together until all are known."""
    sockets = [socket.create_server((HOST, 0)) for _ in range(count)]
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=PATIENCE):
            return True
    except (urllib.error.URLError, ConnectionError):
        return False
