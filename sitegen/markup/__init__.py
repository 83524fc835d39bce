"""What a text means in HTML: articles' Markdown, and strangers' text made safe. Knows nothing of sites."""
