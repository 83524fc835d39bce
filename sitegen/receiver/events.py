"""What happened on GitHub -> a form: an issue written by a form, or a `repository_dispatch`.

https://docs.github.com/webhooks/webhook-events-and-payloads: `issues` and `repository_dispatch`.
"""

from __future__ import annotations

import json
import re

from sitegen.receiver.forms import Form, FormError, parse_form

_HEADINGS = {
    "Article": "article",
    "Your name": "author",
    "Your site": "url",
    "Subject": "subject",
    "In answer to": "reply_to",
    "Comment": "body",
}
_NOTHING = "_No response_"  # what GitHub writes for a field that was left empty


def form_of_event(data: bytes) -> tuple[Form, str]:
    """Return the form that an event's file holds, and what names the event for good.

    Raises:
        FormError: It is neither kind of event.
    """
    try:
        event = json.loads(data)
        payload = event.get("client_payload")
        issue = event.get("issue") or {}
        if isinstance(payload, dict):
            fields, name = payload, str(payload["id"])
        else:
            fields, name = _sections(issue["body"]), f"issue {issue['number']}"
    except (ValueError, RecursionError, KeyError, TypeError, AttributeError):
        raise FormError("this is neither an issue written by the form nor a dispatch") from None
    return parse_form("application/json", json.dumps(fields).encode()), name


def _sections(body: str) -> dict[str, str]:
    """Return what stands below each heading of an issue form; the last takes all that follows."""
    lines = body.replace("\r\n", "\n").split("\n")
    found: dict[str, list[str]] = {}
    current: list[str] = []
    for line in lines:
        heading = re.fullmatch(r"### (.+)", line)
        name = _HEADINGS.get(heading[1], "") if heading else ""
        if name and name not in found and "body" not in found:
            current = found.setdefault(name, [])
        else:
            current.append(line)
    texts = {name: "\n".join(rows).strip("\n") for name, rows in found.items()}
    return {name: "" if text == _NOTHING else text for name, text in texts.items()}
