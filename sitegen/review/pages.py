"""A review -> one page in the site's own style, which runs nothing and asks nobody for anything."""

from __future__ import annotations

import base64
import tempfile
from collections.abc import Iterable
from pathlib import Path

import msgspec
from markupsafe import Markup

from sitegen import disk
from sitegen.build.render import Renderer
from sitegen.build.themes import read_theme
from sitegen.errors import SiteError, printable, quoted
from sitegen.markup.untrusted.changes import Change
from sitegen.markup.untrusted.formats import comment_html
from sitegen.review.groups import groups
from sitegen.review.records import Outside, Review, Reviewed
from sitegen.review.reviewing import Ground, file_of
from sitegen.review.snapshots import COMMENT_LIMIT, LIMIT, CommitFiles
from sitegen.review.wording import CHANGED, VERDICTS, spoken_change, spoken_link, spoken_problem
from sitegen.sources.comments import Comment, parse_comment
from sitegen.views.comment_records import CommentView, ParentView
from sitegen.views.comments import Page, comments_view
from sitegen.views.frames import Furniture, frame
from sitegen.views.part_records import DateView, SiteView
from sitegen.views.parts import Arrangement, ThreadEntry

_NOTHING = CommentView("", "", date=DateView("", "")).html
WHOLE = 100
"""So many comments are shown; more make a page that no browser likes."""
_MAX_THREAD = 12


class Piece(msgspec.Struct, frozen=True):
    """A part of a comment's source."""

    text: str
    marked: bool = False
    why: str = ""


class Note(msgspec.Struct, frozen=True):
    """Something to be said of a comment."""

    label: str
    text: str


class ProposalView(msgspec.Struct, frozen=True):
    """A comment as the page shows it."""

    kind: str
    path: str
    id: str
    article: str
    url: str
    thread: tuple[CommentView, ...]
    before: Markup
    source: tuple[Piece, ...]
    notes: tuple[Note, ...]
    links: tuple[str, ...]
    changes: tuple[str, ...]


class ReviewView(msgspec.Struct, frozen=True):
    """What the template sees; `canonical` and `url` are what a theme's `comment.html` may use."""

    site: SiteView
    lang: str
    title: str
    canonical: str
    url: str
    style: str
    """In base64: a style sheet of its own, so that the page needs no other file."""
    verdict: str
    said: str
    outside: tuple[Outside, ...]
    hints: tuple[str, ...]
    comments: tuple[ProposalView, ...]
    rest: tuple[str, ...]
    rest_count: int


def as_page(root: Path, review: Review, ground: Ground) -> str:
    """Return the review as HTML.

    Args:
        root: The site's folder, whose theme is used where no commit has one.
        review: What is shown.
        ground: The site that it is to be merged into.

    Raises:
        SiteError: A template of the theme cannot show a comment.
    """
    with tempfile.TemporaryDirectory(prefix="sitegen-review-") as place:
        themes = _theme_files(root, ground, Path(place))
        theme, static, problems = read_theme(themes, ground.config)
        if problems:
            raise SiteError(*problems)
        own = Path(__file__).parent
        style = disk.read(static[_STYLE]).decode("utf-8", "replace") if _STYLE in static else ""
        style += (own / "page.css").read_text(encoding="utf-8")
        view = _view(review, ground, style)
        template = (own / "page.html").read_text(encoding="utf-8")
        templates = {**theme.templates, _TEMPLATE: (_TEMPLATE, template)}
        whole = msgspec.structs.replace(theme, templates=templates)
        return Renderer(whole, None, b"").render(_TEMPLATE, _TEMPLATE, view).decode()


_TEMPLATE, _STYLE = "review.html", "style.css"


def _theme_files(root: Path, ground: Ground, place: Path) -> Path:
    """Return a folder with the themes of the branch that this goes to, never of the one proposed."""
    if not isinstance(ground.site, CommitFiles):
        return root
    names = [name for name in ground.site.names if name.startswith(f"{disk.THEMES}/")]
    for name, data in ground.site.read(names, LIMIT).items():
        if len(data) <= LIMIT:
            disk.write_new(place, name, data)
    return place


def _view(review: Review, ground: Ground, style: str) -> ReviewView:
    config = ground.config
    shown = review.comments[:WHOLE]
    rest = review.comments[WHOLE:]
    site = frame(config, Furniture({}, {}, "", "", {}, frozenset())).site
    return ReviewView(
        site=site,
        lang="en",
        title=f"Review of {len(review.comments)} comment{'s' * (len(review.comments) != 1)}",
        canonical=config.base_url,
        url=site.home,
        style=base64.b64encode(style.encode()).decode(),
        verdict=review.verdict,
        said=VERDICTS[review.verdict],
        outside=tuple(Outside(one.kind, printable(one.path)) for one in review.outside),
        hints=tuple(hint.reason for hint in review.hints),
        comments=tuple(
            _proposal(f"p{number}-", one, ground) for number, one in enumerate(shown, 1)
        ),
        rest=tuple(
            f"{len(group.comments)} × {group.said or 'nothing'}, such as {printable(group.comments[0].path)}"
            for group in groups(rest)
        ),
        rest_count=len(rest),
    )


def _proposal(mark: str, one: Reviewed, ground: Ground) -> ProposalView:
    """Return what the page shows of a comment; `mark` begins each id, for two may answer the same."""
    comment = one.comment
    old = one.before if one.kind != "renamed" else None
    return ProposalView(
        kind=one.kind,
        path=printable(one.path),
        id=f"{mark}comment-{comment.id}" if comment else "",
        article=one.target.title if one.target else "",
        url=one.target.url if one.target else "",
        thread=_thread(mark, one, ground),
        before=_shown(f"{mark}before-", old, ground) if old else _NOTHING,
        source=tuple(_pieces(one)),
        notes=tuple(_notes(one)),
        links=tuple(map(spoken_link, one.links)),
        changes=tuple(map(spoken_change, one.changes)),
    )


def _notes(one: Reviewed) -> Iterable[Note]:
    if one.kind in CHANGED:
        yield Note(one.kind, f"this {CHANGED[one.kind]}")
    yield from (Note("error", spoken_problem(problem)) for problem in one.problems)
    yield from (Note("hint", hint.reason) for hint in one.hints)
    for find in one.finds:
        yield Note("private", f"{quoted(find.text)} in `{find.field}` is {find.what}: {find.cure}")


def _thread(mark: str, one: Reviewed, ground: Ground) -> tuple[CommentView, ...]:
    """Return the comment below what it answers, as the article's page will show them."""
    if one.comment is None or one.target is None:
        return ()
    chain = [one.comment]
    above = one.parent
    while above and len(chain) < _MAX_THREAD and above not in chain:
        chain.append(above)
        above = _comment(file_of(one.target.key, above.reply_to, ground), ground)
    # The topmost that is shown stands at the top, though it may answer another.
    chain[-1] = msgspec.structs.replace(chain[-1], reply_to="")
    entries = tuple(ThreadEntry(comment, _shown(mark, comment, ground)) for comment in chain)
    page = Page(one.target.key, one.target.path_of_page, one.target.language, ground.config.authors)
    rows = comments_view(ground.config, page, "closed", Arrangement(entries, 1).part(1)).thread
    return tuple(_marked(mark, row) for row in rows)


def _marked(mark: str, row: CommentView) -> CommentView:
    parent = row.parent and ParentView(row.parent.author, _fragment(mark, row.parent.url))
    url = _fragment(mark, row.url)
    return msgspec.structs.replace(row, id=mark + row.id, url=url, parent=parent)


def _fragment(mark: str, url: str) -> str:
    return f"#{mark}{url.removeprefix('#')}"


def _comment(path: str, ground: Ground) -> Comment | None:
    data = ground.comments.read([path], COMMENT_LIMIT).get(path)
    try:
        return parse_comment(path, data, ground.config.zone) if data is not None else None
    except SiteError:
        return None


def _shown(mark: str, comment: Comment, ground: Ground) -> Markup:
    text_format = ground.config.text_format(comment.format)
    if text_format is None or comment.removed:
        return _NOTHING
    return comment_html(comment.body, text_format, f"{mark}comment-{comment.id}-")


def _pieces(one: Reviewed) -> Iterable[Piece]:
    """Yield the file's keys, then the body with what the text format changed marked."""
    comment = one.comment
    if comment is None or not comment.body:
        yield Piece(_visible(one.source))
        return
    head = one.source.partition("\nbody:")[0]
    yield Piece(f"{_visible(head)}\n\n" if head != one.source else "")
    done = 0
    for change in one.changes:
        if change.start >= done and change.end > change.start:
            yield Piece(_visible(comment.body[done : change.start]))
            yield Piece(_visible(comment.body[change.start : change.end]), True, _why(change))
            done = change.end
    yield Piece(_visible(comment.body[done:]))


def _why(change: Change) -> str:
    return printable(change.why)


def _visible(text: str) -> str:
    """Return a text of several lines with nothing in it that hides or turns."""
    return "\n".join(printable(line, 100_000) for line in text.split("\n"))
