"""Site -> the jobs of its feeds: of all articles, of each term, of comments, of each thread."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from sitegen.errors import Location
from sitegen.model.site import Site
from sitegen.model.taxonomies import SERIES
from sitegen.sources.config import PATH as CONFIG_PATH
from sitegen.sources.content import Document
from sitegen.views import feeds
from sitegen.views.comments import FEED_NAME
from sitegen.views.frames import Frame
from sitegen.views.jobs import Holdings, Job, Known
from sitegen.views.links import Network
from sitegen.views.relations import Web

ATOM = "atom.xml"
JSON_FEED = "feed.json"
_SITE = Location(CONFIG_PATH)


class FeedPlanner:
    """Makes these jobs of one site."""

    def __init__(
        self, site: Site, holdings: Holdings, frame: Known[Frame], network: Network, web: Web
    ) -> None:
        self.site = site
        self.config = site.config
        self.holdings = holdings
        self.frame = frame
        self.network = network
        self.web = web

    def jobs(self) -> Iterator[Job]:
        """Yield them all."""
        title = self.config.title
        yield from self._article_feeds(title, "/", self.site.listed)
        for taxonomy in self.site.taxonomies:
            for term in taxonomy.terms:
                newest = term.articles[::-1] if taxonomy.name == SERIES else term.articles
                yield from self._article_feeds(f"{title}: {term.name}", taxonomy.path(term), newest)
        talks = [
            document
            for document in (*self.site.listed, *self.site.pages)
            if self._has_talk(document)
        ]
        # The newest comments of all stand in the threads that were answered last.
        talks.sort(key=lambda document: (-self.site.threads[document.key].newest, document.path))
        latest = [talk for talk in talks if not talk.unlisted][: self.config.feed_items]
        yield self._comment_feed(f"{title}: comments", "/comments/feed.xml", "/", latest)
        for document in (*self.site.articles, *self.site.pages):
            if self._has_talk(document):
                url = self.site.permalinks[document.path]
                yield self._comment_feed(
                    f"{document.title}: comments", url + FEED_NAME, url, [document]
                )

    def _has_talk(self, document: Document) -> bool:
        summary = self.site.threads.get(document.key)
        return bool(summary and summary.count)

    def _article_feeds(self, title: str, home: str, articles: Sequence[Document]) -> Iterator[Job]:
        newest = tuple(
            (
                self.holdings.documents[article.path],
                self.site.permalinks[article.path],
                self.holdings.bodies[article.path],
                self.network.links.get(article.path, ()),
                tuple(tag.title for tag in self.web.tags(article)),
            )
            for article in articles[: self.config.feed_items]
        )
        for name, template in (("feed.xml", ATOM), ("feed.json", JSON_FEED)):
            head = feeds.FeedHead(title, home + name, home)
            yield Job(
                head.path.lstrip("/"),
                template,
                _SITE,
                feeds.article_feed_view,
                (self.frame, head, newest),
            )

    def _comment_feed(self, title: str, path: str, home: str, documents: Iterable[Document]) -> Job:
        head = feeds.FeedHead(title, path, home)
        threads = tuple(
            (self._talk(document), self.holdings.thread(document)) for document in documents
        )
        return Job(
            path.lstrip("/"), ATOM, _SITE, feeds.comment_feed_view, (self.frame, head, threads)
        )

    def _talk(self, document: Document) -> feeds.Talk:
        url = self.site.permalinks[document.path]
        return feeds.Talk(document.title, url, document.lang or self.config.language)
