"""A rendered text -> about how long reading it takes."""

from __future__ import annotations

import re

_TAG = re.compile(r"<[^>]*>")
# Han, kana and Hangul are counted by sign, since words are not told apart or are short.
_SIGNS = "[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af]"
WORDS, SIGNS = 220, 500
"""How many an adult reads in a minute."""


def reading_minutes(html: str) -> int:
    """Return the minutes that reading a text takes, at least one.

    >>> reading_minutes("<p>One <b>word</b></p>"), reading_minutes("word " * 500)
    (1, 2)
    """
    text = _TAG.sub(" ", html)
    signs = 0 if text.isascii() else len(re.findall(_SIGNS, text))
    words = len((re.sub(_SIGNS, " ", text) if signs else text).split())
    return max(1, round(words / WORDS + signs / SIGNS))
