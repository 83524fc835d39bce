"""The files that an author begins with: of a site, of an article, of a theme."""
