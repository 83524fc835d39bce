"""The commands -> sitegen(1), in the macros of man(7); `write_manual.py` writes it."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator, Mapping

import click

from sitegen import __version__

_DESCRIPTION = """\
builds a site from Markdown articles and comment files, which both lie in git.
It publishes everything or, when anything is wrong, nothing.
The options of a command stand after it; all take
.BR \\-\\-help ."""

_ENDS = r"""
.SH EXIT STATUS
.TP
.B 0
All is well; there may have been warnings.
.TP
.B 1
The site has problems, and nothing was published.
.TP
.B 2
The command was used wrongly.
.SH ENVIRONMENT
.TP
.B SOURCE_DATE_EPOCH
The time of the build, in seconds since 1970, where
.B \-\-now
is not given.
.TP
.B SITEGEN_RECEIVE_*
The settings of
.BR "sitegen receive" .
.SH FILES
.TP
.I config.yaml
What makes a folder a site.
.TP
.I content/
Articles and pages, in Markdown.
.TP
.I comments/
One file a comment.
.TP
.I themes/
Themes of the site's own.
.TP
.I static/
Files that are published as they are.
.TP
.I output/
The finished site, with the list of its files in
.IR .sitegen\-manifest .
.TP
.I .sitegen/
What builds remember; it may be deleted at any time, and has no place in git.
.SH EXAMPLES
.nf
sitegen init notes
sitegen serve \-\-site notes
sitegen build \-\-site notes
.fi
"""


def roff(text: str) -> str:
    r"""Return a text as roff prints it: no sign of it is taken for an order.

    >>> roff(".TH \\ is --no…")
    '\\&.TH \\e is \\-\\-no\\[u2026]'
    """
    text = text.replace("\\", "\\e").replace("-", "\\-").replace("|", "|\\:")
    text = re.sub("[^\x00-\x7f]", lambda found: f"\\[u{ord(found[0]):04X}]", text)
    return re.sub(r"^(?=[.'])", r"\\&", text, flags=re.MULTILINE)


def man_page(commands: Mapping[str, click.Command]) -> str:
    """Return the page, with every command by the name that people type."""
    head = [
        f'.TH SITEGEN 1 "" "sitegen {__version__}" "User Commands"',
        ".ad l\n.nh",
        ".SH NAME",
        r"sitegen \- build a site from Markdown articles and comment files",
        ".SH SYNOPSIS",
        ".B sitegen",
        r"[\fB\-\-version\fR] [\fB\-\-help\fR] \fICOMMAND\fR [\fIOPTION\fR...]",
        ".SH DESCRIPTION",
        ".B sitegen",
        _DESCRIPTION,
        ".SH COMMANDS",
    ]
    body = (line for name in sorted(commands) for line in _command(name, commands[name]))
    return "\n".join((*head, *body)) + _ENDS


def _command(name: str, command: click.Command) -> Iterator[str]:
    """Yield the lines of one command: its usage, what it does, its options."""
    context = click.Context(command, info_name=f"sitegen {name}")
    usage = " ".join(("sitegen", name, *filter(None, command.collect_usage_pieces(context))))
    yield f'.SS "{roff(name)}"'
    yield from _lines(usage)
    yield ".PP"
    yield from _paragraphs(command.help or "")
    for parameter in command.params:
        record = parameter.get_help_record(context)
        if isinstance(parameter, click.Option) and record:
            yield ".TP"
            yield f".B {roff(record[0])}"
            yield from _lines(record[1])


def _paragraphs(text: str) -> Iterator[str]:
    for number, paragraph in enumerate(text.split("\n\n")):
        yield from ((".PP",) if number else ())
        yield from _lines(paragraph)


def _lines(text: str) -> Iterable[str]:
    text = " ".join(text.split())
    return map(roff, textwrap.wrap(text, 72, break_long_words=False, break_on_hyphens=False))
