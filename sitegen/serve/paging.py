"""A built page -> the page as it is served: with the reload script, which its policy lets in.

What `build` writes holds neither: both are added to the bytes on their way to the browser.
"""

from __future__ import annotations

import html
import re
from urllib.parse import unquote, urlsplit

SCRIPT = "/.sitegen/live.js"
_META = re.compile(
    rb"""<meta\b(?=[^>]*\bhttp-equiv\s*=\s*["']?content-security-policy\b)[^>]*>""", re.IGNORECASE
)
_CONTENT = re.compile(r"""\bcontent\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)
_LINK = re.compile(rb"<link\b[^>]*>", re.IGNORECASE)
_REL = re.compile(r"""\brel\s*=\s*["']?[^"'>]*\bstylesheet\b""", re.IGNORECASE)
_HREF = re.compile(r"""\bhref\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)


def with_script(page: bytes, state: str, nonce: str) -> bytes:
    """Return a page that loads the reload script.

    Args:
        page: As it was built.
        state: What the script has to know, as text.
        nonce: Lets this script pass the page's policy, and no other.
    """
    tag = (
        f'<script defer src="{SCRIPT}" nonce="{nonce}" data-state="{html.escape(state)}"></script>'
    )
    page = _META.sub(lambda found: _with_policy(found[0], nonce), page)
    head = re.search(rb"</head\s*>", page, re.IGNORECASE)
    at = head.start() if head else len(page)
    return page[:at] + tag.encode() + page[at:]


def _with_policy(tag: bytes, nonce: str) -> bytes:
    text = tag.decode("utf-8", "replace")
    found = _CONTENT.search(text)
    if found is None:
        return tag
    policy = adapted_policy(html.unescape(found[1] or found[2] or ""), nonce)
    return f'{text[: found.start()]}content="{html.escape(policy)}"{text[found.end() :]}'.encode()


def adapted_policy(policy: str, nonce: str) -> str:
    """Return a content security policy that also lets the reload script run and listen.

    >>> adapted_policy("default-src 'none'; img-src 'self'", "x")
    "default-src 'none'; img-src 'self'; script-src 'nonce-x'; connect-src 'self'"
    """
    directives: dict[str, list[str]] = {}
    for directive in policy.split(";"):
        words = directive.split()
        if words:
            directives.setdefault(words[0].lower(), words[1:])
    fallback = directives.get("default-src")
    if "script-src" in directives or fallback is not None:
        directives["script-src"] = _with_script_source(
            directives.get("script-src", fallback), nonce
        )
    if "script-src-elem" in directives:
        directives["script-src-elem"] = _with_script_source(directives["script-src-elem"], nonce)
    listening = directives.get("connect-src", fallback)
    if listening is not None:
        directives["connect-src"] = _with_source(listening, "'self'")
    return "; ".join(" ".join((name, *sources)) for name, sources in directives.items())


def _with_script_source(sources: list[str] | None, nonce: str) -> list[str]:
    """Let the script in; a nonce would take back the leave that `unsafe-inline` gives to others."""
    sources = sources or []
    is_lax = "'unsafe-inline'" in (source.lower() for source in sources)
    return _with_source(sources, "'self'" if is_lax else f"'nonce-{nonce}'")


def _with_source(sources: list[str], source: str) -> list[str]:
    kept = [one for one in sources if one.lower() not in {"'none'", source}]
    return [*kept, source]


def style_sheets(page: bytes) -> tuple[str, ...]:
    """Return the addresses of the site's own style sheets that a page names, as it writes them.

    >>> style_sheets(b'<link rel="stylesheet" href="/a.css"><link rel="icon" href="/i.svg">')
    ('/a.css',)
    """
    found = []
    for link in _LINK.findall(page):
        text = link.decode("utf-8", "replace")
        href = _HREF.search(text)
        if href and _REL.search(text):
            found.append(html.unescape(href[1] or href[2] or href[3] or ""))
    return tuple(one for one in dict.fromkeys(found) if one[:1] == "/" and one[:2] != "//")


def path_of(address: str) -> str:
    """Return the path below the root that an address of the server asks for.

    >>> path_of("/caf%C3%A9/?q=1")
    'café/'
    """
    return unquote(urlsplit(address).path.lstrip("/"), errors="surrogateescape")
