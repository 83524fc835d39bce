"""A commit -> a pull request, by each of the ways that forges know."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec

from sitegen.receiver.github import ForgeError, GitHub
from sitegen.receiver.mirror import GitError, Mirror
from sitegen.receiver.settings import Settings
from sitegen.receiver.spool import Letter


class Outcome(msgspec.Struct, frozen=True):
    """What became of one attempt."""

    letter: Letter
    delivered: bool
    link: str = ""
    trouble: str = ""
    wait: int = 0
    """For how many seconds the forge wants to be left alone."""


Deliver = Callable[[Sequence[Letter], dict[str, str]], list[Outcome]]
"""Takes letters that have a commit, and what the remote showed where one was tried before."""


BRANCHES = "refs/heads/comment/"
"""Before a comment's own id: the ref of its branch."""


def branch_of(letter: Letter) -> str:
    """Return the branch of a comment, made from our own id."""
    return f"comment/{letter.id}"


def title_of(letter: Letter) -> str:
    """Return the title of its pull request: one printable line."""
    return "".join(one if one.isprintable() else " " for one in f"Comment on {letter.article}")


def way_of(settings: Settings, mirror: Mirror) -> Deliver:
    """Return how comments get to the reviewers."""
    if settings.way == "github":
        return _GitHubWay(settings, mirror)
    if settings.way == "branch":
        return lambda letters, present: push_branches(mirror, letters, present)
    options = _agit if settings.way == "agit" else _gitlab
    return lambda letters, present: [
        _push_one(mirror, letter, present, *options(letter, settings)) for letter in letters
    ]


def arrived(letter: Letter, present: dict[str, str]) -> bool:
    """Return whether the remote shows a comment: its commit anywhere, or its branch."""
    return letter.commit in present.values() or f"{BRANCHES}{letter.id}" in present


def push_branches(
    mirror: Mirror, letters: Sequence[Letter], present: dict[str, str]
) -> list[Outcome]:
    """Push each comment to a branch of its own, all at once."""
    places = {
        f"{BRANCHES}{letter.id}": letter.commit
        for letter in letters
        if not arrived(letter, present)
    }
    refused = mirror.push(places) if places else {}
    troubles = [refused.get(f"{BRANCHES}{letter.id}", "") for letter in letters]
    return [
        Outcome(letter, not trouble, "" if trouble else branch_of(letter), trouble)
        for letter, trouble in zip(letters, troubles, strict=True)
    ]


def _push_one(
    mirror: Mirror, letter: Letter, present: dict[str, str], ref: str, options: Sequence[str]
) -> Outcome:
    if not arrived(letter, present):
        try:
            mirror.push({ref: letter.commit}, options)
        except GitError as error:
            return Outcome(letter, delivered=False, trouble=str(error))
    return Outcome(letter, delivered=True, link=branch_of(letter))


_ABOUT = "It came by the form. Merging publishes it, closing refuses it."


def _agit(letter: Letter, settings: Settings) -> tuple[str, list[str]]:
    """Return ref and options for Forgejo and Gitea: https://forgejo.org/docs/latest/user/agit-support/."""
    topic = f"comment-{letter.id}"
    options = [f"topic={topic}", f"title={title_of(letter)}", f"description={_ABOUT}"]
    return f"refs/for/{settings.branch}", options


def _gitlab(letter: Letter, settings: Settings) -> tuple[str, list[str]]:
    """Return ref and options for GitLab: https://docs.gitlab.com/topics/git/commit/#push-options."""
    return f"{BRANCHES}{letter.id}", [
        "merge_request.create",
        f"merge_request.target={settings.branch}",
        f"merge_request.title={title_of(letter)}",
        f"merge_request.description={_ABOUT}",
        "merge_request.remove_source_branch",
    ]


class _GitHubWay:
    """Branches by git, pull requests by REST."""

    def __init__(self, settings: Settings, mirror: Mirror) -> None:
        self.mirror = mirror
        self.base = settings.branch
        self.client = GitHub(settings.api, settings.repository, settings.token)

    def __call__(self, letters: Sequence[Letter], present: dict[str, str]) -> list[Outcome]:
        outcomes = []
        for pushed in push_branches(self.mirror, letters, present):
            if not pushed.delivered:
                outcomes.append(pushed)
                continue
            letter = pushed.letter
            texts = (title_of(letter), _description(letter))
            try:
                link = self.client.pull_request(branch_of(letter), self.base, *texts)
            except ForgeError as error:
                outcomes.append(Outcome(letter, False, trouble=str(error), wait=error.wait))
                break  # the others would fare alike
            outcomes.append(Outcome(letter, delivered=True, link=link))
        return outcomes


def _description(letter: Letter) -> str:
    """Return the text of a pull request: the comment's file between fences that it cannot close."""
    longest = max((len(run) for run in _runs(letter.text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{_ABOUT}\n\n{fence}yaml\n{letter.text}{fence}\n"


def _runs(text: str) -> list[str]:
    return "".join(one if one == "`" else " " for one in text).split()
