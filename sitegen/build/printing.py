"""Jobs -> staged files: only what is not in place already is made, in any process."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from sitegen.build.inspection import Facts, facts_of
from sitegen.build.output import OutputFolder
from sitegen.build.reading import SourceLibrary
from sitegen.build.render import Renderer
from sitegen.build.state import Row
from sitegen.errors import Problem, SiteError
from sitegen.sources.theme import Theme
from sitegen.views.jobs import DIGEST_SIZE, Job, digest_of, make_view
from sitegen.views.records import View

_PART = 8  # bytes of digest of each part of a fingerprint, to tell which of them changed


class Printed(msgspec.Struct, frozen=True):
    """What came of a job."""

    path: str
    view: bytes = b""
    sha256: str = ""
    changed: bool = False
    """Its bytes differ from those in place, so it was staged."""
    rendered: bool = False
    problems: tuple[Problem, ...] = ()
    facts: Facts | None = None
    """Of a page that is rendered only to be checked."""


class Press:
    """All that printing needs, in this process or another."""

    def __init__(
        self,
        engine: bytes,
        theme: Theme,
        closures: Mapping[str, bytes],
        library: SourceLibrary,
        folder: OutputFolder | None,
        rows: Mapping[str, Row],
        *,
        inspects: bool = False,
    ) -> None:
        """Set up; without a folder, pages are rendered only to find their faults.

        Who inspects renders every page and finds out what there is to check in it.
        """
        self.inspects = inspects
        self.engine = engine
        self.theme = theme
        self.closures = closures
        self.library = library
        self.folder = folder
        self.rows = rows
        self.renderer: Renderer | None = None

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "renderer": None}

    def fingerprint(self, job: Job, view: View) -> bytes:
        """Return the digest of all that an output is rendered from, then one of each part of it.

        The parts are the tool, the template's closure, and each field of the view.
        """
        parts = [self.engine, self.closures.get(job.template, b"")]
        parts += [getattr(view, name) for name in view.__struct_fields__]
        digests = [digest_of(part) for part in parts]
        return digest_of(digests) + b"".join(digest[:_PART] for digest in digests)

    def print(self, job: Job) -> Printed:
        """Return what came of one job."""
        try:
            view = make_view(job, self.library)
        except SiteError as error:
            return Printed(job.path, problems=error.problems)
        fingerprint = self.fingerprint(job, view)
        row = self.rows.get(job.path)
        if row and row.view == fingerprint and not self.inspects:
            return Printed(job.path, fingerprint, row.sha256)
        if self.renderer is None:
            self.renderer = Renderer(self.theme, self.library.memory, self.engine)
        try:
            content = self.renderer.render(job.path, job.template, view)
            if self.folder is None:
                is_page = self.inspects and job.path.endswith(".html")
                facts = facts_of(job.path, content) if is_page else None
                return Printed(job.path, fingerprint, rendered=True, facts=facts)
            staged = self.folder.stage(job.path, content)
        except SiteError as error:
            return Printed(job.path, problems=error.problems)
        return Printed(job.path, fingerprint, staged.sha256, staged.changed, rendered=True)


def print_jobs(press: Press, jobs: Sequence[Job]) -> list[Printed]:
    """Return what came of each job, in order."""
    return [press.print(job) for job in jobs]


def difference(before: bytes, after: bytes, fields: Sequence[str]) -> str:
    """Return in words what differs between two fingerprints of an output."""
    reasons = [
        "the tool, Python or a library has changed",
        "a template or a string of the theme has changed",
        *(f"the field `{name}` of its view has changed" for name in fields),
    ]
    for number, reason in enumerate(reasons):
        part = slice(DIGEST_SIZE + number * _PART, DIGEST_SIZE + (number + 1) * _PART)
        if before[part] != after[part]:
            return reason
    return "its view is of another kind"
