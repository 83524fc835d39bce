"""A review -> Markdown, for a comment on a pull request or the summary of a job."""

from __future__ import annotations

import re
from collections.abc import Iterable

from sitegen.errors import printable
from sitegen.review.groups import groups, shown_whole
from sitegen.review.records import Review, Reviewed
from sitegen.review.wording import (
    CHANGED,
    VERDICTS,
    spoken_change,
    spoken_link,
    spoken_problem,
)

_MAX_MARKDOWN = 60_000  # a comment on GitHub has at most 65,536 characters


def as_markdown(review: Review) -> str:
    """Return a review as Markdown for a comment on a pull request or a job's summary.

    What strangers wrote stands in code, so nothing in it is a link, a picture, or a mention.
    """
    parts = [f"### {VERDICTS[review.verdict]}\n"]
    if review.outside:
        parts.append(f"**Outside `comments/`**, {len(review.outside)} changed:\n")
        parts += [f"- {one.kind} {_code(one.path)}" for one in review.outside[:20]]
        parts.append("")
    whole = shown_whole(review.comments)
    parts += [_section(one) for one in whole]
    rest = review.comments[len(whole) :]
    if rest:
        parts.append(f"{len(rest)} more, by what is to be said of them:\n")
        for group in groups(rest)[:30]:
            such = _code(group.comments[0].path)
            parts.append(f"- {len(group.comments)} × {group.said or 'nothing'}, such as {such}")
        parts.append("")
    parts += [f"- hint: {_plain(hint.reason)}" for hint in review.hints]
    text = "\n".join(parts)
    cut = "\n\n… and more: see the file that `--format html` makes.\n"
    return (
        text if len(text) <= _MAX_MARKDOWN else text[:_MAX_MARKDOWN].rpartition("\n#### ")[0] + cut
    )


def _section(one: Reviewed) -> str:
    comment = one.comment or one.before
    rows = [f"#### {_code(one.path)}\n"]
    if one.kind in CHANGED:
        rows.append(f"- **{one.kind}**: this {CHANGED[one.kind]}")
    if one.target and comment:
        where = f" at {_code(one.permalink)}" if one.permalink else ""
        rows.append(f"- {_code(comment.author)} on {_code(one.target.title)}{where}")
    if one.parent:
        rows.append(f"- answers {_code(one.parent.author)}")
    rows += [f"- link {_plain(spoken_link(link))}" for link in one.links[:20]]
    rows += [f"- changed {_plain(spoken_change(change))}" for change in one.changes[:10]]
    rows += [f"- **error** {_plain(spoken_problem(problem))}" for problem in one.problems[:20]]
    rows += [f"- **hint** {_plain(hint.reason)}" for hint in one.hints]
    rows += [
        f"- **private** {_code(find.text)} in `{find.field}`: {find.cure}"
        for find in one.finds[:10]
    ]
    if one.before_lines and one.kind != "renamed":
        rows += ["", "It said:", "", _fence(one.before_lines)]
    if one.lines:
        rows += ["", "It says:" if one.kind == "edited" else "It will say:", "", _fence(one.lines)]
    return "\n".join([*rows, ""])


def _code(text: str) -> str:
    """Return a text as a span of code that it cannot end."""
    shown = printable(text).replace("`", "ˋ").replace("|", "¦")
    return f"`{shown or ' '}`"


_SPAN = re.compile(r"`[^`]*`")
_SPEAKS = re.compile(r"[\\*_\[\]&<>()!|~]|://")


def _plain(text: str) -> str:
    """Return a sentence of ours, in which quoted texts stay code and the rest stays text."""
    rest = _SPAN.split(text)
    # A reference such as `&#64;` would still be a mention: code is what is never one.
    if text.count("`") % 2 or any("@" in part or "#" in part for part in rest):
        return _code(text)
    spans = [_code(span[1:-1]) for span in _SPAN.findall(text)]
    plain = [
        _SPEAKS.sub(lambda found: "".join(f"&#{ord(one)};" for one in found[0]), part)
        for part in rest
    ]
    return "".join(part + span for part, span in zip(plain, [*spans, ""], strict=True))


def _fence(lines: Iterable[str]) -> str:
    text = "\n".join(printable(line, 2_000) for line in lines)
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}text\n{text[:8_000]}\n{fence}"
