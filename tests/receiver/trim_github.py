"""GitHub's published OpenAPI description -> the part that the receiver uses, for test_forges.py.

    npm pack @octokit/openapi && tar xzf octokit-openapi-*.tgz
    python tests/receiver/trim_github.py package > tests/receiver/github_pulls.json

Kept are the operations below with everything that they refer to; texts for people, examples of
other things and extensions are left out. `nullable`, of OpenAPI 3.0, becomes what JSON Schema
says for it. The notice of the package's licence stands in the result.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

OPERATIONS = {"/repos/{owner}/{repo}/pulls": ("get", "post")}
_FOR_PEOPLE = {"description", "summary", "externalDocs", "tags", "example", "examples", "title"}
_EXAMPLES = ("pull-request", "pull-request-simple-items")


def trimmed(value: Any, *, are_names: bool = False) -> Any:
    """Return a part of the description without what no check needs.

    Args:
        value: The part.
        are_names: Whether its keys are names of fields, of which none is left out.
    """
    if isinstance(value, list):
        return [trimmed(one) for one in value]
    if not isinstance(value, dict):
        return value
    kept = {
        key: trimmed(inner, are_names=key == "properties" and not are_names)
        for key, inner in value.items()
        if are_names or not (key in _FOR_PEOPLE or key.startswith("x-"))
    }
    if are_names or not kept.pop("nullable", False):
        return kept
    return {"anyOf": [kept, {"type": "null"}]}


def references(value: Any) -> set[str]:
    """Return every reference in a part of the description."""
    found, waiting = set(), [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            found |= {one["$ref"]} if isinstance(one.get("$ref"), str) else set()
            waiting += one.values()
        elif isinstance(one, list):
            waiting += one
    return found


def main(package: Path) -> None:
    """Print the trimmed description."""
    whole = json.loads((package / "generated/api.github.com.json").read_text(encoding="utf-8"))
    about = json.loads((package / "package.json").read_text(encoding="utf-8"))
    paths = {
        path: {method: trimmed(whole["paths"][path][method]) for method in methods}
        for path, methods in OPERATIONS.items()
    }
    components: dict[str, dict[str, Any]] = {}
    waiting = references(paths)
    while waiting:
        _, _, kind, name = waiting.pop().split("/")
        if name not in components.setdefault(kind, {}):
            components[kind][name] = trimmed(whole["components"][kind][name])
            waiting |= references(components[kind][name])
    components["examples"] = {name: whole["components"]["examples"][name] for name in _EXAMPLES}
    info = {
        "title": whole["info"]["title"],
        "version": whole["info"]["version"],
        "x-source": f"{about['name']} {about['version']}, trimmed by tests/receiver/trim_github.py",
        "x-license": (package / "LICENSE").read_text(encoding="utf-8").strip(),
    }
    made = {"info": info, "openapi": whole["openapi"], "paths": paths, "components": components}
    sys.stdout.write(json.dumps(made, indent=1, sort_keys=True, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
