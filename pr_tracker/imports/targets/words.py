"""Codes in words, read back: what a list calls them in Vietnamese or English, with or without marks."""

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from flask_babel import force_locale

from pr_tracker.imports.rules import Column, head_key
from pr_tracker.text import fold

Code = TypeVar("Code")


def words_of(labels: Mapping[Code, Any], more: Mapping[Code, Iterable[str]] | None = None) -> dict[str, Code]:
    """Folded words → code: the labels in both languages, the code itself, and whatever else offices write."""
    found: dict[str, Code] = {}
    for locale in ("vi", "en"):
        with force_locale(locale):
            for code, label in labels.items():
                found.setdefault(fold(str(label)), code)
    for code in labels:
        found.setdefault(fold(str(code)), code)
    for code, words in (more or {}).items():
        found |= {fold(word): code for word in words}
    return found


def known_heads(columns: Iterable[Column]) -> dict[str, str]:
    """What a column may be called in a file, in both languages → its key."""
    every, found = list(columns), dict[str, str]()
    for locale in ("vi", "en"):
        with force_locale(locale):
            for column in every:
                found.setdefault(head_key(str(column.label)), column.key)
    for column in every:
        for name in (column.key, *column.heads):
            found.setdefault(head_key(name), column.key)
    return found
