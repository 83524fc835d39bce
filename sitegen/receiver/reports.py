"""The spool -> what its operator and the reviewers want to know, without a word of any comment."""

from __future__ import annotations

import datetime as dt

from sitegen.errors import printable
from sitegen.receiver.courier import Courier
from sitegen.receiver.forges import BRANCHES


def status(courier: Courier, now: dt.datetime) -> tuple[str, bool]:
    """Return what waits, what was sent, what stands in the way; and whether anything does."""
    letters = list(courier.spool.letters())
    sent = sum(1 for _ in courier.spool.receipts())
    rows = [f"{len(letters)} waiting, {sent} sent in the last 30 days"]
    for letter in letters:
        age = dt.timedelta(seconds=int(now.timestamp()) - letter.received)
        row = f"{letter.id} on {printable(letter.article)}: waiting for {age}"
        if letter.attempts:
            row += f", {letter.attempts} attempts, the last: {printable(letter.trouble)}"
        rows.append(row)
    return "\n".join(rows) + "\n", any(letter.attempts for letter in letters)


def digest(courier: Courier, now: dt.datetime) -> str:
    """Return the queue of the reviewers: what was sent, still has its branch, and is not published.

    Raises:
        GitError: The repository cannot be read.
    """
    courier.mirror.fetch()
    published = courier.mirror.tree(courier.mirror.tip()).files
    branches = courier.mirror.remote_refs()
    # With AGit no comment has a branch there, so that only merging tells that one is done.
    by_branch = any(ref.startswith(BRANCHES) for ref in branches)
    rows = []
    for receipt in courier.spool.receipts():
        is_closed = by_branch and f"{BRANCHES}{receipt.id}" not in branches
        if is_closed or receipt.path in published:
            continue
        days = int(now.timestamp() - receipt.received) // 86_400
        age = "today" if not days else "yesterday" if days == 1 else f"{days} days ago"
        rows.append(f"- {printable(receipt.article)}, {age}: {printable(receipt.link)}")
    count = len(rows)
    head = f"{count} comment waits" if count == 1 else f"{count} comments wait"
    return "\n".join([f"{head} for review", *rows]) + "\n"
