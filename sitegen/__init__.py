"""Markdown articles and comment files in, a finished site out.

    files         records           Site             views          bytes
    disk.read → sources.parse_* → model.assemble → views.outputs → build.render → OutputFolder
                        ↑                                  ↑
             markup.articles (Markdown)      markup.untrusted (strangers' text → Markup)

The site's files are values and a build is a function over values; only `disk`, `cli` and
the servers touch the world. Nothing here runs at import.
"""

__version__ = "0.1.0"
