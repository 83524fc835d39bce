"""`comments:` of config.yaml -> CommentSettings: how a site takes comments, and where they lie."""

from __future__ import annotations

from typing import Literal
from urllib.parse import urlsplit

import msgspec

from sitegen.markup.untrusted.formats import DEFAULT_FORMAT
from sitegen.sources import kinds, text_formats
from sitegen.sources.schema import Key

CommentsState = Literal["open", "closed", "hidden"]
COMMENTS_STATES = ("open", "closed", "hidden")
FORGES = ("github", "gitlab", "forgejo", "gitea")
SPAM_WORDS = (
    "backlink", "backlinks", "bitcoin", "casino", "cbd", "cialis", "coupon", "crypto",
    "dating", "escort", "essay", "forex", "gambling", "hacker", "investment", "jackpot", "loan",
    "loans", "payday", "poker", "porn", "promo", "replica", "seo", "viagra",
    "weight loss", "whatsapp",
)  # fmt: skip


class CommentSettings(msgspec.Struct, frozen=True):
    """How the site takes comments."""

    default: CommentsState = "open"
    close_after_days: int | None = None
    invalid: Literal["error", "skip"] = "error"
    format: str = DEFAULT_FORMAT
    repository: str = ""
    branch: str = "main"
    forge: str = ""
    by_author: tuple[str, ...] = ()
    """Paths of the comments that authors of the site wrote, below comments/ and without `.yaml`."""
    receiver: str = ""
    """Origin of the form's end point; empty where there is none."""
    mail: str = ""
    per_page: int = 100
    """How many answers to the article itself a page holds, each with all replies to it."""
    folder: str = "."
    """The folder, from the site's, in which comments/ lies: another where it is a repository of its own."""
    words: tuple[str, ...] = SPAM_WORDS
    """Those that a reviewer is told of."""

    @property
    def holds_articles(self) -> bool:
        """Whether the repository is known, and that of the site as well."""
        return bool(self.repository) and self.folder == "."


COMMENT_KEYS = (
    Key(
        "default",
        kinds.choice(*COMMENTS_STATES),
        "Comments of an article that says nothing of its own.",
        default="open",
    ),
    Key(
        "close_after_days",
        kinds.whole_number(1, 36_500),
        "Close comments so many days after an article's date.",
    ),
    Key(
        "per_page",
        kinds.whole_number(1, 100_000),
        "How many comments stand on one page, each with all replies to it.",
        default=100,
    ),
    Key(
        "invalid",
        kinds.choice("error", "skip"),
        "What a faulty comment file does: stop the build, or be left out with a warning.",
        default="error",
    ),
    Key(
        "format",
        text_formats.WORD,
        "The text format of a comment that names none.",
        default=DEFAULT_FORMAT,
    ),
    Key(
        "repository",
        kinds.matching(
            r"https://[^\s/?#<>\"]+/[^\s?#<>\"]*[^\s?#<>\"/]",
            "the address of a repository",
            "write it as https://host/owner/name",
        ),
        "The repository whose new-file page readers are sent to.",
        default="",
    ),
    Key(
        "branch",
        kinds.matching(
            r"[A-Za-z0-9][A-Za-z0-9._/-]{0,99}",
            "a branch name",
            "write the branch that is published, such as main",
        ),
        "Its branch that is published.",
        default="main",
    ),
    Key(
        "forge",
        kinds.choice(*FORGES),
        "What runs there, where the host's name does not tell.",
        default="",
    ),
    Key(
        "receiver",
        kinds.matching(
            r"https?://[A-Za-z0-9.-]+(?::[0-9]{1,5})?",
            "the origin of a receiver",
            "write it as https://comments.example.org, without a slash at its end",
        ),
        "Where `sitegen receive` listens; a form below each article posts there.",
        default="",
    ),
    Key(
        "mail",
        kinds.matching(
            r"[A-Za-z0-9._+-]+@[A-Za-z0-9.-]+", "an e-mail address", "write it as name@host"
        ),
        "The address to which readers may mail comments; it is shown in every page.",
        default="",
    ),
    Key(
        "by_author",
        kinds.list_of(
            kinds.matching(
                r"(?:[^\s/]+/)+[a-z0-9][a-z0-9._-]{0,79}",
                "the path of a comment",
                "write it as below comments/ and without .yaml, as in posts/trip/2018-02-20-jo",
            ),
            max_items=20_000,
        ),
        "The comments that the authors of the site wrote themselves.",
        default=(),
    ),
    Key(
        "folder",
        kinds.matching(
            r"(?:\.\./){0,3}[^\s/\\:.][^\\:\x00-\x1f]{0,199}|\.",
            "a folder",
            "write it from the site's folder, as in ../notes-comments",
        ),
        "Where `comments/` lies, if it is in a repository of its own.",
        default=".",
    ),
    Key(
        "words",
        kinds.list_of(kinds.text(max_length=60), max_items=1_000),
        "Words that `comments review` tells of; instead of the tool's own list.",
        default=SPAM_WORDS,
    ),
)


def forge_of(repository: str) -> str | None:
    """Return what runs where a repository lies, as far as the host's name tells."""
    host = (urlsplit(repository).hostname or "") if repository else ""
    if host == "codeberg.org":
        return "forgejo"
    return next(
        (forge for forge in FORGES if host.split(".")[0] == forge or f"{forge}.com" == host), None
    )
