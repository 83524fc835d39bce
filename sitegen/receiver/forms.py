"""The bytes of a request -> Form: everything a text, nothing trusted."""

from __future__ import annotations

import json
import re
from urllib.parse import parse_qsl

import msgspec

MAX_BYTES = 300_000  # a body of 20,000 characters, each twelve bytes in a form
TEXTS = ("author", "url", "subject", "body")
"""What people fill in."""


class Form(msgspec.Struct, frozen=True):
    """What was sent."""

    article: str = ""
    """Content path of the article."""
    author: str = ""
    url: str = ""
    subject: str = ""
    body: str = ""
    reply_to: str = ""
    token: str = ""
    proof: str = ""
    contact: str = ""
    """A trap: people do not see this field, so only machines fill it in."""


class FormError(Exception):
    """The request holds no form."""


def parse_form(kind: str, data: bytes) -> Form:
    """Return the form that a request holds.

    Args:
        kind: Its Content-Type: a form's own, or JSON.
        data: Its body, at most `MAX_BYTES`.

    Raises:
        FormError: It is neither, or not in UTF-8.
    """
    kind = kind.partition(";")[0].strip().lower()
    try:
        if kind == "application/json":
            found = json.loads(data)
            pairs = list(found.items()) if isinstance(found, dict) else None
        elif kind == "application/x-www-form-urlencoded":
            text = data.decode("ascii")
            pairs = parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=30)
        else:
            raise FormError("send a form, or one JSON object")
    except (ValueError, RecursionError):
        raise FormError("the form cannot be read") from None
    if pairs is None or not all(isinstance(value, str) for _, value in pairs):
        raise FormError("every field is a text")
    known = {name: value for name, value in pairs if name in Form.__struct_fields__}
    return Form(**{name: _tidy(name, value) for name, value in known.items()})


def _tidy(name: str, value: str) -> str:
    """Return a text without what a browser or a hand added: CR, blanks at the ends."""
    value = value.replace("\r\n", "\n").replace("\r", "\n")
    if name == "body":
        return re.sub(r"[ \t]+$", "", value, flags=re.MULTILINE).strip("\n")
    return " ".join(value.split()) if name in TEXTS else value.strip()
