"""A form as it was sent -> accepted, to be confirmed, or given back with what has to be mended."""

from __future__ import annotations

import datetime as dt
import logging
import sqlite3
from collections.abc import Callable
from urllib.parse import urlsplit

import msgspec

from sitegen.markup.untrusted.formats import tips
from sitegen.receiver import checking, pages
from sitegen.receiver.answers import Answer, Asked, json_answer
from sitegen.receiver.counters import Counters
from sitegen.receiver.courier import Courier
from sitegen.receiver.forms import Form, FormError, parse_form
from sitegen.receiver.limits import Limits
from sitegen.receiver.pages import Page
from sitegen.receiver.proof_of_work import Proof
from sitegen.receiver.published import Article, Published
from sitegen.receiver.settings import Settings
from sitegen.receiver.spool import Letter, Receipt, Spool
from sitegen.receiver.tokens import TokenMaker

log = logging.getLogger("sitegen.receiver")
STATUS = {
    "form": "422 Unprocessable Content",
    "origin": "403 Forbidden",
    "limited": "429 Too Many Requests",
    "full": "503 Service Unavailable",
    "unavailable": "503 Service Unavailable",
    "closed": "409 Conflict",
    "article": "404 Not Found",
}


class Intake(msgspec.Struct, frozen=True):
    """What judges and keeps what is sent."""

    settings: Settings
    tokens: TokenMaker
    proof: Proof
    limits: Limits
    spool: Spool
    published: Published
    courier: Courier
    counters: Counters
    now: Callable[[], dt.datetime]

    def origins(self) -> frozenset[str]:
        """Return the origins whose pages may post: the site's, and those that the operator names."""
        site = self.published.site()
        own = {_origin(site.config.base_url)} if site else set()
        return frozenset({*own, *self.settings.origins.split()})

    def language(self) -> str:
        """Return the language in which the receiver speaks: the site's."""
        site = self.published.site()
        return site.config.language if site else "en"

    def blank(self, form: Form, asked: Asked) -> Answer:
        """Return the page with an empty form, for an article or for an answer to a comment."""
        now = self.now()
        article = self.published.article(form.article, now)
        if article is None or article.state != "open":
            return self._back("article" if article is None else "closed", form, asked, article)
        return self._page("200 OK", Page("form", form), article)

    def post(self, asked: Asked) -> Answer:
        """Take a comment, or give the form back, filled in, with what stands in the way."""
        try:
            form = parse_form(asked.kind, asked.body)
        except FormError as error:
            self.counters.add("refused")
            return Answer("400 Bad Request", f"{error}\n".encode())
        now = self.now()
        article = self.published.article(form.article, now)
        try:
            return self._judge(form, asked, now, article)
        except sqlite3.Error:
            log.exception("the counters cannot be read")
            return self._back("unavailable", form, asked, article)

    def _judge(self, form: Form, asked: Asked, now: dt.datetime, article: Article | None) -> Answer:
        fault = self._gate(form, asked, now, article)
        if fault or article is None:
            return self._back(fault, form, asked, article)
        token = self.tokens.read(form.token, now)
        name = self.tokens.comment_id(token) if token else f"{now:%Y-%m-%d}-preview"
        checked = checking.check(form, article, now, name)
        if checked.faults:
            return self._back("form", form, asked, article, checked.faults)
        age = now.timestamp() - token.issued if token else 0.0
        solved = bool(token) and self.proof.is_solved(form.token, form.proof)
        if not token or age < (self.settings.wait if solved else self.settings.slow_wait):
            return self._confirm(form, asked, article, checked, is_new=not token)
        return self._take(form, asked, article, checked, now, name)

    def _gate(self, form: Form, asked: Asked, now: dt.datetime, article: Article | None) -> str:
        """Return what stands in the way of a form before it is read; empty if nothing does."""
        if asked.origin and asked.origin not in {*self.origins(), asked.own_origin}:
            return "origin"
        if form.contact:
            return "contact"
        settings = self.settings
        burst, hourly = 3 * settings.burst, 3 * settings.hourly
        if self.limits.is_over("post", asked.address, now.timestamp(), burst, hourly):
            return "limited"
        if article is None:
            return "article" if self.published.site() else "unavailable"
        return "" if article.state == "open" else "closed"

    def _take(
        self,
        form: Form,
        asked: Asked,
        article: Article,
        checked: checking.Checked,
        now: dt.datetime,
        name: str,
    ) -> Answer:
        """Put a comment on the disk, unless it is there already."""
        digest = self.tokens.digest(article.key, form.author, form.reply_to, form.body)
        known = self.spool.find(name)
        if known and known.digest != digest:  # another text in a form that was sent already
            return self._confirm(form, asked, article, checked, is_new=True)
        if known:
            return self._thanks(known, form, asked, article, checked, "repeated")
        seconds = now.timestamp()
        first = self.limits.claim(digest, name, seconds)
        twin = self.spool.find(first) if first != name else None
        if twin:
            return self._thanks(twin, form, asked, article, checked, "repeated")
        if self.limits.is_full(seconds, self.settings.daily):
            return self._back("full", form, asked, article)
        settings = self.settings
        if self.limits.is_over("take", asked.address, seconds, settings.burst, settings.hourly):
            return self._back("limited", form, asked, article)
        self.limits.take_over(digest, name, seconds)
        letter = Letter(name, checked.path, article.key, checked.text, int(seconds), digest)
        if not self._keep(letter):
            return self._back("unavailable", form, asked, article)
        self.limits.took(name, seconds)
        return self._thanks(letter, form, asked, article, checked, "accepted")

    def _keep(self, letter: Letter) -> bool:
        """Put a letter on the disk, or before the forge; return whether it is safe there."""
        try:
            self.spool.accept(letter)
        except OSError as error:
            log.exception("the spool cannot be written: %s", error.strerror)
            return False
        log.info("%s accepted", letter.id)
        if not self.settings.at_once:
            self.courier.news.set()
            return True
        self.courier.look()
        return self.courier.attempt([letter], keeps=False)[0].delivered

    def _thanks(
        self,
        known: Letter | Receipt,
        form: Form,
        asked: Asked,
        article: Article,
        checked: checking.Checked,
        outcome: str,
    ) -> Answer:
        self.counters.add(outcome)
        if asked.wants_json:
            words = pages.words_in(self.language())
            said = {"id": known.id, "html": str(checked.html or ""), "message": words["thanks_how"]}
            return json_answer("202 Accepted", said)
        return self._page("202 Accepted", Page("thanks", form, preview=checked.html), article)

    def _confirm(
        self,
        form: Form,
        asked: Asked,
        article: Article,
        checked: checking.Checked,
        *,
        is_new: bool,
    ) -> Answer:
        """Show the comment as it will look, and ask for it once more; the way without JavaScript."""
        self.counters.add("confirm")
        token = self.tokens.make(self.now()) if is_new else form.token
        form = msgspec.structs.replace(form, token=token)
        faults = () if is_new else ("early",)
        if asked.wants_json:
            words = pages.words_in(self.language())
            said = {name: pages.said(name, words) for name in faults}
            value = {"token": token, "html": str(checked.html or ""), "faults": said}
            return json_answer("428 Precondition Required", value)
        return self._page("200 OK", Page("confirm", form, faults, checked.html), article)

    def _back(
        self,
        fault: str,
        form: Form,
        asked: Asked,
        article: Article | None,
        faults: tuple[str, ...] = (),
    ) -> Answer:
        """Give a form back, filled in, with the sentences that say what to do."""
        counted = fault if fault in {"limited", "full", "unavailable"} else "refused"
        self.counters.add(counted)
        shown = faults or (fault,)
        status = STATUS.get(fault, STATUS["form"])
        headers = (("Retry-After", "3600"),) if counted != "refused" else ()
        if asked.wants_json:
            words = pages.words_in(self.language())
            said = {name: pages.said(name, words) for name in shown}
            return json_answer(status, {"faults": said}, *headers)
        form = msgspec.structs.replace(form, contact="")
        kind = "trouble" if fault in {"article", "closed"} else "form"
        answer = self._page(status, Page(kind, form, shown), article)
        return msgspec.structs.replace(answer, headers=headers)

    def _page(self, status: str, page: Page, article: Article | None) -> Answer:
        text_format = article.config.text_format("") if article else None
        parents = {one.id: one.author for one in article.thread} if article else {}
        page = msgspec.structs.replace(
            page,
            article=article,
            tips=tips(text_format) if text_format else (),
            parent=parents.get(page.form.reply_to, ""),
        )
        text = pages.render(page, self.language())
        return Answer(status, text.encode("utf-8", "replace"), "text/html; charset=utf-8")


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"
