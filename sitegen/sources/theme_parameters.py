"""What a theme lets a site set: declared in theme.yaml with kind and default, given in config.yaml."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal

import msgspec

from sitegen.errors import quoted
from sitegen.sources import kinds, schema
from sitegen.sources.kinds import Kind, Reader
from sitegen.sources.nodes import Mapping, Node, Scalar
from sitegen.sources.schema import Key

Value = bool | int | str | tuple[str, ...]


class Parameter(msgspec.Struct, frozen=True):
    """One thing that a site can set."""

    name: str
    kind: Literal["text", "flag", "number", "choice", "link", "texts"]
    default: Value
    about: str
    choices: tuple[str, ...] = ()

    @property
    def reads(self) -> Kind:
        """How its value is read."""
        if self.kind == "choice":
            return kinds.choice(*self.choices)
        return _KINDS[self.kind]


_KINDS: dict[str, Kind] = {
    "text": kinds.text(max_length=2000),
    "flag": kinds.flag,
    "number": kinds.whole_number(0, 999_999_999),
    "link": kinds.link,
    "texts": kinds.list_of(kinds.text(max_length=500), max_items=100),
}
_NOTHING: dict[str, Value] = {"text": "", "flag": False, "number": 0, "link": "", "texts": ()}
NAME = kinds.matching(
    r"[a-z][a-z0-9_]{0,39}",
    "the name of a parameter",
    "write a short name of a-z, 0-9 and `_`, which begins with a letter",
)
PARAMETER_KEYS: tuple[Key, ...] = (
    Key("kind", kinds.choice(*_KINDS, "choice"), "What its value is.", required=True),
    Key("about", kinds.text(max_length=500), "What it does, in one sentence.", required=True),
    Key(
        "choices",
        kinds.list_of(kinds.text(max_length=60), max_items=50),
        "The words to choose from, for the kind `choice`.",
        default=(),
    ),
    Key(
        "default",
        Kind(lambda node, _: node, {"type": ["string", "integer", "boolean", "array"]}),
        "Its value where a site gives none: else nothing, or the first choice.",
    ),
)


def _read_declarations(node: Node, reader: Reader) -> tuple[Parameter, ...] | None:
    if not isinstance(node, Mapping):
        reader.report("value", "expected a mapping of parameters", node.location)
        return None
    declared = (_read_parameter(name, value, reader) for name, value in node.entries)
    return tuple(one for one in declared if one is not None)


def _read_parameter(name: Scalar, node: Node, reader: Reader) -> Parameter | None:
    label = NAME.read(name, reader)
    keys = schema.record(PARAMETER_KEYS, inside=f"parameters.{name.text}.").read(node, reader)
    if label is None or keys is None:
        return None
    kind, choices, default = keys["kind"], keys["choices"], keys["default"]
    if bool(choices) != (kind == "choice"):
        hint = "write `choices:` with the kind `choice`, and with no other"
        reader.report("value", "the kind and the choices do not fit", node.location, hint)
        return None
    empty = choices[0] if choices else _NOTHING[kind]
    plain = Parameter(label, kind, empty, keys["about"], choices)
    if default is None:
        return plain
    value = plain.reads.read(default, reader)
    return None if value is None else msgspec.structs.replace(plain, default=value)


declarations = Kind(
    _read_declarations,
    {"type": "object", "additionalProperties": schema.keys_schema(PARAMETER_KEYS)},
)
"""A mapping of name -> kind, words and default of one parameter."""


def _read_given(node: Node, reader: Reader) -> Mapping | None:
    if isinstance(node, Mapping):
        return node
    reader.report("value", "expected a mapping of `name: value` lines", node.location)
    return None


theme_name = kinds.matching(
    r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}",
    "the name of a theme",
    "write the name of a folder in themes/",
)
THEME_KEYS: tuple[Key, ...] = (
    Key("name", theme_name, "A folder in themes/, `default` or `plain`.", default="default"),
    Key(
        "parameters",
        Kind(_read_given, {"type": "object"}),
        "Values for what the theme declares in its `theme.yaml`.",
    ),
)


def _read_chosen(node: Node, reader: Reader) -> tuple[str, Mapping | None] | None:
    if isinstance(node, Mapping):
        keys = schema.record(THEME_KEYS, inside="theme.").read(node, reader)
        return None if keys is None else (keys["name"], keys["parameters"])
    name = theme_name.read(node, reader)
    return None if name is None else (name, None)


chosen_theme = Kind(_read_chosen, {"anyOf": [schema.keys_schema(THEME_KEYS), theme_name.schema]})
"""A theme's name and what it is given, as it stands: `settle` reads it when the theme is known."""


def settle(
    declared: Iterable[Parameter], values: Mapping | None, theme: str, reader: Reader
) -> dict[str, Value]:
    """Return the value of every parameter; what the site gives is checked where it stands.

    Args:
        declared: By the theme and its parents, the nearest first.
        values: What stands below `parameters` of `theme` in config.yaml.
        theme: The theme's name, for messages.
        reader: Takes the faults.
    """
    known: dict[str, Parameter] = {}
    for one in declared:
        known.setdefault(one.name, one)
    settled = {name: one.default for name, one in known.items()}
    for name, node in values.entries if values else ():
        if name.text in known:
            value: Any = known[name.text].reads.read(node, reader)
            settled[name.text] = settled[name.text] if value is None else value
        else:
            message = f"the theme {quoted(theme)} has no parameter {quoted(name.text)}"
            reader.report("unknown-key", message, name.location, _hint(name.text, known))
    return settled


def _hint(name: str, known: dict[str, Parameter]) -> str:
    return schema.meant(name, known) if known else "it has none at all: delete the line"
