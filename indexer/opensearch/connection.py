"""The one place that speaks with the cluster, and where what it refuses becomes an error of ours."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from opensearchpy import OpenSearch, exceptions

from indexer.errors import IndexerError, IndexNotFound, QueryError, SearchTimeout

Body = dict[str, Any]
# Seconds before a search is asked again that a busy cluster, or one that has just lost a node, has not answered whole.
_PAUSES = (0.1, 0.4, 1.6)
_BUSY = {429, 503}


class Connection:
    """An index of a cluster. Raises IndexerError, with the next step, for whatever goes wrong."""

    def __init__(self, client: OpenSearch, index: str) -> None:
        self.client = client
        self.index = index

    def close(self) -> None:
        """Let go of the connections."""
        self.client.close()

    @contextmanager
    def asked(self) -> Iterator[None]:
        """Maps what the client raises."""
        try:
            yield
        except exceptions.NotFoundError as error:
            raise IndexNotFound(
                f"На кластере нет индекса {self.index}. Чтобы создать его, запустите: indexer add ПУТЬ"
            ) from error
        except (exceptions.AuthenticationException, exceptions.AuthorizationException) as error:
            raise IndexerError(
                f"Кластер не принял имя, пароль или ключ ({error.status_code}). Проверьте адрес и права"
            ) from error
        except exceptions.ConnectionTimeout as error:
            raise SearchTimeout("Кластер не ответил вовремя. Увеличьте --timeout или проверьте его нагрузку") from error
        except exceptions.SSLError as error:
            raise IndexerError("Сертификат кластера не прошёл проверку. Проверьте адрес или укажите CA") from error
        except exceptions.ConnectionError as error:
            raise IndexerError("Нет связи с кластером OpenSearch. Проверьте адрес и что он запущен") from error
        except exceptions.RequestError as error:
            raise QueryError(f"Кластер не принял запрос: {reason(error)}. Упростите его") from error
        except exceptions.TransportError as error:
            raise IndexerError(f"Кластер ответил ошибкой {error.status_code}: {reason(error)}") from error
        except exceptions.OpenSearchException as error:
            raise IndexerError(f"Ошибка обмена с кластером: {type(error).__name__}") from error

    def search(self, body: Body, timeout: float | None = None) -> Body:
        """The answer to one search."""
        return self.searches([body], timeout)[0]

    def searches(self, bodies: Sequence[Body], timeout: float | None = None) -> list[Body]:
        """The answers to several searches, asked at once."""
        lines: list[Body] = []
        for body in bodies:
            limited = body if timeout is None else {**body, "timeout": f"{max(1, int(timeout * 1000))}ms"}
            lines += [{"index": self.index}, limited]
        began = time.monotonic()
        answers = self._answers(lines, timeout)
        for pause in _PAUSES:
            if not any(map(_in_part, answers)) or (timeout and time.monotonic() + pause > began + timeout):
                break
            time.sleep(pause)
            answers = self._answers(lines, timeout)
        for answer in answers:
            self._check(answer)
        return answers

    def _answers(self, lines: list[Body], timeout: float | None) -> list[Body]:
        with self.asked():
            try:
                found: list[Body] = self.client.msearch(body=lines, **_limit(timeout))["responses"]
            except exceptions.TransportError as error:
                if error.status_code != 429:  # others the client has asked again at once, of other nodes
                    raise
                found = [{"status": 429, "error": {"type": "busy"}}]
        return found

    def _check(self, answer: Mapping[str, Any]) -> None:
        if (error := answer.get("error")) is not None:
            if error.get("type") == "index_not_found_exception":
                raise IndexNotFound(
                    f"На кластере нет индекса {self.index}. Чтобы создать его, запустите: indexer add ПУТЬ"
                )
            if answer.get("status") in _BUSY:
                raise IndexerError(f"Кластер занят и не отвечает на запросы ({answer['status']}). Повторите позже")
            causes = error.get("root_cause") or [error]
            cause = causes[0] if causes else error
            kind = QueryError if answer.get("status") == 400 else IndexerError
            raise kind(f"Кластер не выполнил запрос: {cause.get('type')}: {cause.get('reason')}. Упростите его")
        if answer.get("timed_out"):
            raise SearchTimeout("Поиск на кластере не уложился во время. Увеличьте --timeout или уточните запрос")
        if answer.get("_shards", {}).get("failed"):
            raise IndexerError("Часть шардов не ответила. Проверьте состояние кластера: GET _cluster/health")


def _in_part(answer: Mapping[str, Any]) -> bool:
    """Whether a search was refused for now, or some of the index did not answer."""
    return answer.get("status") in _BUSY or bool(answer.get("_shards", {}).get("failed"))


def reason(error: exceptions.TransportError) -> str:
    """What a refusal says, in short."""
    info = error.info if isinstance(error.info, dict) else {}
    cause = info.get("error")
    return str(cause.get("reason") if isinstance(cause, dict) else cause or error.error)[:300]


def _limit(timeout: float | None) -> dict[str, Any]:
    # the cluster gives up first, so that it says so
    return {} if timeout is None else {"request_timeout": timeout + 1.0}
