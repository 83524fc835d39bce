"""content/ -> the documents of a site by what their heads say; their texts are not typeset."""

from __future__ import annotations

import re
from pathlib import Path

from sitegen import disk
from sitegen.errors import SiteError
from sitegen.sources import content
from sitegen.sources.config import Config
from sitegen.sources.content import Document, parse_document

_HEAD = re.compile(rb"\A(?:\xef\xbb\xbf)?---[ \t]*\r?\n.*?^---[ \t]*\r?$", re.DOTALL | re.MULTILINE)


def read_heads(root: Path, config: Config) -> tuple[Document, ...]:
    """Return the articles and pages of a site, by path; one whose head has faults as its path alone."""
    documents = []
    for file in disk.scan(root, [content.FOLDER]).files:
        if not file.path.endswith(".md"):
            continue
        data = disk.read(file)
        head = _HEAD.match(data)
        key = content.content_key(file.path)
        try:
            document, _ = parse_document(
                file.path, (head[0] + b"\n") if head else data, config.zone, config.taxonomies
            )
        except SiteError:
            document = Document(path=file.path, kind="page", key=key, title=key)
        if document.kind != "section":
            documents.append(document)
    return tuple(sorted(documents, key=lambda one: one.path))
