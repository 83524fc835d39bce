"""`sitegen schema`: what a kind of file may hold, for editors and CI."""

from __future__ import annotations

from pathlib import Path

import click

from sitegen.commands.console import site_option

PUBLISHED = "https://sitegen.example/schemas/"
"""Where the manual's site has the schemas of the newest version, for editors."""
SCHEMAS = ("config", "front-matter", "comment", "comment-line", "theme", "review")


@click.command()
@click.argument("name", type=click.Choice(SCHEMAS))
@site_option
def schema(name: str, root: Path) -> None:
    """Print the JSON Schema of a kind of file, for editors and CI.

    That of the front matter has the taxonomies of the site.
    """
    import json

    from sitegen import disk
    from sitegen.review.exchange import json_schema
    from sitegen.sources import comment_lines, comments, config, config_keys, front_matter, theme
    from sitegen.sources.schema import Key, keys_schema

    settings = disk.find(root, disk.CONFIG)
    taxonomies = config.stand_in(disk.read(settings)).taxonomies if settings else ()
    tables: dict[str, tuple[tuple[Key, ...], str]] = {
        "config": (config_keys.KEYS, "config.yaml of a sitegen site"),
        "front-matter": (front_matter.keys_for(taxonomies), "Front matter of an article or page"),
        "comment": (comments.KEYS, "One comment: comments/<content path>/<id>.yaml"),
        "comment-line": (comment_lines.KEYS, "One line of `sitegen comments export`"),
        "theme": (theme.KEYS, "theme.yaml of a sitegen theme"),
    }
    keys, about = tables.get(name, ((), ""))
    described = keys_schema(keys, f"sitegen {name}", about) if keys else json_schema()
    described = {"$schema": described["$schema"], "$id": f"{PUBLISHED}{name}.json", **described}
    click.echo(json.dumps(described, indent=2, ensure_ascii=False))
