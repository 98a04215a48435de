"""A small HTTP/1.1 client for loopback: requests are built beforehand, a connection is kept open, an answer counts
only when it was read whole. It exists so that the client's own work stays small beside the server's."""

from __future__ import annotations

import socket
import threading
import time
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field

HOST = "127.0.0.1"


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: dict[bytes, bytes]
    raw: bytes

    @property
    def text(self) -> str:
        """The body as text, unpacked."""
        packed = self.headers.get(b"content-encoding") == b"gzip"
        return (zlib.decompress(self.raw, 31) if packed else self.raw).decode()


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as bytes, what kind it is, and what its answer must hold to count."""

    kind: str
    raw: bytes
    status: int = 200


@dataclass
class Run:
    """What a block of requests came to. `times` are seconds by kind."""

    times: dict[str, list[float]] = field(default_factory=dict)
    sizes: dict[str, list[int]] = field(default_factory=dict)
    seconds: float = 0.0
    cpu: float = 0.0  # seconds of processor the server's processes took; 0 where the machine does not say
    faults: list[str] = field(default_factory=list)

    def add(self, kind: str, took: float, size: int) -> None:
        self.times.setdefault(kind, []).append(took)
        self.sizes.setdefault(kind, []).append(size)


def build(method: str, path: str, headers: dict[str, str], body: bytes = b"") -> bytes:
    """A request as it goes over the wire."""
    lines = [f"{method} {path} HTTP/1.1", f"Host: {HOST}", *(f"{k}: {v}" for k, v in headers.items())]
    if method == "POST":
        lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, "", ""]).encode() + body


class Connection:
    """One kept-open connection."""

    def __init__(self, port: int, patience: float = 30) -> None:
        self.port, self.patience = port, patience
        self.socket: socket.socket | None = None
        self.held = b""
        self.begun = False  # whether a part of the present answer has come

    def open(self) -> None:
        """Connect, where that is not done."""
        if self.socket is None:
            self.socket = socket.create_connection((HOST, self.port), timeout=self.patience)
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self, raw: bytes) -> Answer:
        """Send a request and read its whole answer."""
        self.open()
        self.begun = False
        self.socket.sendall(raw)
        head, _, self.held = self._until(b"\r\n\r\n").partition(b"\r\n\r\n")
        first, *lines = head.split(b"\r\n")
        pairs = (line.partition(b":") for line in lines)
        headers = {name.lower(): value.strip() for name, _, value in pairs}
        length = int(headers.get(b"content-length", b"0"))
        while len(self.held) < length:
            self._more()
        body, self.held = self.held[:length], self.held[length:]
        return Answer(int(first.split()[1]), headers, body)

    def close(self) -> None:
        if self.socket is not None:
            self.socket.close()
        self.socket, self.held = None, b""

    def _until(self, mark: bytes) -> bytes:
        while mark not in self.held:
            self._more()
        return self.held

    def _more(self) -> None:
        got = self.socket.recv(65536) if self.socket else b""
        if not got:
            raise ConnectionError("the server closed the connection")
        self.begun = True
        self.held += got


def one_by_one(port: int, asked: Sequence[Asked]) -> Run:
    """Requests one after the other on one connection."""
    return at_once(port, [asked])


def at_once(port: int, queues: Sequence[Sequence[Asked]], most_seconds: float = 60.0) -> Run:
    """Each queue by a client of its own, all at the same time. Ends with the last answer or when the time is up."""
    run, guard, until = Run(), threading.Lock(), time.perf_counter() + most_seconds
    gate = threading.Barrier(len(queues) + 1)
    clients = [
        threading.Thread(target=_client, args=(port, queue, run, guard, gate, until), daemon=True) for queue in queues
    ]
    for client in clients:
        client.start()
    gate.wait()
    began = time.perf_counter()
    for client in clients:
        client.join()
    run.seconds = time.perf_counter() - began
    return run


def _client(port: int, queue: Sequence[Asked], run: Run, guard: threading.Lock, gate, until: float) -> None:
    connection = Connection(port)
    gate.wait()
    for asked in queue:
        began = time.perf_counter()
        if began > until:
            break
        try:
            answer = connection.ask(asked.raw)
        except OSError as fault:
            run.faults.append(f"{asked.kind}: {fault}")
            connection.close()
            continue
        took = time.perf_counter() - began
        if answer.status != asked.status:
            run.faults.append(f"{asked.kind}: answered {answer.status}: {answer.text[:300]}")
            continue
        with guard:
            run.add(asked.kind, took, len(answer.raw))
    connection.close()
