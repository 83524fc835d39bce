"""A posted form -> a pull request."""
