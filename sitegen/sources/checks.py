"""`checks:` of config.yaml: what a build looks for in texts and pages, and how much each finding matters."""

from __future__ import annotations

CHECKS = {
    "broken_link": "error",
    "broken_anchor": "error",
    "missing_picture": "warning",
    "missing_alt": "warning",
    "missing_footnote": "warning",
    "bad_formula": "warning",
    "duplicate_id": "warning",
    "unshown_letters": "warning",
}
"""Name of a check -> how much its findings matter where the site does not say."""
LEVELS = ("error", "warning", "ignore")
