"""Text -> HTML, in the form that the second gate writes too: so the two can be compared."""

from __future__ import annotations


def escape(text: str) -> str:
    r"""Return a text as the content of an element.

    >>> escape("a < b & c\u00a0d")
    'a &lt; b &amp; c&nbsp;d'
    """
    if "&" in text:
        text = text.replace("&", "&amp;")
    return text.replace("<", "&lt;").replace(">", "&gt;").replace("\u00a0", "&nbsp;")


def escape_attribute(value: str) -> str:
    """Return a text as the value of an attribute in double quotes."""
    return escape(value).replace('"', "&quot;")
