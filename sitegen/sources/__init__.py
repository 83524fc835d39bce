"""The text of a file -> a record whose every value knows its place."""
