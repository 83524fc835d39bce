"""What a page's script and an operator's machines ask: a token, a preview, health, counters."""

from __future__ import annotations

from sitegen.receiver import checking, pages
from sitegen.receiver.answers import Answer, Asked, json_answer
from sitegen.receiver.forms import FormError, parse_form
from sitegen.receiver.intake import STATUS, Intake


def token(intake: Intake, asked: Asked) -> Answer:
    """Return a token for a form, and the task that goes with it."""
    del asked
    now = intake.now()
    made = intake.tokens.make(now)
    wait = intake.settings.wait
    return json_answer(
        "200 OK", {"token": made, "proof": intake.proof.task(made, now), "wait": wait}
    )


def health(intake: Intake, asked: Asked) -> Answer:
    """Return whether comments can be taken."""
    del asked
    well = intake.published.site() is not None and intake.spool.waiting.is_dir()
    return (
        Answer("200 OK", b"well\n")
        if well
        else Answer("503 Service Unavailable", b"the repository has not been read yet\n")
    )


def metrics(intake: Intake, asked: Asked) -> Answer:
    """Return the counters."""
    del asked
    now = intake.now().timestamp()
    since = [letter.received for letter in intake.spool.letters()]
    text = intake.counters.text(len(since), now - min(since, default=now))
    return Answer("200 OK", text.encode(), "text/plain; version=0.0.4; charset=utf-8")


def preview(intake: Intake, asked: Asked) -> Answer:
    """Return how a comment will look, or the sentences for the fields to be mended, as JSON."""
    now = intake.now()
    words = pages.words_in(intake.language())
    try:
        form = parse_form(asked.kind, asked.body)
    except FormError as error:
        return json_answer("400 Bad Request", {"error": str(error)})
    if intake.limits.is_over("preview", asked.address, now.timestamp(), 60, 600):
        return json_answer("429 Too Many Requests", {"faults": {"limited": words["error_limited"]}})
    article = intake.published.article(form.article, now)
    if article is None or article.state != "open":
        fault = "article" if article is None else "closed"
        return json_answer(STATUS[fault], {"faults": {fault: pages.said(fault, words)}})
    checked = checking.check(form, article, now, "preview")
    faults = {name: pages.said(name, words) for name in checked.faults}
    return json_answer("200 OK", {"html": str(checked.html or ""), "faults": faults})
