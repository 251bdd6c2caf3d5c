"""Where the parts of a backup or an export go: a folder or a ZIP. Of each part size and SHA-256 are kept."""

import hashlib
import io
import os
import zipfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import IO, Any, BinaryIO, cast

from pr_tracker.backups.manifest import Part

CHUNK = 1024 * 1024


class _Counting(io.RawIOBase):
    """Writes through, and counts and digests what goes by."""

    def __init__(self, out: IO[bytes]) -> None:
        self.out, self.size, self.sha = out, 0, hashlib.sha256()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.size += len(data)
        self.sha.update(data)
        return self.out.write(data)


class Parcel:
    """Takes parts, one after the other, and knows of each how large it is and its SHA-256."""

    def __init__(self) -> None:
        self.parts: dict[str, Part] = {}

    @contextmanager
    def part(self, name: str, *, packed: bool = True) -> Iterator[BinaryIO]:
        """A file to write one part into; `packed` is no use for what is packed already, as scans are."""
        with self._opened(name, packed) as raw:
            counting = _Counting(raw)
            yield cast(BinaryIO, counting)
        self.parts[name] = Part(counting.size, counting.sha.hexdigest())

    def _opened(self, name: str, packed: bool) -> AbstractContextManager[IO[bytes]]:
        raise LookupError("a folder or a ZIP")


class ZipParcel(Parcel):
    """One ZIP file, of any size."""

    def __init__(self, book: zipfile.ZipFile) -> None:
        super().__init__()
        self.book = book

    def _opened(self, name: str, packed: bool) -> AbstractContextManager[IO[bytes]]:
        about = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
        about.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
        about.external_attr = 0o600 << 16
        return self.book.open(about, "w", force_zip64=True)


class FolderParcel(Parcel):
    """A folder that only its owner reads."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)

    def _opened(self, name: str, packed: bool) -> AbstractContextManager[IO[bytes]]:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")


@contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """A file that only its owner reads, put in place at once: the one before stays until the new one is whole."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with os.fdopen(os.open(part, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600), "w+b") as out:
            yield cast(BinaryIO, out)
            out.flush()
            os.fsync(out.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def copy(source: IO[bytes], out: IO[bytes]) -> None:
    """Everything, a little at a time."""
    while chunk := source.read(CHUNK):
        out.write(chunk)


def digest_of_file(path: Path) -> str:
    """SHA-256 of a file, hexadecimal."""
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()
