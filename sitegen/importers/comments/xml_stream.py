"""A file of XML of any size -> its records one by one, each with its line.

Only expat, fed in pieces: nothing is fetched, no entity is ever declared, and of a file of
2 GB no more is held than the record at hand. Names are compared without their prefix, since
exports of one system name their namespaces in half a dozen ways.
"""

from __future__ import annotations

from collections.abc import Container, Iterator
from xml.parsers import expat

from sitegen.errors import Location, Problem, SiteError
from sitegen.importers.comments.exports import Export

_PIECE = 1 << 16
_MOST_TEXT = 1 << 20  # characters kept of one element; no comment is that long
# XML allows none of these, and exports hold them: each becomes a blank, so no byte moves.
_CONTROLS = bytes.maketrans(
    bytes({*range(0x20)} - {0x09, 0x0A, 0x0D}), b" " * len({*range(0x20)} - {0x09, 0x0A, 0x0D})
)


class Element:
    """One element: its text, and what stands in it."""

    __slots__ = ("attributes", "children", "line", "name", "pieces", "size")

    def __init__(self, name: str, attributes: dict[str, str], line: int) -> None:
        self.name = name
        self.attributes = attributes
        self.line = line
        self.children: list[Element] = []
        self.pieces: list[str] = []
        self.size = 0

    def text(self, name: str) -> str:
        """Return the text of the first child of a name; empty if there is none."""
        child = self.child(name)
        return "".join(child.pieces).strip() if child else ""

    def child(self, name: str) -> Element | None:
        """Return the first child of a name."""
        return next((one for one in self.children if one.name == name), None)


def elements(export: Export, wanted: Container[str], skipped: Container[str]) -> Iterator[Element]:
    """Yield each outermost element of a wanted name, whole, in the order of the file.

    Args:
        export: The file.
        wanted: Names without prefix.
        skipped: Names of elements whose text is not needed and may be long.

    Raises:
        SiteError: The file is no XML, or declares an entity; with the line.
    """
    reader = _Reader(export, wanted, skipped)
    with export.stream() as stream:
        start = stream.read(_PIECE)
        at = start.find(b"<")
        # Some exports have a sign or an empty line before the declaration, which XML forbids.
        lost = start[: max(0, at)]
        reader.first_line = 1 + lost.count(b"\n")
        piece = start[max(0, at) :]
        while piece:
            yield from reader.feed(piece)
            piece = stream.read(_PIECE)
        yield from reader.feed(b"", is_last=True)


class _Reader:
    def __init__(self, export: Export, wanted: Container[str], skipped: Container[str]) -> None:
        self.export = export
        self.wanted = wanted
        self.skipped = skipped
        self.first_line = 1
        self.open: list[Element] = []
        self.done: list[Element] = []
        parser = self.parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self.start
        parser.EndElementHandler = self.end
        parser.CharacterDataHandler = self.text
        parser.EntityDeclHandler = self.entity
        parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)

    def line(self) -> int:
        return self.parser.CurrentLineNumber + self.first_line - 1

    def feed(self, piece: bytes, *, is_last: bool = False) -> Iterator[Element]:
        try:
            self.parser.Parse(piece.translate(_CONTROLS), is_last)
        except expat.ExpatError as error:
            line = error.lineno + self.first_line - 1
            message = f"this is not XML: {expat.ErrorString(error.code)}"
            hint = "export the file again, or correct that line; nothing was written"
            place = Location(self.export.path, line, error.offset + 1)
            raise SiteError(Problem("import", message, place, hint)) from None
        yield from self.done
        self.done = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(":")[2]
        if not self.open and local not in self.wanted:
            return
        bare = {key.rpartition(":")[2]: value for key, value in attributes.items()}
        element = Element(local, bare, self.line())
        if self.open:
            self.open[-1].children.append(element)
        self.open.append(element)

    def end(self, name: str) -> None:
        if not self.open:
            return
        element = self.open.pop()
        if not self.open and element.name == name.rpartition(":")[2]:
            self.done.append(element)

    def text(self, data: str) -> None:
        if self.open and self.open[-1].name not in self.skipped and self.open[-1].size < _MOST_TEXT:
            self.open[-1].pieces.append(data)
            self.open[-1].size += len(data)

    def entity(self, *_: object) -> None:
        message = "this XML declares entities, which can fetch files or fill the memory"
        hint = "delete the declaration; no comment system writes one"
        raise SiteError(
            Problem("import", message, Location(self.export.path, self.line(), 1), hint)
        )
