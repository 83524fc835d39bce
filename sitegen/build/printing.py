"""Jobs -> staged files: only what is not in place already is made, in any process or on any machine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from sitegen.build.inspection import Facts, facts_of
from sitegen.build.library import Enclosure, SourceLibrary
from sitegen.build.memory import Memory
from sitegen.build.output import OutputFolder
from sitegen.build.render import Renderer
from sitegen.build.state import Row
from sitegen.build.workers import Done, Stage
from sitegen.errors import Problem, SiteError
from sitegen.sources.theme import Theme
from sitegen.views.jobs import DIGEST_SIZE, Job, Library, digest_of, make_view
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


class Impression(msgspec.Struct, frozen=True):
    """What a job comes to before anything is written."""

    path: str
    view: bytes = b""
    """The fingerprint of all that it is rendered from."""
    content: bytes | None = None
    """None if what is in place was rendered from the same."""
    problems: tuple[Problem, ...] = ()
    facts: Facts | None = None


class Sheet(msgspec.Struct, frozen=True):
    """A job with all that it is made from, for whoever has no library."""

    job: Job
    library: Enclosure
    before: bytes
    """The fingerprint of what is in place."""


class Printer:
    """Jobs -> impressions: a function of the job, of what it takes from its library, and of these."""

    def __init__(
        self,
        engine: bytes,
        theme: Theme,
        closures: Mapping[str, bytes],
        *,
        inspects: bool = False,
        memory: Memory | None = None,
    ) -> None:
        """Set up.

        Args:
            engine: Digest of the code and the libraries.
            theme: The templates.
            closures: Name of a template -> digest of all that it includes.
            inspects: Render every page, only to find out what there is to check in it.
            memory: May keep compiled templates.
        """
        self.engine = engine
        self.theme = theme
        self.closures = closures
        self.inspects = inspects
        self.memory = memory
        self.renderer: Renderer | None = None

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "renderer": None}

    def portable(self) -> Printer:
        """Return the same without the memory, which lies on this machine."""
        return Printer(self.engine, self.theme, self.closures, inspects=self.inspects)

    def fingerprint(self, job: Job, view: View) -> bytes:
        """Return the digest of all that an output is rendered from, then one of each part of it.

        The parts are the tool, the template's closure, and each field of the view.
        """
        parts = [self.engine, self.closures.get(job.template, b"")]
        parts += [getattr(view, name) for name in view.__struct_fields__]
        digests = [digest_of(part) for part in parts]
        return digest_of(digests) + b"".join(digest[:_PART] for digest in digests)

    def impression(self, job: Job, library: Library, before: bytes) -> Impression:
        """Return what a job comes to; `before` is the fingerprint of what is in place."""
        try:
            view = make_view(job, library)
        except SiteError as error:
            return Impression(job.path, problems=error.problems)
        fingerprint = self.fingerprint(job, view)
        if fingerprint == before and not self.inspects:
            return Impression(job.path, fingerprint)
        if self.renderer is None:
            self.renderer = Renderer(self.theme, self.memory, self.engine)
        try:
            content = self.renderer.render(job.path, job.template, view)
        except SiteError as error:
            return Impression(job.path, problems=error.problems)
        if not self.inspects:
            return Impression(job.path, fingerprint, content)
        facts = facts_of(job.path, content) if job.path.endswith(".html") else None
        return Impression(job.path, fingerprint, b"", facts=facts)


class Press(Stage[Job, Sheet, Impression, Printed]):
    """Jobs -> what came of each, staged in the output folder."""

    def __init__(
        self,
        printer: Printer,
        library: SourceLibrary,
        folder: OutputFolder | None,
        rows: Mapping[str, Row],
    ) -> None:
        """Set up; without a folder, pages are rendered only to find their faults."""
        self.printer = printer
        self.tool = printer.portable()
        self.library = library
        self.folder = folder
        self.rows = rows

    def fetch(self, item: Job) -> Sheet | Done[Printed]:
        """Return a job with all that it is made from; one without a template is done at once."""
        if not item.template:
            return Done(self.run(item))
        try:
            return Sheet(item, self.library.enclosed(item), self._before(item))
        except SiteError as error:
            return Done(Printed(item.path, problems=error.problems))

    @staticmethod
    def work(tool: Printer, task: Sheet) -> Impression:
        """Print a job."""
        return tool.impression(task.job, task.library, task.before)

    def keep(self, answer: Impression) -> Printed:
        """Stage what was printed, unless it is in place."""
        path, view = answer.path, answer.view
        if answer.problems:
            return Printed(path, problems=answer.problems)
        if answer.content is None:
            return Printed(path, view, self.rows[path].sha256)
        if self.folder is None:
            return Printed(path, view, rendered=True, facts=answer.facts)
        try:
            staged = self.folder.stage(path, answer.content)
        except SiteError as error:
            return Printed(path, problems=error.problems)
        return Printed(path, view, staged.sha256, staged.changed, rendered=True)

    def run(self, item: Job) -> Printed:
        """Print a job here, where the library is."""
        return self.keep(self.printer.impression(item, self.library, self._before(item)))

    def _before(self, job: Job) -> bytes:
        row = self.rows.get(job.path)
        return row.view if row else b""


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
