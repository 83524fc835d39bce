"""Jobs -> staged files: only what is not in place already is made, in any process."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from sitegen.build.memory import Row
from sitegen.build.output import OutputFolder
from sitegen.build.reading import SourceLibrary
from sitegen.build.render import Renderer
from sitegen.errors import Problem, SiteError
from sitegen.sources.theme import Theme
from sitegen.views.jobs import Job, digest_of, make_view
from sitegen.views.records import View

_FIELD = 8  # bytes of digest for each field of a view: enough to tell that it changed


class Printed(msgspec.Struct, frozen=True):
    """What came of a job."""

    path: str
    view: bytes = b""
    sha256: str = ""
    changed: bool = False
    """Its bytes differ from those in place, so it was staged."""
    rendered: bool = False
    problems: tuple[Problem, ...] = ()


class Press:
    """All that printing needs, in this process or another."""

    def __init__(
        self,
        theme: Theme,
        closures: Mapping[str, bytes],
        library: SourceLibrary,
        folder: OutputFolder | None,
        rows: Mapping[str, Row],
    ) -> None:
        """Set up; without a folder, pages are rendered only to find their faults."""
        self.theme = theme
        self.closures = closures
        self.library = library
        self.folder = folder
        self.rows = rows
        self.renderer: Renderer | None = None

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "renderer": None}

    def fingerprint(self, job: Job, view: View) -> bytes:
        """Return the digests of a template's closure and of each field of a view, one after the other."""
        parts = [self.closures.get(job.template, b"\0" * _FIELD)]
        parts += [digest_of(getattr(view, name)) for name in view.__struct_fields__]
        return b"".join(part[:_FIELD] for part in parts)

    def print(self, job: Job) -> Printed:
        """Return what came of one job."""
        view = make_view(job, self.library)
        fingerprint = self.fingerprint(job, view)
        row = self.rows.get(job.path)
        if row and row.view == fingerprint:
            return Printed(job.path, fingerprint, row.sha256)
        if self.renderer is None:
            self.renderer = Renderer(self.theme, self.library.memory)
        try:
            content = self.renderer.render(job.path, job.template, view)
            if self.folder is None:
                return Printed(job.path, fingerprint, rendered=True)
            staged = self.folder.stage(job.path, content)
        except SiteError as error:
            return Printed(job.path, problems=error.problems)
        return Printed(job.path, fingerprint, staged.sha256, staged.changed, rendered=True)


def print_jobs(press: Press, jobs: Sequence[Job]) -> list[Printed]:
    """Return what came of each job, in order."""
    return [press.print(job) for job in jobs]


def difference(before: bytes, after: bytes, fields: Sequence[str]) -> str:
    """Return in words what differs between two fingerprints of an output: a field, or the template."""
    if before[:_FIELD] != after[:_FIELD]:
        return "a template or a string of the theme has changed"
    for number, name in enumerate(fields, 1):
        part = slice(number * _FIELD, (number + 1) * _FIELD)
        if before[part] != after[part]:
            return f"the field `{name}` of its view has changed"
    return "its view is of another kind"
