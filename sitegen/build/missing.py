"""A name that a template uses and nobody gave -> an error that says what was meant."""

from __future__ import annotations

import difflib

from jinja2 import StrictUndefined
from jinja2.utils import missing

from sitegen.errors import quoted


class Missing(StrictUndefined):
    """Stands for what is not there: every use of it is an error."""

    @property
    def _undefined_message(self) -> str:
        """What Jinja raises: it names the classes of Python, and nothing that there is instead."""
        name, owner = str(self._undefined_name), self._undefined_obj
        if self._undefined_hint:
            return self._undefined_hint
        if owner is missing:
            return f"there is no {quoted(name)} here"
        fields = getattr(owner, "__struct_fields__", ())
        near = difflib.get_close_matches(
            name, map(str, owner if isinstance(owner, dict) else fields)
        )
        meant = f" (did you mean `{near[0]}`?)" if near else ""
        where = f"in {type(owner).__name__}" if fields else "here"
        return f"there is no {quoted(name)} {where}{meant}"
