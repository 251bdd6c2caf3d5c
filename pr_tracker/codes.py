"""Codes on papers, which nobody can make up: half drawn by lot, half given by this office's key."""

import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from typing import Any

# No two that look or sound alike; no vowel, D or W: a Vietnamese keyboard (Telex, VNI) would turn them into Ă, Đ, Ư.
CODE_LETTERS = "CFHJKLMNPQRTVX34679"
HALF = 8  # letters drawn by lot, then as many that only this office's key gives
LENGTH = 2 * HALF


def new_code(key: str, purpose: str) -> str:
    """A code that only who has the key can make, good for one purpose; 34 bits by lot, 34 bits of HMAC-SHA-256."""
    drawn = "".join(secrets.choice(CODE_LETTERS) for _ in range(HALF))
    return drawn + _check(drawn, key, purpose)


def is_ours(code: str, key: str, purpose: str) -> bool:
    """Whether the code was made with this key: one that was made up, or of which a letter was changed, was not."""
    right = _check(code[:HALF], key, purpose).encode()
    return len(code) == LENGTH and hmac.compare_digest(code[HALF:].encode(), right)


def read_code(typed: str) -> str:
    """A code as somebody typed it: its letters and digits in capitals, without spaces, hyphens and anything else."""
    return "".join(letter for letter in typed.upper() if letter.isalnum())


def show_code(code: str) -> str:
    """In groups of four, to be read and typed."""
    return "-".join(code[at : at + 4] for at in range(0, len(code), 4))


def digest_of(code: str, paper: Mapping[str, Any]) -> str:
    """SHA-256, hexadecimal, of a paper's code and every word on it: the audit log keeps it."""
    said = json.dumps([code, paper], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(said.encode()).hexdigest()


def _check(drawn: str, key: str, purpose: str) -> str:
    number = int.from_bytes(hmac.digest(f"{purpose}:{key}".encode(), drawn.encode(), "sha256"))
    letters = ""
    for _ in range(HALF):
        number, place = divmod(number, len(CODE_LETTERS))
        letters += CODE_LETTERS[place]
    return letters
