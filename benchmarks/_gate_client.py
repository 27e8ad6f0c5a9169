"""Open-loop arrivals: requests are sent when they are due, whether or not earlier ones came back.

`python -m benchmarks._gate_client` reads one JSON object on standard input (port, tokens, paths by
service, rate, seconds, seed) and prints one: for each service the milliseconds from the moment a
request was due to the last byte of its answer, what went wrong, and how many requests were sent
again. A process of its own, so that the sender waits for nobody.

Each token stands for a system of the bank, which keeps its own connections, and it behaves as HTTP
clients do (RFC 9112, 9.3.1 and 9.5): a server ends a connection that was idle for long, this one
after half a minute. One that was ended is passed over; a request on a kept connection that ends
before any byte of an answer is sent again on another. On a new connection that is an error.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any

#: Service -> its share of the arrivals.
MIX = {"basic": 0.60, "signs": 0.20, "comprehensive": 0.15, "cube": 0.05}
#: Connections that may be open at once; a request beyond waits, and its waiting is counted.
CONNECTIONS = 256
#: Seconds after which an answer that has not come is an error.
PATIENCE = 30


@dataclass
class Line:
    """One kept-alive connection."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter


@dataclass
class Client:
    """What is asked, of whom, and what came of it."""

    port: int
    tokens: list[str]
    paths: dict[str, list[str]]
    dice: random.Random
    idle: dict[str, list[Line]] = field(default_factory=lambda: defaultdict(list))
    again: int = 0
    times: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    errors: Counter[str] = field(default_factory=Counter)
    room: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(CONNECTIONS))

    async def ask(self, service: str, path: str, token: str, due: float) -> None:
        """Send one request and note how long after its due moment the answer was whole."""
        async with self.room:
            try:
                status = await asyncio.wait_for(self.exchange(path, token), PATIENCE)
            except (OSError, TimeoutError, asyncio.IncompleteReadError) as error:
                self.errors[type(error).__name__] += 1
                return
        if status != 200:
            self.errors[f"status {status}"] += 1
            return
        self.times[service].append((time.perf_counter() - due) * 1000)

    async def exchange(self, path: str, token: str) -> int:
        """One request and its answer on a kept connection, or a new one. The status."""
        request = (
            f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n"
            f"Authorization: Bearer {token}\r\n\r\n"
        ).encode()
        while self.idle[token]:
            line = self.idle[token].pop()
            if line.reader.at_eof():
                line.writer.close()
                continue
            try:
                return await self.exchange_on(line, request, token)
            except (ConnectionError, asyncio.IncompleteReadError) as error:
                if isinstance(error, asyncio.IncompleteReadError) and error.partial:
                    raise
                self.again += 1
        line = Line(*await asyncio.open_connection("127.0.0.1", self.port, limit=1 << 20))
        return await self.exchange_on(line, request, token)

    async def exchange_on(self, line: Line, request: bytes, token: str) -> int:
        """The same on one connection, which is kept when the answer is whole."""
        whole = False
        try:
            line.writer.write(request)
            head = await line.reader.readuntil(b"\r\n\r\n")
            try:
                await line.reader.readexactly(length_of(head))
            except (ConnectionError, asyncio.IncompleteReadError) as error:
                raise OSError("the answer broke off") from error
            whole = True
        finally:
            if not whole:
                line.writer.close()
        self.idle[token].append(line)
        return int(head[9:12])

    async def run(self, rate: float, seconds: float) -> None:
        """Arrivals at random, on average `rate` a second."""
        services, shares = list(MIX), list(MIX.values())
        due = start = time.perf_counter()
        asking: set[asyncio.Task[None]] = set()
        while (due := due + self.dice.expovariate(rate)) < start + seconds:
            if (wait := due - time.perf_counter()) > 0:
                await asyncio.sleep(wait)
            service = self.dice.choices(services, shares)[0]
            path, token = self.dice.choice(self.paths[service]), self.dice.choice(self.tokens)
            task = asyncio.create_task(self.ask(service, path, token, due))
            asking.add(task)
            task.add_done_callback(asking.discard)
        if asking:
            await asyncio.wait(asking)
        for lines in self.idle.values():
            for line in lines:
                line.writer.close()


def length_of(head: bytes) -> int:
    """The length of an answer's body. Raises OSError when the answer does not say it."""
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line.partition(b":")[2])
    raise OSError("the answer does not say how long it is")


def main() -> int:
    """Ask as standard input says; print what came of it."""
    told: dict[str, Any] = json.load(sys.stdin)
    client = Client(told["port"], told["tokens"], told["paths"], random.Random(told["seed"]))
    asyncio.run(client.run(told["rate"], told["seconds"]))
    print(json.dumps({"times": client.times, "errors": client.errors, "again": client.again}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
