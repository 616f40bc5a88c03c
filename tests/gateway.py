"""A server between the library and OpenSearch, that can do what networks and busy servers do.

It passes every request on and its answer back; `meddle` sees a request first and may answer it itself, or not at all,
and `amend` may change an answer on its way back. With a TLS context it speaks HTTPS to the library. What it has heard
stands in `heard`, in order.
"""

from __future__ import annotations

import gzip
import http.client
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Request:
    """What the library asked; the body unpacked, names of headers in small letters."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """What is sent back."""

    status: int
    body: bytes
    type: str = "application/json; charset=UTF-8"


class Cut(Exception):
    """Raised by `meddle` or `amend`: the connection is closed without an answer."""


Meddle = Callable[[Request], Answer | None]
Amend = Callable[[Request, Answer], Answer]


class Gateway:
    """Listens on a free port of 127.0.0.1 until closed; passes on to `target`, a URL of plain HTTP."""

    def __init__(
        self,
        target: str,
        *,
        meddle: Meddle | None = None,
        amend: Amend | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.target, self.meddle, self.amend = urlsplit(target).netloc, meddle, amend
        self.heard: list[Request] = []
        self._lock = Lock()
        gateway = self

        class Handler(_Handler):
            owner = gateway

        self._server = _Server(("127.0.0.1", 0), Handler)
        self.host = f"127.0.0.1:{self._server.server_port}"
        if tls is not None:
            # the handshake in the thread of the connection, not in the one that accepts
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True, do_handshake_on_connect=False)
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def count(self, part: str) -> int:
        """How many requests so far have `part` in their path."""
        with self._lock:
            return sum(part in request.path for request in self.heard)

    def answer(self, request: Request) -> Answer:
        """Hear a request, and ask the target unless `meddle` knows better."""
        with self._lock:
            self.heard.append(request)
        answer = self.meddle(request) if self.meddle else None
        if answer is None:
            answer = self._pass_on(request)
        return self.amend(request, answer) if self.amend else answer

    def _pass_on(self, request: Request) -> Answer:
        connection = http.client.HTTPConnection(self.target, timeout=60)
        kept = {name: request.headers[name] for name in ("content-type", "accept") if name in request.headers}
        try:
            connection.request(request.method, request.path, request.body or None, kept)
            response = connection.getresponse()
            return Answer(response.status, response.read(), response.headers.get("content-type", ""))
        finally:
            connection.close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: Any) -> None:
        """Connections that end early are what the tests are of."""


class _Handler(BaseHTTPRequestHandler):
    owner: Gateway
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # an answer in one piece

    def handle_one_request(self) -> None:
        self.raw_requestline = self.rfile.readline(65537)
        if not self.raw_requestline or not self.parse_request():
            self.close_connection = True
            return
        headers = {name.lower(): value for name, value in self.headers.items()}
        body = self.rfile.read(int(headers.get("content-length", 0)))
        if headers.get("content-encoding") == "gzip":
            body = gzip.decompress(body)
        try:
            answer = self.owner.answer(Request(self.command, self.path, headers, body))
        except Cut:
            self.close_connection = True
            return
        self.send_response_only(answer.status)
        self.send_header("content-type", answer.type)
        self.send_header("content-length", str(len(answer.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body)
        self.wfile.flush()

    def log_message(self, *_: Any) -> None:
        """The tests print for themselves."""
