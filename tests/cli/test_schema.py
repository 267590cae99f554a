"""The JSON of every command fits the schema that cgraph schema prints, and a damaged one does not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NoReturn

import jsonschema
import pytest
from harness import CASES, answered, read_case, run

from cgraph_cli import errors
from cgraph_cli.check import answers, mistakes
from cgraph_cli.cli.commands import COMMANDS, SCHEMAS

FORMATS = {"--json", "--format", "--ascii", "--only", "--standalone", "--output"}
OWN = {"--outputs", "--hessian", "--direction", "--sigma", "--mixed", "--order", "--wrt", "--no-simplify"}
EXAMPLES = {
    "eval": ["x*y", "--x", "1", "--y", "2", "--hessian"],
    "eval sigma": ["x*y", "--x", "1±0.1", "--y", "2±0.1", "--correlation", "x,y=0.5", "--elasticity"],
    "diff": ["x*y", "--x", "1", "--y", "2", "--mixed", "x,y"],
    "check": ["x*abs(y)", "--x", "1", "--y", "0"],
    "check claims": ["x*y", "--claim", "x=y", "--claim", "y=2*x", "--x", "1", "--y", "2"],
    "check sigma": ["x*y", "--x", "1±0.1", "--y", "2", "--random", "1000"],
    "quiz": ["x*y", "--seed", "anna"],
    "rewrite": ["log(x*y)", "--x", "1e200", "--y", "1e200"],
    "explain": ["x*y + abs(x)", "--x", "0", "--y", "2"],
    "paths": ["x*y + x", "--x", "1", "--y", "2"],
    "functions": ["max", "gamma", "atan2"],
}


def schema_of(name: str) -> jsonschema.Draft202012Validator:
    schema = json.loads(run(["schema", name]).stdout)
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def read_json(text: str) -> Any:
    def refused(word: str) -> NoReturn:
        raise AssertionError(f"{word} is no JSON")

    return json.loads(text, parse_constant=refused)


def with_json(argv: list[str]) -> list[str]:
    """The same command with --json, before a terminator."""
    return [argv[0], "--json", *argv[1:]]


@pytest.mark.parametrize("command", ["eval", "diff", "check", "explain", "paths"])
def test_every_answer_of_a_command_fits_its_schema(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    validator, notes = schema_of(command), schema_of("errors")
    monkeypatch.chdir(tmp_path)
    cases = [read_case(path) for path in sorted((CASES / "commands").glob("*.txt"))]
    checked = 0
    for case in cases:
        own = case.argv[0] == command or not OWN & set(case.argv)
        if case.argv[0] not in ("eval", "diff") or not own or FORMATS & set(case.argv) or "--" in case.argv:
            continue
        found = answered(case._replace(command=json.dumps(with_json([command, *case.argv[1:]]))), tmp_path)
        if "stdout" in found:
            validator.validate(read_json(found["stdout"]))
            checked += 1
        for line in found.get("stderr", "").splitlines():
            notes.validate(read_json(line))
    assert checked > 20


def test_the_schema_has_the_code_of_every_mistake() -> None:
    codes = schema_of("check").schema["$defs"]["mistake"]["properties"]["code"]["enum"]
    assert sorted(codes) == sorted({kind.code for kind in (mistakes.KINDS | answers.KINDS).values()})


@pytest.mark.parametrize("words", [[], ["sigmoid"], ["kink"], ["gamma", "atan2"]])
def test_functions_fit_their_schema(words: list[str]) -> None:
    schema_of("functions").validate(read_json(run(["functions", *words, "--json"]).stdout))


def test_every_error_fits_its_schema(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    validator = schema_of("errors")
    monkeypatch.chdir(tmp_path)
    codes = set()
    for path in sorted((CASES / "errors").glob("*.txt")):
        case = read_case(path)
        if "--json" in case.argv:
            found = read_json(answered(case, tmp_path)["stderr"])
            validator.validate(found)
            codes.add(found["error"]["code"])
    assert len(codes) > 5
    known = {one.code for one in vars(errors).values() if isinstance(one, type) and hasattr(one, "code")}
    assert known == set(validator.schema["$defs"]["error"]["properties"]["code"]["enum"])


def test_a_command_that_has_json_has_a_schema() -> None:
    assert {name for name, command in COMMANDS.items() if "json" in command.options} - {"schema"} == {*SCHEMAS} - {
        "errors"
    }
    assert run(["schema"]).stdout == run(["schema", "eval"]).stdout


@pytest.mark.parametrize("command", EXAMPLES)
def test_a_damaged_answer_does_not_fit(command: str) -> None:
    words, of_command = EXAMPLES[command], command.split(maxsplit=1)[0]
    validator = schema_of(of_command)
    whole = read_json(run([of_command, *words, "--json"]).stdout)
    validator.validate(whole)
    for member in validator.schema["required"]:
        with pytest.raises(jsonschema.ValidationError):
            validator.validate({key: value for key, value in whole.items() if key != member})
    damages: list[dict[str, Any]] = [{"schema": 2}]
    if command == "explain":
        damages += [{"warnings": [{"code": "kink"}]}]
    elif command not in ("functions", "rewrite", "quiz"):
        damages += [{"value": "one"}, {"value": None}, {"variables": {"x": True}}, {"warnings": [{"code": "kink"}]}]
    damages += {
        "eval": [{"nodes": [{"id": 0}]}, {"gradients": {"x": True}}],
        "eval sigma": [{"budgets": [{"output": "f"}]}, {"correlation": {"x": 1}}],
        "diff": [{"derivatives": [{"wrt": []}]}, {"parts": {}}],
        "explain": [{"blocks": [{"block": "step", "number": 1}]}, {"blocks": [{"block": "verse", "text": "x"}]}],
        "paths": [{"wrt": {"x": {"gradient": 1}}}],
        "check": [{"partials": [{"wrt": "x"}]}, {"passed": "yes"}, {"tolerance": None}, {"claims": []}],
        "check claims": [{"claims": [{"wrt": ["x"]}]}, {"points": "1"}, {"total": 0.5}, {"partials": []}],
        "check sigma": [{"estimates": [{"name": "x"}]}, {"samples": 0.5}, {"interval": [1]}, {"claims": []}],
        "quiz": [{"answers": {"local(f,x)": 2}}, {"blank": ["values"]}, {"blanks": []}, {"variables": {"x": True}}],
        "rewrite": [{"changes": [{"before": "x"}]}, {"numbers": [{"wrt": 1}]}],
        "functions": [{"functions": {"sin": {}}}],
    }[command]
    for damage in damages:
        with pytest.raises(jsonschema.ValidationError):
            validator.validate({**whole, **damage})
