"""What config.yaml may hold: every key with its kind, its default and a sentence."""

from __future__ import annotations

from sitegen.sources import comment_settings, kinds, people, schema, text_formats, theme_parameters
from sitegen.sources.checks import CHECKS, LEVELS
from sitegen.sources.comment_settings import CommentSettings
from sitegen.sources.config_kinds import (
    ADDRESS,
    BYLINE,
    DATE_FORMAT,
    MENU_ITEM,
    PERMALINK_KEYS,
    TAXONOMIES,
    TIME_ZONE,
    Permalinks,
)
from sitegen.sources.markdown_settings import MARKDOWN_KEYS, MarkdownSettings
from sitegen.sources.picture_settings import PICTURE_KEYS, PictureSettings
from sitegen.sources.schema import Key

KEYS: tuple[Key, ...] = (
    Key("title", kinds.text(max_length=200), "The site's name.", required=True),
    Key(
        "base_url",
        ADDRESS,
        "The address of the home page.",
        required=True,
    ),
    Key("description", kinds.text(max_length=500), "One sentence about the site.", default=""),
    Key("author", kinds.text(max_length=200), "Who writes articles that name nobody.", default=""),
    Key(
        "language",
        kinds.language,
        "The language of the site.",
        default="en",
    ),
    Key(
        "timezone",
        TIME_ZONE,
        "The zone in which dates are meant and shown.",
        default="UTC",
    ),
    Key(
        "theme",
        theme_parameters.chosen_theme,
        "The theme: a folder in themes/, `default` or `plain`; with `name` and `parameters` for more.",
        default=("default", None),
    ),
    Key(
        "byline",
        BYLINE,
        "The line below an article's title.",
        default="Submitted by {author} on {date}",
    ),
    Key(
        "date_format",
        DATE_FORMAT,
        "How a date with its time is written.",
        default="%a, %d/%m/%Y - %H:%M",
    ),
    Key(
        "permalinks",
        schema.record(PERMALINK_KEYS, Permalinks, "permalinks."),
        "The paths at which articles and pages are published.",
        default=Permalinks(),
    ),
    Key(
        "articles_per_page",
        kinds.whole_number(1, 1000),
        "How many articles a list shows on one page.",
        default=10,
    ),
    Key("feed_items", kinds.whole_number(1, 1000), "How many items a feed holds.", default=20),
    Key(
        "menu",
        kinds.list_of(MENU_ITEM),
        "The links at the head of every page.",
        default=(),
    ),
    Key(
        "comments",
        schema.record(comment_settings.COMMENT_KEYS, CommentSettings, "comments."),
        "How the site takes comments.",
        default=CommentSettings(),
    ),
    Key(
        "formats",
        text_formats.formats,
        "Text formats of the site's own, by name.",
        default=(),
    ),
    Key(
        "markdown",
        schema.record(MARKDOWN_KEYS, MarkdownSettings, "markdown."),
        "What articles may hold beyond CommonMark.",
        default=MarkdownSettings(),
    ),
    Key(
        "markdown_copies",
        kinds.flag,
        "Whether the Markdown of every article and page is published beside it.",
        default=False,
    ),
    Key(
        "llms_txt",
        kinds.flag,
        "Whether `llms.txt` lists all pages and articles for language models.",
        default=False,
    ),
    Key(
        "pictures",
        schema.record(PICTURE_KEYS, PictureSettings, "pictures."),
        "What is made of pictures.",
        default=PictureSettings(),
    ),
    Key(
        "checks",
        kinds.table(kinds.choice(*CHECKS), kinds.choice(*LEVELS)),
        "How much the findings of a check matter.",
        default={},
    ),
    Key(
        "taxonomies",
        TAXONOMIES,
        "Keys of the front matter that sort articles as `tags` does.",
        default=(),
    ),
    Key(
        "related",
        kinds.whole_number(0, 20),
        "How many related articles are named below each article.",
        default=0,
    ),
    Key("authors", people.people, "The authors of the site, by a short name.", default={}),
    Key(
        "author_pages",
        kinds.flag,
        "Whether every author has a page with his articles.",
        default=False,
    ),
    Key(
        "edit_links",
        kinds.flag,
        "Whether pages link to their source in `comments.repository`, to be edited there.",
        default=False,
    ),
    Key(
        "search",
        kinds.flag,
        "Whether there is a page to search articles and comments.",
        default=False,
    ),
    Key(
        "dates_from_git",
        kinds.flag,
        "Whether `updated` is taken from the history of git where a file does not say it.",
        default=False,
    ),
)
