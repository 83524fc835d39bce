"""The environment -> Settings: what the receiver is told; secrets come from it or from a file."""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, TypeAlias

import msgspec

from sitegen.errors import quoted

PREFIX = "SITEGEN_RECEIVE_"
WAYS = ("branch", "github", "agit", "gitlab")
Number: TypeAlias = Annotated[int, msgspec.Meta(ge=0)]
Positive: TypeAlias = Annotated[int, msgspec.Meta(ge=1)]


class Settings(msgspec.Struct, frozen=True):
    """Everything that the receiver is told; each field is a variable with `SITEGEN_RECEIVE_` before it."""

    remote: str
    """Address of the repository, as git takes it; a token never stands in it."""
    state: str = "receiver-state"
    """Folder of comments on their way, of the copy of the repository, and of counters."""
    branch: str = "main"
    """The branch that is published."""
    comments: str = ""
    """Address of the comments' own repository, where `comments.folder` names one."""
    way: str = "branch"
    """How a comment gets to the reviewers: `branch`, `github`, `agit` or `gitlab`."""
    repository: str = ""
    """For `github`: owner/name of where the pull requests are made."""
    api: str = "https://api.github.com"
    """For `github`: the address of its REST interface."""
    token: str = ""
    """Opens the repository and the forge; better in a file."""
    token_file: str = ""
    """The file that holds the token."""
    secret: str = ""
    """Signs forms; better in a file. Without any, one is made and kept in the state folder."""
    secret_file: str = ""
    """The file that holds the secret."""
    user: str = "x-access-token"
    """The user's name that goes with the token."""
    name: str = "Comments"
    """Who makes the commits."""
    email: str = "comments@example.invalid"
    """The address in the commits."""
    origins: str = ""
    """Further origins whose pages may post, separated by blanks; that of `base_url` always may."""
    wait: Number = 3
    """Seconds that must pass between a form's making and its sending."""
    slow_wait: Number = 10
    """The same for those who bring no proof of work, where one is asked for."""
    proof: Number = 0
    """Proof of work: the highest number that a browser has to try; 0 asks for none."""
    burst: Positive = 5
    """How many comments one address may send at once."""
    hourly: Positive = 20
    """How many comments one address may send in an hour, in the long run."""
    daily: Number = 50
    """How many comments are taken in 24 hours, from all addresses together."""
    refresh: Positive = 60
    """Seconds between two looks at the repository."""
    at_once: bool = False
    """Whether the pull request is opened before the answer, for places without a lasting disk."""
    proxy: str = ""
    """Address of the reverse proxy whose X-Forwarded-For is believed, or `*`."""


class SettingsError(Exception):
    """The environment does not say what the receiver has to know; its text says what is missing."""


def from_environment(environ: Mapping[str, str]) -> Settings:
    """Return what the environment says.

    Raises:
        SettingsError: Something is missing or is no value of its kind.
    """
    said = {
        name: environ[PREFIX + name.upper()]
        for name in Settings.__struct_fields__
        if environ.get(PREFIX + name.upper())
    }
    if "remote" not in said:
        raise SettingsError(f"set {PREFIX}REMOTE to the address of the site's repository")
    try:
        settings = msgspec.convert(said, Settings, strict=False)
    except msgspec.ValidationError as error:
        name = str(error).rpartition("$.")[2].rstrip("`")
        raise SettingsError(
            f"{PREFIX}{name.upper()}: {quoted(said.get(name, ''))} is no value for it"
        ) from None
    return _checked(settings)


def _checked(settings: Settings) -> Settings:
    if settings.way not in WAYS:
        raise SettingsError(f"{PREFIX}WAY: {quoted(settings.way)} is none of {', '.join(WAYS)}")
    if settings.way == "github" and not re.fullmatch(r"[\w.-]+/[\w.-]+", settings.repository):
        raise SettingsError(f"set {PREFIX}REPOSITORY to owner/name")
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,99}", settings.branch):
        raise SettingsError(f"{PREFIX}BRANCH: {quoted(settings.branch)} is no name of a branch")
    for name in ("remote", "comments"):
        if getattr(settings, name).startswith("-"):
            raise SettingsError(f"{PREFIX}{name.upper()} begins with `-`")
    if "\n" in settings.name + settings.email + settings.remote + settings.comments:
        raise SettingsError(f"{PREFIX}REMOTE, _COMMENTS, _NAME and _EMAIL are single lines")
    if re.search("[<>]", settings.name + settings.email):
        raise SettingsError(f"{PREFIX}NAME and _EMAIL hold no `<` or `>`")
    return msgspec.structs.replace(
        settings,
        token=settings.token or _from_file("TOKEN_FILE", settings.token_file),
        secret=settings.secret or _from_file("SECRET_FILE", settings.secret_file),
    )


def _from_file(name: str, place: str) -> str:
    try:
        return Path(place).read_text(encoding="utf-8").strip() if place else ""
    except (OSError, UnicodeDecodeError) as error:
        said = getattr(error, "strerror", None) or "it is not text in UTF-8"
        raise SettingsError(f"{PREFIX}{name}: {quoted(place)}: {said}") from None


def secret_of(settings: Settings) -> bytes:
    """Return the secret that signs forms; one is made in the state folder where none is told."""
    if settings.secret:
        return settings.secret.encode()
    place = Path(settings.state) / "secret"
    place.parent.mkdir(parents=True, exist_ok=True)
    if not place.exists():
        # Written beside and then linked: another process that begins now never reads an empty
        # secret, with which anybody could sign.
        rough = place.with_name(f"secret-{os.getpid()}-{threading.get_ident()}.new")
        rough.unlink(missing_ok=True)
        descriptor = os.open(rough, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as stream:
            stream.write(secrets.token_hex(32))
        with contextlib.suppress(FileExistsError):
            os.link(rough, place)
        rough.unlink()
    return place.read_bytes()
