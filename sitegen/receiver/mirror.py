"""A repository, seen from a bare copy: what is published, and commits that nobody checks out."""

from __future__ import annotations

import base64
import os
import subprocess
import threading
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import msgspec

from sitegen import git
from sitegen.build.lock import locked
from sitegen.receiver.settings import Settings
from sitegen.receiver.spool import Letter

_TIMEOUT = 120  # seconds; a forge that is slower is taken for one that does not answer
_TIP = "refs/site/tip"
_WAITING = "refs/waiting"
_UNHURRIED = ("fast-import", "fetch", "ls-remote", "push")
"""Commands that no reader waits for: they leave the processor to those who do."""


class GitError(Exception):
    """Git did not do what it was asked to; the text is its own, without a token."""


class Tree(msgspec.Struct, frozen=True):
    """What a commit holds."""

    commit: str
    files: Mapping[str, str]
    """Path -> name of the blob, for regular files."""


class Mirror:
    """A bare repository beside the receiver; the site's own work trees are never touched."""

    def __init__(self, settings: Settings, remote: str, name: str) -> None:
        """Take the repository's address, and a name for the copy; nothing is read or made yet."""
        self.settings = settings
        self.remote = remote
        self.folder = Path(settings.state) / name
        self.lock = threading.Lock()

    def git(self, *arguments: str, stdin: bytes = b"") -> bytes:
        """Return what a git command prints; no shell, no configuration but our own.

        Raises:
            GitError: It failed, or took too long.
        """
        command = ["git", "-c", "safe.directory=*", "--git-dir", str(self.folder), *arguments]
        if arguments[0] in _UNHURRIED and os.name == "posix":
            command = ["nice", *command]
        try:
            done = subprocess.run(  # noqa: S603 - a list, and no word of it is a stranger's
                command,
                input=stdin,
                env=self._environment(),
                capture_output=True,
                timeout=_TIMEOUT,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise GitError(f"git {arguments[0]} took more than {_TIMEOUT} s") from None
        if done.returncode:
            said = done.stderr.decode("utf-8", "replace").strip() or f"status {done.returncode}"
            raise GitError(f"git {arguments[0]}: {said}")
        return done.stdout

    def _environment(self) -> dict[str, str]:
        """Return git's environment: the token stands in it, where no list of processes shows it."""
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("GIT_", "SITEGEN_"))
        }
        quiet = {
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_TERMINAL_PROMPT": "0",
            "LC_ALL": "C",
        }
        settings = self.settings
        if not settings.token or not self.remote.startswith(("https://", "http://")):
            return kept | quiet
        pair = base64.b64encode(f"{settings.user}:{settings.token}".encode()).decode("ascii")
        return (
            kept
            | quiet
            | {
                "GIT_CONFIG_COUNT": "1",
                "GIT_CONFIG_KEY_0": f"http.{self.remote}.extraHeader",
                "GIT_CONFIG_VALUE_0": f"Authorization: Basic {pair}",
            }
        )

    def is_there(self) -> bool:
        """Return whether a copy was begun."""
        return (self.folder / "HEAD").is_file()

    def fetch(self) -> None:
        """Bring the newest commit of the published branch, one process at a time: git would not wait."""
        with self.lock, locked(self.folder.with_suffix(".lock"), lambda: None):
            if not self.is_there():
                self.folder.parent.mkdir(parents=True, exist_ok=True)
                self.git("init", "--quiet", "--bare")
            branch = f"+refs/heads/{self.settings.branch}:{_TIP}"
            self.git("fetch", "--quiet", "--no-tags", "--depth=1", "--", self.remote, branch)

    def tip(self) -> str:
        """Return the name of the newest commit that was fetched."""
        return self.git("rev-parse", "--verify", "--quiet", _TIP).decode("ascii").strip()

    def tree(self, commit: str) -> Tree:
        """Return what a commit holds."""
        files = {}
        for row in self.git("ls-tree", "-r", "-z", "--full-tree", commit).split(b"\0"):
            about, _, path = row.partition(b"\t")
            if about.startswith(b"100"):  # neither links nor other repositories
                files[path.decode("utf-8", "replace")] = about.split()[2].decode("ascii")
        return Tree(commit, files)

    def read(self, blobs: Sequence[str]) -> list[bytes]:
        """Return the bytes of files, in order, by two processes however many there are.

        Raises:
            GitError: One of them is not there.
        """
        found = git.blobs(self.folder, blobs, git.MAX_ANSWER)
        try:
            return [found[blob] for blob in blobs]
        except KeyError as missing:
            raise GitError(f"git cat-file: {missing} is not in the copy") from None

    def present(self, commits: Sequence[str]) -> set[str]:
        """Return which of some commits are there."""
        if not commits:
            return set()
        names = "".join(f"{one}\n" for one in commits)
        rows = self.git("cat-file", "--batch-check", stdin=names.encode()).splitlines()
        return {row.split()[0].decode() for row in rows if b" commit " in row}

    def commit(self, letters: Iterable[Letter], base: str) -> list[str]:
        """Make a commit for each comment, all on the same base; return their names in order.

        The same comment on the same base is the same commit, however often it is made.
        """
        stream = b""
        for letter in letters:
            stream += _import_commands(letter, base, self.settings)
        with self.lock:
            said = self.git("fast-import", "--quiet", "--force", stdin=stream + b"done\n")
        return said.decode("ascii").split()

    def forget(self, waiting: Iterable[str]) -> None:
        """Let go of the commits of all comments but those that wait."""
        kept = {f"{_WAITING}/{name}" for name in waiting}
        refs = self.git("for-each-ref", "--format=%(refname)", _WAITING).decode().split()
        commands = "".join(f"delete {ref}\n" for ref in refs if ref not in kept)
        self.git("update-ref", "--stdin", stdin=commands.encode())

    def remote_refs(self) -> dict[str, str]:
        """Return ref -> commit of everything that the remote shows."""
        rows = self.git("ls-remote", "--", self.remote).decode("utf-8", "replace")
        pairs = (row.split("\t") for row in rows.splitlines())
        return {ref: commit for commit, ref in pairs}

    def push(self, places: Mapping[str, str], options: Iterable[str] = ()) -> dict[str, str]:
        """Send commits; return ref -> why it was refused, for those that were.

        Args:
            places: Ref at the remote -> commit.
            options: Push options, one line each.

        Raises:
            GitError: The remote cannot be reached, or refused everything.
        """
        asked = [part for option in options for part in ("--push-option", option)]
        specs = [f"{commit}:{ref}" for ref, commit in places.items()]
        try:
            self.git("push", "--porcelain", *asked, "--", self.remote, *specs)
        except GitError as error:
            present = self.remote_refs()
            refused = {
                ref: str(error) for ref, commit in places.items() if present.get(ref) != commit
            }
            if len(refused) == len(places):
                raise
            return refused
        return {}


def _import_commands(letter: Letter, base: str, settings: Settings) -> bytes:
    """Return the commands of git fast-import for one comment."""
    message = f"Add a comment on {letter.article}\n\nIt came by the form, as {letter.id}.\n"
    who = f"{settings.name} <{settings.email}> {letter.received} +0000"
    path = letter.path.encode()
    quoted = b'"' + path.replace(b"\\", b"\\\\").replace(b'"', b'\\"') + b'"'
    head = f"commit {_WAITING}/{letter.id}\nmark :1\nauthor {who}\ncommitter {who}\n"
    text = letter.text.encode()
    return b"".join(
        (
            head.encode(),
            b"data %d\n%b\n" % (len(message.encode()), message.encode()),
            b"from %b\n" % base.encode(),
            b"M 100644 inline %b\ndata %d\n%b\n" % (quoted, len(text), text),
            b"get-mark :1\n",
        )
    )
