"""The load client treats connections as HTTP clients do, and calls nothing else an answer."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor

from benchmarks._gate_client import MIX, Client

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


def asked(serve: Serve, times: int = 3, pause: float = 0) -> Client:
    """What a client has after it asked so many times, one after the other, with one token."""

    async def run() -> Client:
        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        client = Client(port, ["t"], {name: ["/"] for name in MIX}, random.Random(1))
        for _ in range(times):
            await client.ask("basic", "/", "t", 0.0)
            await asyncio.sleep(pause)
        for line in client.idle["t"]:
            line.writer.close()
        server.close()
        return client

    # A browser driver of another test may have left its own loop running in this thread.
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(lambda: asyncio.run(run())).result()


def answering(*answers: bytes | None) -> tuple[Serve, list[int]]:
    """Answers each connection so; None: ends it when the next request has come, without a byte."""
    connections: list[int] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connections.append(0)
        for answer in answers:
            await reader.readuntil(b"\r\n\r\n")
            connections[-1] += 1
            if answer is None:
                break
            writer.write(answer)
            await writer.drain()
        writer.close()

    return serve, connections


def test_a_connection_is_kept_and_used_again() -> None:
    serve, connections = answering(ANSWER, ANSWER, ANSWER)
    client = asked(serve)
    assert (len(client.times["basic"]), client.errors, client.again) == (3, {}, 0)
    assert connections == [3]


def test_a_kept_connection_that_was_ended_is_passed_over() -> None:
    serve, connections = answering(ANSWER)
    client = asked(serve, pause=0.02)
    assert (len(client.times["basic"]), client.errors, client.again) == (3, {}, 0)
    assert connections == [1, 1, 1]


def test_what_a_kept_connection_did_not_answer_with_a_byte_is_sent_again() -> None:
    serve, connections = answering(ANSWER, None)
    client = asked(serve)
    assert (len(client.times["basic"]), client.errors, client.again) == (3, {}, 2)
    assert connections == [2, 2, 1]


def test_a_new_connection_that_ends_without_an_answer_is_an_error() -> None:
    serve, _ = answering(None)
    client = asked(serve)
    assert client.errors.total() == 3
    assert (client.times, client.again) == ({}, 0)


def test_an_answer_that_breaks_off_is_an_error_on_any_connection() -> None:
    for part in (ANSWER[:10], ANSWER[:-1]):
        serve, _ = answering(ANSWER, part)
        client = asked(serve, times=2)
        assert len(client.times["basic"]) == 1
        assert client.errors.total() == 1
        assert client.again == 0


def test_another_status_is_an_error() -> None:
    serve, _ = answering(ANSWER.replace(b"200 OK", b"503 No"))
    assert asked(serve, times=1).errors == {"status 503": 1}
