"""The references of an article into its site, in Markdown and in raw HTML: found, marked, listed."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec

from sitegen.errors import Location, Problem
from sitegen.markup.articles import marks
from sitegen.markup.articles.places import Places, inside
from sitegen.markup.tag_soup import TagSoup

if TYPE_CHECKING:
    from markdown_it.token import Token

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//")


class Link(msgspec.Struct, frozen=True):
    """A reference to somewhere in the site, as it was written."""

    ref: str
    line: int
    column: int
    is_image: bool = False


class References:
    """Takes the references out of tokens, and tells what is wrong with pictures."""

    def __init__(self, places: Places, problems: list[Problem]) -> None:
        self.places = places
        self.problems = problems
        self.links: list[Link] = []
        self.pictures = 0

    def take(self, tokens: Sequence[Token]) -> None:
        """Replace every reference into the site by a mark."""
        block: Sequence[int] | None = None
        for token in tokens:
            block = token.map or block
            if token.type == "html_block":
                token.content = self._in_html(token.content, block)
            for child in inside(token):
                if child.type == "html_inline" and child.content.startswith("<"):
                    child.content = self._in_html(child.content, block)
                elif child.type == "link_open":
                    self._take(child, "href", block)
                elif child.type == "image":
                    self._take_picture(child, block)

    def _take(self, token: Token, name: str, block: Sequence[int] | None) -> int | None:
        number = self._number(str(token.attrGet(name) or ""), block, is_image=name == "src")
        if number is not None:
            token.attrSet(name, marks.mark(number, marks.ADDRESS))
            token.meta["reference"] = number
        return number

    def _take_picture(self, token: Token, block: Sequence[int] | None) -> None:
        ref = str(token.attrGet("src") or "")
        number = self._take(token, "src", block)
        if self.pictures:  # the first may be what a reader sees first
            token.attrSet("loading", "lazy")
            token.attrSet("decoding", "async")
        self.pictures += 1
        if not token.content.strip():
            self._missing_alt(ref, block, number)

    def _missing_alt(self, ref: str, block: Sequence[int] | None, number: int | None) -> None:
        if number is None:
            place = self.places.find(ref, block)
        else:
            link = self.links[number]
            place = Location("", link.line, link.column, "", len(link.ref))
        hint = 'say what it shows, as in ![A hut in the snow](hut.jpg); if it shows nothing, write <img alt="">'
        message = "the picture has no words for those who do not see it"
        self.problems.append(Problem("missing_alt", message, place, hint))

    def _number(self, ref: str, block: Sequence[int] | None, *, is_image: bool) -> int | None:
        """Return the number of a new reference into the site; None if it leads elsewhere."""
        if not ref or _SCHEME.match(ref):
            return None
        place = self.places.find(ref, block)
        self.links.append(Link(ref, place.line, place.column, is_image))
        return len(self.links) - 1

    def _in_html(self, text: str, block: Sequence[int] | None) -> str:
        """Return raw HTML with marks for its references; what is no start tag stays as it is."""
        finder = _StartTags()
        finder.feed(text)
        finder.close()
        starts = [0]
        for words in text.split("\n"):
            starts.append(starts[-1] + len(words) + 1)
        pieces: list[str] = []
        done = 0
        for line, column, tag in finder.found:
            begin = starts[line - 1] + column
            pieces += (text[done:begin], self._in_tag(tag, block))
            done = begin + len(tag)
        return "".join((*pieces, text[done:]))

    def _in_tag(self, tag: str, block: Sequence[int] | None) -> str:
        name = _TAG_NAME.match(tag)
        is_picture = name is not None and name[1].lower() in {"img", "source"}
        seen: dict[str, int | None] = {}

        def put(found: re.Match[str]) -> str:
            attribute = found["name"].lower()
            value = html.unescape((found["value"] or "").strip("\"'"))
            seen[attribute] = None
            if attribute == "srcset" and value:
                return f'{found["start"]}="{self._in_srcset(value, block)}"'
            if attribute not in {"href", "src", "poster"}:
                return found[0]
            is_image = attribute == "poster" or (is_picture and attribute == "src")
            number = seen[attribute] = self._number(value, block, is_image=is_image)
            if number is None:
                return found[0]
            return f'{found["start"]}="{marks.mark(number, marks.ADDRESS)}"'

        changed = _ATTRIBUTE.sub(put, tag)
        if name is None or name[1].lower() != "img":
            return changed
        self.pictures += 1
        number = seen.get("src")
        if "alt" not in seen:
            self._missing_alt(tag.split("\n", maxsplit=1)[0], block, number)
        if number is None or {"width", "height"} & set(seen):
            return changed
        end = len(changed) - (2 if changed.endswith("/>") else 1)
        return f"{changed[:end].rstrip()}{marks.mark(number, marks.SIZE)}{changed[end:]}"

    def _in_srcset(self, value: str, block: Sequence[int] | None) -> str:
        choices = []
        for choice in re.split(r",\s+|,$", value):
            ref, _, rest = choice.strip().partition(" ")
            number = self._number(ref, block, is_image=True)
            shown = html.escape(ref) if number is None else marks.mark(number, marks.ADDRESS)
            choices.append(f"{shown} {rest}".strip())
        return ", ".join(filter(None, choices))


_TAG_NAME = re.compile(r"<([A-Za-z][^\s/>]*)")
_ATTRIBUTE = re.compile(
    r"""(?P<start>[\s/"'](?P<name>[^\s"'<>/=]+))(?:\s*=\s*(?P<value>"[^"]*"|'[^']*'|[^\s"'=<>`]+))?"""
)


class _StartTags(TagSoup):
    """Where the start tags of a piece of HTML are: line from 1, column from 0, the tag itself."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[int, int, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del tag, attrs
        line, column = self.getpos()
        self.found.append((line, column, self.get_starttag_text() or ""))
