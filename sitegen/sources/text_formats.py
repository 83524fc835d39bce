"""The text formats that a site defines in config.yaml -> TextFormat, each with a checked allowlist."""

from __future__ import annotations

import msgspec

from sitegen.errors import quoted
from sitegen.markup.untrusted.allowlist import Allowlist, AllowlistError, parse_allowlist
from sitegen.markup.untrusted.formats import BUILTIN_FORMATS, TextFormat
from sitegen.sources import kinds, schema
from sitegen.sources.nodes import Mapping, Node, Scalar
from sitegen.sources.schema import Key

WORD = kinds.matching(
    r"[a-z][a-z0-9_]{0,39}", "a name of a-z, 0-9 and `_`", "write a short name in lower case"
)
FORMAT_KEYS = (
    Key(
        "kind",
        kinds.choice("html", "markdown", "plain"),
        "How the text is written.",
        default="html",
    ),
    Key(
        "allowed_html",
        kinds.text(max_length=4000),
        "The allowlist, in the notation of the tips.",
        required=True,
    ),
)


def _read_formats(node: Node, reader: kinds.Reader) -> tuple[TextFormat, ...] | None:
    """Return the site's own text formats; an unsafe allowlist is a problem where it stands."""
    if not isinstance(node, Mapping):
        reader.report("value", "expected a mapping of text formats", node.location)
        return None
    formats = []
    for name, value in node.entries:
        label = WORD.read(name, reader)
        values = schema.record(FORMAT_KEYS, inside=f"formats.{name.text}.").read(value, reader)
        if label in BUILTIN_FORMATS:
            reader.report(
                "value",
                f"{quoted(name.text)} is a text format of the tool's own",
                name.location,
                "choose another name",
            )
        elif label is not None and values is not None and isinstance(value, Mapping):
            notation = next(item for key, item in value.entries if key.text == "allowed_html")
            allowlist = _read_allowlist(notation, reader)
            if allowlist is not None:
                formats.append(TextFormat(label, values["kind"], allowlist))
    return tuple(formats)


def _read_allowlist(node: Node, reader: kinds.Reader) -> Allowlist | None:
    assert isinstance(node, Scalar)
    try:
        return parse_allowlist(node.text)
    except AllowlistError as error:
        for fault in error.faults:
            place = node.location
            if "\n" not in node.text:
                quote = 0 if node.plain else 1
                place = msgspec.structs.replace(
                    place, column=place.column + quote + fault.start, width=fault.width
                )
            reader.report("allowlist", fault.message, place, fault.hint)
        return None


formats = kinds.Kind(
    _read_formats,
    {"type": "object", "additionalProperties": schema.keys_schema(FORMAT_KEYS)},
)
"""A mapping of name -> how the text is written, and what it may hold."""
