"""Strangers' text -> Markup, past two gates. Knows nothing of authors' Markdown."""
