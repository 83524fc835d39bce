"""What has happened so far, in numbers that tell nothing about anybody."""

from __future__ import annotations

import threading

OUTCOMES = (
    *("accepted", "repeated", "confirm", "refused", "limited", "full", "unavailable"),
    *("delivered", "failed"),
)
_BOUNDS = (0.01, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0)


class Counters:
    """Counts of one process since it began."""

    def __init__(self) -> None:
        """Begin at nothing."""
        self.lock = threading.Lock()
        self.counts = dict.fromkeys(OUTCOMES, 0)
        self.buckets = [0] * len(_BOUNDS)
        self.seconds = 0.0
        self.requests = 0

    def add(self, outcome: str) -> None:
        """Count something that happened."""
        with self.lock:
            self.counts[outcome] += 1

    def took(self, seconds: float) -> None:
        """Count a request and how long it took."""
        with self.lock:
            self.requests += 1
            self.seconds += seconds
            for index, bound in enumerate(_BOUNDS):
                self.buckets[index] += seconds <= bound

    def text(self, waiting: int, oldest: float) -> str:
        """Return everything in the text format of Prometheus, version 0.0.4.

        Args:
            waiting: How many comments wait.
            oldest: For how many seconds the first of them has waited.
        """
        with self.lock:
            rows = [
                "# TYPE sitegen_receiver_total counter",
                *(f'sitegen_receiver_total{{outcome="{k}"}} {v}' for k, v in self.counts.items()),
                "# TYPE sitegen_receiver_waiting gauge",
                f"sitegen_receiver_waiting {waiting}",
                "# TYPE sitegen_receiver_oldest_seconds gauge",
                f"sitegen_receiver_oldest_seconds {oldest:.0f}",
                "# TYPE sitegen_receiver_seconds histogram",
                *(
                    f'sitegen_receiver_seconds_bucket{{le="{bound}"}} {count}'
                    for bound, count in zip(_BOUNDS, self.buckets, strict=True)
                ),
                f'sitegen_receiver_seconds_bucket{{le="+Inf"}} {self.requests}',
                f"sitegen_receiver_seconds_sum {self.seconds:.6f}",
                f"sitegen_receiver_seconds_count {self.requests}",
            ]
        return "\n".join(rows) + "\n"
