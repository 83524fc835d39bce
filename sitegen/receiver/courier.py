"""Letters -> the forge: one thread that tries again until it has them all."""

from __future__ import annotations

import itertools
import logging
import math
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from random import Random

import msgspec

from sitegen.errors import printable
from sitegen.receiver.counters import Counters
from sitegen.receiver.forges import Deliver, Outcome
from sitegen.receiver.mirror import GitError, Mirror
from sitegen.receiver.spool import Letter, Receipt, Spool

_BATCH = 100  # letters that share their processes of git and the syncing of a folder
_TIDY = 3600.0  # seconds between two looks for what can be forgotten
_FIRST, _LONGEST = 2.0, 900.0  # seconds before the second attempt, and at most
log = logging.getLogger("sitegen.receiver")


def pause(attempts: int, dice: Random, wait: int = 0) -> float:
    """Return for how many seconds a forge is left alone after so many failures in a row.

    Twice as long each time, up to a quarter of an hour, with up to half of it by chance so that
    receivers do not come back together; never shorter than the forge asked for.
    """
    longest: float = min(_LONGEST, _FIRST * 2 ** min(attempts - 1, 20))
    return max(float(wait), longest * (0.5 + dice.random() / 2))


class Courier:
    """Carries what waits in the spool to the forge, and looks at the repository now and then."""

    def __init__(
        self,
        spool: Spool,
        mirror: Mirror,
        site: Mirror,
        deliver: Deliver,
        counters: Counters,
        now: Callable[[], float],
        refresh: float,
    ) -> None:
        """Take what it works with.

        Args:
            spool: What waits.
            mirror: The repository that takes comments.
            site: That of the site, mostly the same.
            deliver: The way to the reviewers.
            counters: Of what became of comments.
            now: Tells the seconds since 1970.
            refresh: Seconds between two looks at the repositories.
        """
        self.spool = spool
        self.mirror = mirror
        self.site = site
        self.deliver = deliver
        self.counters = counters
        self.now = now
        self.refresh = refresh
        self.dice = Random()  # noqa: S311 - spreads attempts, hides nothing
        self.failures = 0
        self.looked = -math.inf  # by the clock that never goes back
        self.left: Iterator[Letter] = iter(())
        self.news = threading.Event()
        self.begun = threading.Event()
        self.ended = threading.Event()
        self.at_work = threading.Lock()

    def run(self) -> None:
        """Work until `stop`: bring the repository, carry, wait for news or for the time to retry."""
        self.begun.set()
        clock = time.monotonic
        next_try = next_tidy = clock()
        while not self.ended.is_set():
            if clock() >= self.looked + self.refresh:
                self.look()
            if clock() >= next_tidy:
                self.tidy()
                next_tidy = clock() + _TIDY
            if clock() >= next_try:
                some, wait = self.round()
                next_try = clock() + wait
                if some and not wait:
                    continue
            next_work = min(self.looked + self.refresh, max(next_try, clock() + 1))
            self.news.wait(max(0.05, next_work - clock()))
            self.news.clear()

    def round(self) -> tuple[bool, float]:
        """Carry a batch; return whether there was one, and for how many seconds to rest.

        Whatever happens, the thread goes on: nobody else would send what readers were promised.
        """
        try:
            letters = self.batch()
            return bool(letters), self.carry(letters)
        except Exception:
            log.exception("the delivery cannot go on, and is tried again")
            self.failures += 1
            return True, pause(self.failures, self.dice)

    def stop(self) -> None:
        """Let `run` end after what it is doing."""
        self.ended.set()
        self.news.set()

    def look(self) -> bool:
        """Bring what is published; return whether that worked."""
        try:
            for mirror in {self.site, self.mirror}:
                mirror.fetch()
        except (GitError, OSError) as error:
            log.warning("the repository cannot be fetched: %s", printable(str(error)))
            return False
        finally:
            self.looked = time.monotonic()
        return True

    def tidy(self) -> None:
        """Forget what nobody asks for any more: old receipts, commits of what was delivered."""
        try:
            self.spool.forget(self.now())
            self.mirror.forget(self.spool.names())
        except (GitError, OSError) as error:
            log.warning("old receipts stay: %s", printable(str(error)))

    def batch(self) -> list[Letter]:
        """Return what to carry next; what was tried in vain comes last, and holds nobody up.

        The folder is read anew only when all that it held the last time had its turn.
        """
        letters = list(itertools.islice(self.left, _BATCH))
        if not letters:
            self.left = self.spool.letters()
            letters = list(itertools.islice(self.left, _BATCH))
        return sorted(letters, key=lambda one: one.attempts)

    def carry(self, letters: Sequence[Letter]) -> float:
        """Try to deliver a batch; return for how many seconds the forge is to be left alone."""
        if not letters:
            return 0
        outcomes = self.attempt(letters)
        failed = [one for one in outcomes if not one.delivered]
        if not failed:
            self.failures = 0
            return 0
        self.failures += 1
        log.warning("%d not delivered: %s", len(failed), printable(failed[0].trouble))
        return pause(self.failures, self.dice, max(one.wait for one in failed))

    def attempt(self, letters: Sequence[Letter], *, keeps: bool = True) -> list[Outcome]:
        """Commit and deliver letters; what became of each is on the disk when this returns.

        Args:
            letters: As they were read some time ago; what was delivered since is not sent again.
            keeps: Whether what fails stays, to be tried again. What is not kept may have been
                sent by an earlier process whose disk is gone, so the remote is asked.
        """
        with self.at_work:
            found = [
                letter if self.spool.waits(letter.id) else self.spool.find(letter.id)
                for letter in letters
            ]
            outcomes = [
                Outcome(letter, delivered=True, link=known.link)
                for letter, known in zip(letters, found, strict=True)
                if isinstance(known, Receipt)
            ]
            waiting = [known for known in found if isinstance(known, Letter)]
            if waiting:
                outcomes += self._delivered(waiting, asks=not keeps)
            if not keeps:
                for one in outcomes:
                    if not one.delivered:
                        self.spool.withdraw(one.letter.id)
        return outcomes

    def _delivered(self, letters: Sequence[Letter], *, asks: bool) -> list[Outcome]:
        try:
            asks = asks or any(letter.commit for letter in letters)
            present = self.mirror.remote_refs() if asks else {}
            outcomes = self.deliver(self._committed(letters), present)
        except (GitError, OSError) as error:
            outcomes = [Outcome(one, False, trouble=str(error)) for one in letters]
        self._put_down(outcomes)
        return outcomes

    def _committed(self, letters: Sequence[Letter]) -> list[Letter]:
        """Return the letters with their commits, whose names are on the disk before any push."""
        there = self.mirror.present([letter.commit for letter in letters if letter.commit])
        missing = [letter for letter in letters if letter.commit not in there]
        if not missing:
            return list(letters)
        commits = self.mirror.commit(missing, self.mirror.tip())
        made = {
            letter.id: msgspec.structs.replace(letter, commit=commit)
            for letter, commit in zip(missing, commits, strict=True)
        }
        self.spool.note(made.values())
        return [made.get(letter.id, letter) for letter in letters]

    def _put_down(self, outcomes: Sequence[Outcome]) -> None:
        self.spool.finish({one.letter: one.link for one in outcomes if one.delivered})
        self.spool.note(self._tried(one) for one in outcomes if not one.delivered)
        for outcome in outcomes:
            self.counters.add("delivered" if outcome.delivered else "failed")
            if outcome.delivered:
                log.info("%s delivered", outcome.letter.id)

    def _tried(self, outcome: Outcome) -> Letter:
        letter = outcome.letter
        kept = self.spool.find(letter.id)
        return msgspec.structs.replace(
            letter,
            commit=letter.commit or (kept.commit if isinstance(kept, Letter) else ""),
            attempts=letter.attempts + 1,
            trouble=printable(outcome.trouble),
        )
