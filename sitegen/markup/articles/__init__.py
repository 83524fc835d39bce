"""Authors' Markdown -> HTML that still waits for the site to be known."""
