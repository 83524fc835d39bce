"""The bytes of another generator's file -> its text, whatever their encoding."""

from __future__ import annotations

from sitegen import disk
from sitegen.disk import SourceFile


def text_of(file: SourceFile) -> str:
    """Return a file's text with LF line ends; bytes that are not UTF-8 are read as Windows' Latin.

    Raises:
        SiteError: The file cannot be read.
    """
    return decoded(disk.read(file))


def decoded(data: bytes) -> str:
    """Return the text of bytes, as `text_of` does."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")
    return text.replace("\r\n", "\n").replace("\r", "\n")
