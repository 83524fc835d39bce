"""`sitegen --version`: the versions of everything that the bytes of a build depend on."""

from __future__ import annotations

import click

from sitegen import __version__


def _tell_version(context: click.Context, _option: click.Parameter, asked: bool) -> None:
    """Print the version, and those of everything else that the bytes of a build depend on."""
    if not asked or context.resilient_parsing:
        return
    import platform

    from sitegen.build.engine import library_versions

    click.echo(f"sitegen {__version__}\nPython {platform.python_version()}")
    for name, version in library_versions().items():
        click.echo(f"{name} {version}")
    context.exit()


version_option = click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_tell_version,
    help="Print the versions of sitegen, of Python and of the libraries that make a page.",
)
