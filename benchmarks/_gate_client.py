"""Open-loop arrivals: requests are sent when they are due, whether or not earlier ones came back.

`python -m benchmarks._gate_client` reads one JSON object on standard input (port, tokens, paths by
service, rate, seconds, seed) and prints one: for each service the milliseconds from the moment a
request was due to the last byte of its answer, and what went wrong. A process of its own, so that
the sender waits for nobody.
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
    idle: list[Line] = field(default_factory=list)
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
        """One request and its answer on an idle connection, or a new one. The status."""
        if self.idle:
            line = self.idle.pop()
        else:
            line = Line(*await asyncio.open_connection("127.0.0.1", self.port, limit=1 << 20))
        line.writer.write(
            f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n"
            f"Authorization: Bearer {token}\r\n\r\n".encode()
        )
        head = await line.reader.readuntil(b"\r\n\r\n")
        await line.reader.readexactly(length_of(head))
        self.idle.append(line)
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
        for line in self.idle:
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
    print(json.dumps({"times": client.times, "errors": client.errors}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
