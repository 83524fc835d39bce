"""Compiled templates, kept with the memory of builds under the digest of their source."""

from __future__ import annotations

from jinja2 import BytecodeCache
from jinja2.bccache import Bucket

from sitegen.build.memory import Memory


class Bytecode(BytecodeCache):
    """Jinja's own format, checked by Jinja against the source and by the memory's seal."""

    def __init__(self, memory: Memory, engine: bytes) -> None:
        """Take the memory; `engine` is the digest of what compiles, Jinja and Python included."""
        self.memory = memory
        self.engine = engine

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill a bucket from the memory, if it is there."""
        data = self.memory.note(self._name(bucket))
        if data is not None and data.startswith(self.engine):
            bucket.bytecode_from_string(data.removeprefix(self.engine))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled; a worker's is not, since one process writes."""
        self.memory.write_down(self._name(bucket), self.engine + bucket.bytecode_to_string())

    @staticmethod
    def _name(bucket: Bucket) -> str:
        return f"template {bucket.key}"
