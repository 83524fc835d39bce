"""The classes of highlighted code -> their style sheet, made once for each set of classes."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from sitegen.build.engine import engine_digest
from sitegen.build.memory import Memory, content_digest, decoded
from sitegen.views.jobs import digest_of

_NOTE = "style of code"


class _Known(msgspec.Struct, frozen=True):
    key: bytes
    text: str


def code_style(classes: Iterable[str], memory: Memory) -> tuple[str, str]:
    """Return the name and the text of the style sheet for all highlighted code of a site.

    Both are empty where there is no class. The name holds a digest of the text.
    """
    wanted = tuple(sorted(set(classes)))
    if not wanted:
        return "", ""
    key = digest_of(engine_digest(), wanted)
    known = decoded(memory.note(_NOTE), _Known)
    if known is None or known.key != key:
        from sitegen.markup.articles.highlighting import style_sheet

        known = _Known(key, style_sheet(wanted))
        memory.write_down(_NOTE, msgspec.msgpack.encode(known))
    return f"code.{content_digest(known.text.encode()).hex()[:10]}.css", known.text
