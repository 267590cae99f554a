"""The JSON Schema of what commands answer with ``--json``."""

from __future__ import annotations

import json

from cgraph_cli.light import Any, Iterator, text_beside
from cgraph_cli.render import View


def render_schema(name: str, view: View) -> Iterator[str]:
    """One schema of the file of all, with the definitions that it uses."""
    file = json.loads(text_beside(__file__, "schemas.json"))
    known: dict[str, Any] = file.pop("$defs")
    used: dict[str, Any] = {}
    waiting = [name]
    while waiting:
        for part in _references(known[waiting.pop()]):
            if part not in used:
                used[part] = known[part]
                waiting.append(part)
    yield json.dumps({**file, **known[name], "$defs": used}, indent=1, ensure_ascii=view.ascii) + "\n"


def render_markdown(name: str, view: View) -> Iterator[str]:
    """The schema between fences."""
    from cgraph_cli.render.prose.markdown import fenced

    yield fenced(render_schema(name, view), "json")


def _references(schema: Any) -> Iterator[str]:
    """The names of the definitions that a schema refers to itself."""
    if isinstance(schema, dict):
        if "$ref" in schema:
            yield schema["$ref"].removeprefix("#/$defs/")
        schema = [*schema.values()]
    if isinstance(schema, list):
        for part in schema:
            yield from _references(part)
