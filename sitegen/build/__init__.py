"""Views -> output, with a memory."""
