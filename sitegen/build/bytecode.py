"""Compiled templates, kept with the memory of builds under the digest of their source."""

from __future__ import annotations

from jinja2 import BytecodeCache
from jinja2.bccache import Bucket

from sitegen.build.memory import Memory


class Bytecode(BytecodeCache):
    """Jinja's own format, checked by Jinja against the source and by the memory's seal."""

    def __init__(self, memory: Memory) -> None:
        self.memory = memory

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill a bucket from the memory, if it is there."""
        data = self.memory.note(self._name(bucket))
        if data is not None:
            bucket.bytecode_from_string(data)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled; a worker's is not, since one process writes."""
        self.memory.write_down(self._name(bucket), bucket.bytecode_to_string())

    @staticmethod
    def _name(bucket: Bucket) -> str:
        return f"template {bucket.key}"
