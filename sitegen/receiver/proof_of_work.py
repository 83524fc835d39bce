"""Proof of work in ALTCHA's protocol: a number that takes a browser a moment to find."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sitegen.receiver.tokens import TokenMaker


class Proof:
    """Sets tasks and judges answers; a task belongs to one token, so no answer serves twice."""

    def __init__(self, tokens: TokenMaker, highest: int) -> None:
        """Take what signs, and the highest number that has to be tried."""
        self.key = tokens.digest("proof")
        self.highest = highest

    def task(self, token: str, now: dt.datetime) -> dict[str, Any] | None:
        """Return the task that goes with a token; None where none is asked for."""
        if not self.highest:
            return None
        from altcha import v1

        options = v1.ChallengeOptions(
            algorithm="SHA-256",
            hmac_key=self.key + token,
            max_number=self.highest,
            expires=now + dt.timedelta(days=1),
        )
        return v1.create_challenge(options).to_dict()

    def is_solved(self, token: str, answer: str) -> bool:
        """Return whether an answer belongs to a token's task; true where none is asked for."""
        if not self.highest:
            return True
        from altcha import v1

        try:
            return v1.verify_solution(answer, self.key + token, check_expires=False)[0]
        except (ValueError, TypeError, KeyError, AttributeError):
            return False
