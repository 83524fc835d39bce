"""What a text means in HTML: articles' Markdown, strangers' text made safe. Knows no sites."""
