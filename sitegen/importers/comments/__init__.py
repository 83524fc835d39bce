"""Comments as another system keeps them -> comment files, and a word for each that was not brought.

A module of `importers/systems/` yields a `Found` for each comment of an export and knows no
more; everything that all systems share is here, in the order in which a comment passes
through: `exports` (files) → `found` → `articles` (which one is meant) → `spool` (by article)
→ `threads` (replies, tombstones) → `html_text` and `making` (a comment file's values) →
`landing` (all files or none). `bringing` is the way through them.
"""
