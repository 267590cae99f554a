"""Modules written out are the same expression, and what would be too large is refused before it is made."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from invariants import check
from strategies import modules

import cgraph_cli
from cgraph_cli.engine.passes import backward, forward
from cgraph_cli.errors import TooLargeError
from cgraph_cli.graph.build import Reading, build
from cgraph_cli.limits import MAX_NODES, derived
from cgraph_cli.syntax.parser import parse

resource = pytest.importorskip("resource")
POINT = {"x": 0.3, "y": -0.7}


@given(modules())
def test_a_module_written_out_has_the_same_value_and_gradients(text: str) -> None:
    program = parse(text)
    closed, opened = build(program), build(program, Reading(expand=True))
    check(opened)
    assert not any(op.is_module for op in opened.ops)
    found = []
    for graph in (closed, opened):
        values = forward(graph, POINT)
        passes = backward(graph, values, graph.output)
        found.append([values[graph.output], *(passes.upstream[node] for node in graph.variables.values())])
    assert found[0] == pytest.approx(found[1], rel=1e-9, abs=1e-12)


def test_a_module_means_what_was_known_where_it_is_defined() -> None:
    text = "h(a) = sin(a); sin(a) = 2*a; h(x) + 0*sin(x)"
    for expand in (False, True):
        assert cgraph_cli.evaluate(text, x=1, expand=expand).value == cgraph_cli.evaluate("sin(x)", x=1).value
    mutual = "h(a) = sin(a); sin(a) = h(a); sin(x)"
    assert cgraph_cli.evaluate(mutual, x=1, expand=True).value == cgraph_cli.evaluate("sin(x)", x=1).value


def doubling(body: str, levels: int, step: str = "f{0}(f{0}(a))") -> str:
    """Modules of which each calls the one before it twice."""
    lines = [f"f0(a) = {body}", *(f"f{level}(a) = {step.format(level - 1)}" for level in range(1, levels + 1))]
    return "\n".join([*lines, f"f{levels}(x)"])


@pytest.mark.parametrize("step", ["f{0}(f{0}(a))", "f{0}(a) + f{0}(2*a)"])
@pytest.mark.parametrize("expand", [False, True])
@pytest.mark.parametrize("levels", [20, 40, 90])
def test_modules_that_double_with_every_line_are_refused(levels: int, expand: bool, step: str) -> None:
    text = doubling("sin(a)", levels, step)
    with pytest.raises(TooLargeError, match="1,000,000 nodes") as caught:
        build(parse(text), Reading(expand=expand))
    assert caught.value.span is not None
    assert text[slice(*caught.value.span)] == f"f{levels}(x)"


def limited() -> None:
    """A gigabyte and a minute."""
    resource.setrlimit(resource.RLIMIT_AS, (2**30, 2**30))
    resource.setrlimit(resource.RLIMIT_CPU, (60, 60))


@pytest.mark.parametrize("body", ["a + a", "sin(a)"])
@pytest.mark.parametrize("levels", [14, 20, 40])
@pytest.mark.parametrize(
    "command", ["eval --x 0.3 --json", "eval --x 0.3 --expand --json", "diff", "explain --x 0.3", "export --to c"]
)
def test_every_command_answers_or_says_that_it_is_too_large(command: str, levels: int, body: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "cgraph_cli", *command.split(), "--file", "-"],
        input=doubling(body, levels).encode(),
        capture_output=True,
        check=False,
        preexec_fn=limited,
    )
    assert b"Traceback" not in done.stderr
    if levels < 20:
        assert (done.returncode, done.stderr) == (0, b"")
    else:
        assert done.returncode == 2
        assert b"1,000,000 nodes" in done.stderr


def test_many_calls_of_one_module_are_not_too_many() -> None:
    """A long text may call a module as often as it likes: what grows with the text is no explosion."""
    body = "+".join(["a"] * 40)
    most = derived(MAX_NODES)
    calls = most // 40
    text = f"g(a) = {body}\n" + "+".join(f"g(x{number % 100})" for number in range(calls))
    graph = build(parse(text))
    assert sum(op.size for op in graph.ops) > most


@given(st.integers(1, 4), st.integers(1, 5))
def test_the_size_of_a_module_is_that_of_its_inside(levels: int, terms: int) -> None:
    text = doubling("*".join(["a"] * terms), levels)
    closed = build(parse(text))
    (module,) = (op for op in closed.ops if op.is_module)
    inside = len(build(parse(text), Reading(expand=True)))
    assert module.depth == levels + 1
    assert inside <= module.size + 1  # parameters are counted at every level, and then are no nodes
