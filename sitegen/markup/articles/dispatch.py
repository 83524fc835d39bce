"""The Markdown library's rules, each tried only where the character stands that it begins with.

The library tries every rule at every character that may begin anything, and at every line.
What is made of a text is the same; which rules are asked is decided by a table.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.common.utils import mdTrim
from markdown_it.parser_inline import ParserInline
from markdown_it.ruler import Ruler
from markdown_it.rules_block import StateBlock, lheading
from markdown_it.rules_inline import StateInline

_Rule = Callable[..., bool]

_INLINE = {
    "newline": "\n",
    "escape": "\\",
    "backticks": "`",
    "strikethrough": "~",
    "emphasis": "*_",
    "link": "[",
    "image": "!",
    "autolink": "<",
    "html_inline": "<",
    "entity": "&",
    "footnote_ref": "[",
    "gfm_autolink_www": "w",
    "gfm_autolink_protocol": ":",
    "gfm_autolink_email": "@",
    "math_inline": "$",
}
_ENDS = {
    "fence": "`~",
    "blockquote": ">",
    "hr": "*-_",
    "list": "*+-0123456789",
    "footnote_def": "[",
    "html_block": "<",
    "heading": "#",
    "math_block": "$",
    "deflist": ":~",
}
"""Rule -> the characters it begins with; a rule that is not named is tried everywhere."""
_ORDINARY = re.compile(
    r"(?:https?://(?:(?!xn--)[a-z0-9-]{1,63}\.){1,3}[a-z]{2,63}(?=[/?#]|\Z)|(?!//))"
    r"[A-Za-z0-9/._~#?=&+-]*"
)
"""Addresses that are written as they are."""
_MORE = {"w": r"(?=ww\.)", ":": "(?<=[ops]:)"}  # www., http:, https:, mailto:, xmpp:


class _Table:
    """Which of some rules are to be tried at a character, in their order."""

    def __init__(self, rules: Iterable[tuple[str, _Rule]], beginnings: Mapping[str, str]) -> None:
        known = [(beginnings.get(name), rule) for name, rule in rules]
        self.elsewhere = tuple(rule for begins, rule in known if begins is None)
        self.at = {
            character: tuple(
                rule for begins, rule in known if begins is None or character in begins
            )
            for character in sorted(set("".join(filter(None, (begins for begins, _ in known)))))
        }


class Inline(ParserInline):
    """The parser of what stands in a paragraph."""

    def __init__(self, other: ParserInline) -> None:
        """Take the rules of another parser, none of which will be added or disabled any more."""
        super().__init__()
        self.ruler, self.ruler2 = other.ruler, other.ruler2
        rules = [(name, rule) for name, rule in _rules(self.ruler, "") if name != "text"]
        self.table = _Table(rules, _INLINE)
        if self.table.elsewhere:
            self.terminator_re = other.terminator_re
        else:  # a label's end begins nothing, but has to be seen
            stops = (re.escape(one) + _MORE.get(one, "") for one in (*self.table.at, "]"))
            self.terminator_re = re.compile("|".join(stops))

    def tokenize(self, state: StateInline) -> None:
        """Generate the tokens of a range of text."""
        source, end, deepest = state.src, state.posMax, state.md.options["maxNesting"]
        search, at, elsewhere = self.terminator_re.search, self.table.at, self.table.elsewhere
        while state.pos < end:
            position = state.pos
            if state.level < deepest:
                found = search(source, position, end)
                stop = found.start() if found else end
                if stop > position:
                    state.append_pending(source[position:stop])
                    state.pos = position = stop
                    if stop == end:
                        break
                for rule in at.get(source[position], elsewhere):
                    if rule(state, False):
                        break
                else:
                    state.append_pending(source[position])
                    state.pos = position + 1
            else:
                state.append_pending(source[position])
                state.pos = position + 1
        if state.pending:
            state.pushPending()

    def skipToken(self, state: StateInline) -> None:  # noqa: N802 - the library's name
        """Step over one token."""
        position = state.pos
        if position not in state.cache:
            if state.level >= state.md.options["maxNesting"]:
                state.pos = state.posMax + 1
            else:
                self._step_over(state, position)
            state.cache[position] = state.pos
        state.pos = state.cache[position]

    def _step_over(self, state: StateInline, position: int) -> None:
        found = self.terminator_re.search(state.src, position, state.posMax)
        stop = found.start() if found else state.posMax
        if stop > position:
            state.pos = stop
            return
        rules = self.table.at.get(state.src[position], self.table.elsewhere)
        state.level += 1
        if not any(rule(state, True) for rule in rules):
            state.pos += 1
        state.level -= 1


def dispatched(parser: MarkdownIt) -> MarkdownIt:
    """Return a parser whose rules are tried where they may begin; none may be added or disabled later."""
    ruler = parser.block.ruler
    ends = _Table(_rules(ruler, "paragraph"), _ENDS)
    ruler.at("lheading", _underlined)
    ruler.at("paragraph", functools.partial(_paragraph, ends))
    parser.inline = Inline(parser.inline)
    parser.normalizeLink = _sparing(parser.normalizeLink)  # type: ignore[assignment, method-assign]
    parser.normalizeLinkText = _sparing(parser.normalizeLinkText)  # type: ignore[assignment, method-assign]
    return parser


def _sparing(normalise: Callable[[str], str]) -> Callable[[str], str]:
    """Return a function that leaves an ordinary address alone, and others to the library."""
    return lambda url: url if _ORDINARY.fullmatch(url) else normalise(url)


def _underlined(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Find a heading that is underlined; most paragraphs hold no line that begins as one does."""
    line = start + 1
    while line < end and not state.isEmpty(line):
        if state.src[state.bMarks[line] + state.tShift[line]] in "-=":
            return lheading(state, start, end, silent)
        line += 1
    return False


def _paragraph(ends: _Table, state: StateBlock, start: int, _end: int, _silent: bool) -> bool:
    """Take all lines of a paragraph: up to an empty one, or to one that begins something else."""
    kind, state.parentType = state.parentType, "paragraph"
    line, last = start + 1, state.lineMax
    while line < last and not state.isEmpty(line):
        # What is indented deeper, or was seen by a quotation around it, goes on with the text.
        if 0 <= state.sCount[line] <= state.blkIndent + 3:
            character = state.src[state.bMarks[line] + state.tShift[line]]
            rules = ends.at.get(character, ends.elsewhere)
            if any(rule(state, line, last, True) for rule in rules):
                break
        line += 1
    state.line = line
    opened = state.push("paragraph_open", "p", 1)
    opened.map = [start, line]
    inline = state.push("inline", "", 0)
    inline.content = mdTrim(state.getLines(start, line, state.blkIndent, False))
    inline.map = [start, line]
    inline.children = []
    state.push("paragraph_close", "p", -1)
    state.parentType = kind
    return True


def _rules(ruler: Ruler[Any], chain: str) -> Iterator[tuple[str, _Rule]]:
    """Yield the rules of a chain that are in force, with their names."""
    for rule in ruler.__rules__:
        if rule.enabled and (not chain or chain in rule.alt):
            yield rule.name, rule.fn
