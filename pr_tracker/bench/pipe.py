"""Two processes for one fill: one makes the rows, the other writes them. A fork, so on Unix only, as gunicorn is."""

import gc
import marshal
import multiprocessing
import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from multiprocessing.connection import Connection
from typing import Any


def in_another_process(things: Iterable[Any]) -> Iterator[Any]:
    """What the iterable yields, made in a process of its own; plain tuples, lists, dicts, texts and numbers only.

    Raises RuntimeError when that process failed.
    """
    fork: Any = multiprocessing.get_context("fork")
    here, there = fork.Pipe(duplex=False)
    process = fork.Process(target=_send, args=(things, there), daemon=True)
    process.start()
    there.close()
    gc.disable()  # here too
    try:
        while True:
            yield marshal.loads(here.recv_bytes())  # noqa: S302 - from our own child
    except EOFError:
        process.join()
        if process.exitcode:
            raise RuntimeError("The process that makes the rows failed; see above.") from None
    finally:
        gc.enable()
        here.close()
        process.terminate()


def _send(things: Iterable[Any], to: Connection) -> None:
    gc.disable()  # millions of small tuples, and no circles among them
    with ThreadPoolExecutor(1) as sender:  # while one thing waits to be read the next is made
        sent: Future[None] | None = None
        for thing in things:
            packed = marshal.dumps(thing)
            if sent:
                sent.result()
            sent = sender.submit(to.send_bytes, packed)
        if sent:
            sent.result()
    to.close()
    sys.stdout.flush()
