"""Two processes for one fill: one makes the rows, the other writes them. A fork, so on Unix only, as gunicorn is."""

import gc
import marshal
import mmap
import multiprocessing
import sys
from collections.abc import Iterable, Iterator
from multiprocessing.connection import Connection
from typing import Any

SLOTS = 3  # things on their way, so that neither process waits for the other
LARGEST = 1 << 26  # bytes of one thing; of the memory only what is written is taken


def in_another_process(things: Iterable[Any]) -> Iterator[Any]:
    """What the iterable yields, made in a process of its own; plain tuples, lists, dicts, texts and numbers only.

    They come through memory that both share: nothing is copied on the way. Raises RuntimeError when it failed.
    """
    fork: Any = multiprocessing.get_context("fork")
    slots, free = [mmap.mmap(-1, LARGEST) for _ in range(SLOTS)], fork.Semaphore(SLOTS)
    here, there = fork.Pipe(duplex=False)
    process = fork.Process(target=_send, args=(things, slots, free, there), daemon=True)
    process.start()
    there.close()
    gc.disable()  # here too
    try:
        while True:
            thing = marshal.loads(slots[here.recv()])  # noqa: S302 - from our own child
            free.release()
            yield thing
    except EOFError:
        process.join()
        if process.exitcode:
            raise RuntimeError("The process that makes the rows failed; see above.") from None
    finally:
        gc.enable()
        here.close()
        process.terminate()


def _send(things: Iterable[Any], slots: list[mmap.mmap], free: Any, to: Connection) -> None:
    """Each thing into the next slot that is free; its number is told."""
    gc.disable()  # millions of small tuples, and no circles among them
    for number, thing in enumerate(things):
        packed, slot = marshal.dumps(thing), number % SLOTS
        free.acquire()
        slots[slot][: len(packed)] = packed
        to.send(slot)
    to.close()
    sys.stdout.flush()
