"""Text -> HTML: authors' Markdown, and strangers' text made safe. Knows nothing of sites."""
