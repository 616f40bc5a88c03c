"""The address of an index on a cluster → how to ask it: servers, name, TLS, who asks.

    opensearch://[user[:password]@]server[:9200][,server…]/index[?option=value&…]
    opensearchs://…                                         the same over TLS, certificates checked

Options: `api_key`; `ca`, a file of certificates to trust; `insecure=yes`: over TLS no check of certificates, without
TLS a password or key in clear text. What should not stand in an address is taken from the environment: the names below.

Nothing of an address that cannot be read is quoted in an error, as it may be part of a password.
"""

from __future__ import annotations

import ipaddress
import re
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from indexer.errors import AddressError

# Names in the environment; what the address itself says goes before them.
USER = "INDEXER_OPENSEARCH_USER"
PASSWORD = "INDEXER_OPENSEARCH_PASSWORD"
API_KEY = "INDEXER_OPENSEARCH_API_KEY"
CA = "INDEXER_OPENSEARCH_CA"

_TLS = {"opensearch": False, "opensearchs": True}
_PORT = 9200
_OPTIONS = {"api_key", "ca", "insecure"}
_FORM = "адрес пишется так: opensearchs://пользователь:пароль@сервер:9200/индекс"
_ESCAPED = "знаки @ : / ? # % & в имени, пароле и ключе пишутся как %40 %3A %2F %3F %23 %25 %26"
_SERVER = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[\w.-]+)(?::([0-9]{1,5}))?")
# What OpenSearch allows of names, less `.`, with which those of its own begin.
_NAME = re.compile(r"""[^-_+.\s\\/*?"<>|,#:][^\s\\/*?"<>|,#:]*""")
_LONGEST_NAME = 200  # bytes of UTF-8, of 255: versions of the index are named by it too


class Secret(str):
    """A text that is sent and not shown: tracebacks with the values of variables show its `repr`."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "Secret(…)"


@dataclass(frozen=True, slots=True)
class Address:
    """Where an index is and how to ask there. Shows no password or key, neither in `str` nor in `repr`."""

    servers: tuple[tuple[str, int], ...]
    index: str
    tls: bool = False
    verify: bool = True
    ca: str | None = None
    # the value of the HTTP header of this name
    authorization: Secret | None = None

    def __str__(self) -> str:
        servers = ",".join(f"[{host}]:{port}" if ":" in host else f"{host}:{port}" for host, port in self.servers)
        return f"opensearch{'s' if self.tls else ''}://{servers}/{self.index}"

    def client_options(self) -> dict[str, Any]:
        """What `opensearchpy.OpenSearch` is made with; has the password or key."""
        options: dict[str, Any] = {"hosts": [{"host": host, "port": port} for host, port in self.servers]}
        if self.authorization is not None:
            options["headers"] = {"Authorization": self.authorization}
        if self.tls:
            # who writes insecure=yes has been warned by the word
            options |= {"use_ssl": True, "verify_certs": self.verify, "ca_certs": self.ca, "ssl_show_warn": False}
        return options


def parse(url: str, environ: Mapping[str, str]) -> Address:
    """Read an address, and the rest from the environment.

    Raises:
        AddressError: the address cannot be read, or would send a password or a key in clear text.
    """
    scheme, _, rest = url.partition("://")
    if scheme not in _TLS:
        raise AddressError(
            "Адрес индекса на сервере — строка, которая начинается с opensearch:// или, с TLS, opensearchs://"
        )
    tls = _TLS[scheme]
    place, _, query = rest.partition("?")
    authority, _, name = place.partition("/")
    credentials, at, hosts = authority.rpartition("@")
    servers = tuple(_server(each) for each in hosts.split(","))
    options = _options(query)
    insecure = options.get("insecure") == "yes"
    authorization = _authorization(credentials if at else None, options.get("api_key"), environ)
    if authorization and not (tls or insecure or all(_is_loopback(host) for host, _ in servers)):
        raise AddressError(
            "Пароль и ключ не посылаются открытым текстом: замените opensearch:// на opensearchs:// (TLS)"
            " или, если сети можно верить, добавьте в конец адреса ?insecure=yes"
        )
    ca = options.get("ca") or environ.get(CA) or None
    if tls and ca is not None and not Path(ca).is_file():
        raise AddressError(f"Нет файла с сертификатами: {ca}; проверьте ca в адресе и {CA}")
    return Address(servers, _name(unquote(name)), tls, not (tls and insecure), ca if tls else None, authorization)


def _server(text: str) -> tuple[str, int]:
    found = _SERVER.fullmatch(text)
    if found is None or not 0 < (port := int(found[2] or _PORT)) < 65536:
        raise AddressError(f"Сервер в адресе не читается: {_FORM}; {_ESCAPED}")
    return found[1].strip("[]"), port


def _name(name: str) -> str:
    if not name:
        raise AddressError(f"В адресе не назван индекс: {_FORM}")
    if _NAME.fullmatch(name) is None or name != name.lower() or len(name.encode()) > _LONGEST_NAME:
        raise AddressError(
            "Имя индекса в адресе не годится: в нём строчные буквы, цифры, «-», «_» и «.», первой буква или цифра,"
            f" не больше {_LONGEST_NAME} байтов; {_ESCAPED}"
        )
    return name


def _options(query: str) -> dict[str, str]:
    # a `+` is a plus, as keys are often Base64
    pairs = [each.partition("=") for each in query.split("&") if each]
    options = {name: unquote(value) for name, _, value in pairs}
    if len(options) < len(pairs) or not options.keys() <= _OPTIONS:
        raise AddressError(f"После «?» в адресе можно, по разу: {', '.join(sorted(_OPTIONS))}; {_ESCAPED}")
    if options.get("insecure", "no") not in ("yes", "no"):
        raise AddressError("insecure в адресе бывает yes или no")
    return options


def _authorization(credentials: str | None, key: str | None, environ: Mapping[str, str]) -> Secret | None:
    """The header of who asks: basic (RFC 7617, in UTF-8) or by a key; None of who does not say."""
    user, password = None, None
    if credentials is not None:
        head, colon, tail = credentials.partition(":")
        user, password = unquote(head), unquote(tail) if colon else None
    elif key is None:
        user, key = environ.get(USER) or None, environ.get(API_KEY) or None
    if user is not None and key is not None:
        raise AddressError(f"Либо пользователь с паролем, либо ключ: оставьте одно из двух, и в {USER}, {API_KEY} тоже")
    if key is not None:
        if not re.fullmatch(r"[!-~]+", key):
            raise AddressError(f"Ключ (api_key, {API_KEY}) — это латинские буквы, цифры и знаки без пробелов")
        return Secret(f"ApiKey {key}")
    if user is None:
        return None
    if password is None:
        password = environ.get(PASSWORD)
    if not user or ":" in user or password is None:
        raise AddressError(f"У пользователя есть имя без двоеточия и пароль: {_FORM}; пароль можно дать в {PASSWORD}")
    return Secret(f"Basic {b64encode(f'{user}:{password}'.encode()).decode('ascii')}")


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:  # a name
        return host == "localhost"
