"""Published payloads, rendered, in Chromium: as a full page and by innerHTML, in three places.

The negative control comes first: the raw payloads have to run script, or the rest says
nothing. One payload in eight is tried; with SITEGEN_ALL_PAYLOADS=1 all are, in many minutes.
"""

from __future__ import annotations

import importlib.util
import json
import os
import shutil

import pytest

from sitegen.markup.untrusted.allowlist import RESTRICTED
from sitegen.markup.untrusted.formats import BUILTIN_FORMATS, comment_html
from sitegen.markup.untrusted.gates import unchanged

pytestmark = [pytest.mark.shared, pytest.mark.browser, pytest.mark.timeout(3_600)]

# `lang` and `dir` may stand on any element; the checker's own list leaves them out.
EVERYWHERE = {"lang", "dir"}
STEP = 1 if os.environ.get("SITEGEN_ALL_PAYLOADS") else 8
MARKDOWN = {key: set() for key in ["pre", "del", "hr", "table", "thead", "tbody", "tr", "th", "td"]}


@pytest.fixture(scope="module")
def checker(shared):
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        pytest.skip("no Chromium")
    path = shared / "tools/security/browser_check.py"
    spec = importlib.util.spec_from_file_location("browser_check", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module, chromium


def findings(checker, items, wrap="article", slow=1.0):
    """Return mode -> payload -> [(kind, detail)] of a list of (payload, HTML)."""
    module, chromium = checker
    allowed = {name: names | EVERYWHERE for name, names in (module.ALLOWED | MARKDOWN).items()}
    judge = module.Checker(
        allowed=allowed, id_prefix="comment-x-", chromium=chromium, wrap=wrap, slow=slow
    )
    try:
        return judge.fragments(items)
    finally:
        judge.stop()


@pytest.fixture(scope="module")
def payloads(shared):
    found = json.loads((shared / "corpora/security/payloads.json").read_text("utf-8"))
    return [(one["id"], one["payload"]) for one in found[::STEP]]


@pytest.fixture(scope="module")
def raw_findings(checker, payloads):
    return findings(checker, payloads)


def test_raw_payloads_run_script_or_this_says_nothing(raw_findings):
    ran = {
        key
        for mode in raw_findings.values()
        for key, found in mode.items()
        if any(kind == "script" for kind, _ in found)
    }

    assert len(ran) >= 600 // STEP


def test_the_second_gate_alone_refuses_what_trips_the_browser(raw_findings, payloads):
    tripped = {key for mode in raw_findings.values() for key, found in mode.items() if found}
    accepted = {key for key, text in payloads if unchanged(text, RESTRICTED, "comment-x-")}

    assert len(tripped) > 1_000 // STEP
    assert not tripped & accepted


@pytest.mark.parametrize("wrap", ["article", "ol-li", "div"])
@pytest.mark.parametrize("name", BUILTIN_FORMATS)
def test_rendered_payloads_do_nothing_in_a_browser(checker, payloads, name, wrap):
    shown = {
        str(comment_html(text, BUILTIN_FORMATS[name], "comment-x-")): key for key, text in payloads
    }
    items = [
        (key, html)
        for html, key in shown.items()
        if "<" in html.replace("<p>", "").replace("</p>", "")
    ]
    found = findings(checker, items, wrap, slow=2.0)
    # An id under the comment's own prefix is reachable as window[id], and is no global's name.
    bad = {
        (mode, key): [one for one in kinds if one[0] != "clobber"]
        for mode, per_key in found.items()
        for key, kinds in per_key.items()
    }

    assert not {key: kinds for key, kinds in bad.items() if kinds}
