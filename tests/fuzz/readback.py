"""Expressions through every format and every exporter, with what comes out read by those who have to read it."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Sequence
from html.parser import HTMLParser
from pathlib import Path
from random import Random
from xml.etree import ElementTree as ET

import jsonschema
from exporting import TOOLS, agree, engine, job_for, numbers
from harness import Result, run
from hypothesis import HealthCheck, given, seed, settings
from latex_reader import Reader
from render.test_dot import drawn
from render.test_mermaid import parsed
from strategies import Case, expressions

from cgraph_cli.cli.commands import COMMANDS
from cgraph_cli.errors import INTERRUPTED
from cgraph_cli.render import formats
from cgraph_cli.syntax.expression import Assignment
from cgraph_cli.syntax.latex import LatexNotation
from cgraph_cli.syntax.parser import parse
from cgraph_cli.syntax.printer import print_expression
from fuzz.targets import CONTROL, read_json

VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}
BYTES = {"png": b"\x89PNG", "pdf": b"%PDF-"}


class Balanced(HTMLParser):
    """Fails where an element is closed that is not open, or left open."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def read_html(text: str) -> None:
    reader = Balanced()
    reader.feed(text)
    reader.close()
    assert not reader.open


def read_latex(text: str) -> None:
    depth = 0
    for index, character in enumerate(text):
        if character in "{}" and text[index - 1 : index] != "\\":
            depth += 1 if character == "{" else -1
            assert depth >= 0
    assert depth == 0
    assert text.count(r"\left") - text.count(r"\leftarrow") == text.count(r"\right") - text.count(r"\rightarrow")
    assert text.count(r"\begin{") == text.count(r"\end{")


def some_cases(number: int, count: int, parts: int = 5) -> list[Case]:
    """So many expressions of the grammar, drawn from a seed."""
    cases: list[Case] = []

    @seed(number)
    @settings(max_examples=count + 1, database=None, derandomize=False, suppress_health_check=[*HealthCheck])
    @given(expressions(max_parts=parts))
    def drawn_from(case: Case) -> None:
        cases.append(case)

    drawn_from()
    return cases[1:]  # the first is always the simplest


def formats_and_exporters(random: Random) -> None:
    """Expressions of the grammar are shown by every command in every format, and all of it can be read."""
    everywhere(some_cases(random.getrandbits(32), 3), Path.cwd(), ["python", "c", "javascript"])


def everywhere(cases: Sequence[Case], folder: Path, languages: Sequence[str] = (*TOOLS,)) -> None:
    """Every command in every format for each case, then the exported functions of all of them in one program each."""
    diagrams: list[str] = []
    schemas = {name: json.loads(run(["schema", name]).stdout) for name in ("eval", "diff", "check", "explain", "paths")}
    for case in cases:
        point = [word for name, value in case.values.items() for word in ("--set", f"{name}={value!r}")]
        for command in ("eval", "diff", "check", "explain", "paths", "export"):
            for chosen in formats(COMMANDS[command].shows):
                values = [] if command == "export" or chosen == "plain" else point
                file = ["--output", f"out.{chosen}"] if chosen in BYTES else []
                language = ["--to", "python"] if (command, chosen) == ("export", "markdown") else []
                result = run([command, case.text, *values, "--format", chosen, *language, *file])
                if result.code == 2 and '"too_large"' in run([command, case.text, *values, "--json"]).stderr:
                    continue
                read_one(case, command, chosen, result, schemas, diagrams)
    if diagrams and shutil.which("node") and os.environ.get("NODE_PATH"):
        parsed(diagrams, folder)
    jobs = [job_for(case.text, case.values) for case in cases]
    points = [case.values for case in cases]
    for language in languages:
        if shutil.which(TOOLS[language]) is None:
            continue
        for case, found in zip(cases, numbers(language, jobs, points, folder), strict=True):
            for one, wanted in zip(found, engine(case.text, case.values), strict=True):
                assert agree(one, wanted, 1e-6 * (1 + abs(wanted))), (language, case, one, wanted)


def read_one(
    case: Case, command: str, chosen: str, result: Result, schemas: dict[str, object], diagrams: list[str]
) -> None:
    """One answer, read back."""
    if result.code == INTERRUPTED:
        raise KeyboardInterrupt
    assert result.code == 0 or (command, result.code) == ("check", 1), (case, command, chosen, result.stderr)
    text = result.stdout
    if chosen in BYTES:
        assert Path(f"out.{chosen}").read_bytes()[: len(BYTES[chosen])] == BYTES[chosen]
        return
    assert not CONTROL.search(text), (case, command, chosen)
    if chosen == "json":
        jsonschema.validate(read_json(text), schemas[command])
    elif chosen == "svg":
        ET.fromstring(text)
    elif chosen == "html":
        read_html(text)
    elif chosen == "dot" and shutil.which("dot"):
        drawn(text)
    elif chosen == "mermaid":
        diagrams.append(text)
    elif chosen in ("latex", "tikz"):
        read_latex(text)
    elif command == "diff" and chosen == "plain":
        for formula in map(parse, text.splitlines()):
            names = [*formula.names(), *(one.name for one in formula.statements if one.name is not None)]
            notation = LatexNotation(names)
            point = {notation.name(name): 0.5 for name in names}
            for statement in formula.statements:
                assert isinstance(statement, Assignment)
                Reader(print_expression(statement.tree, notation), point).whole()
