"""Expression to graph: names are resolved, calls are checked, every part becomes a node, in evaluation order."""

from __future__ import annotations

from itertools import chain, count, islice

from cgraph_cli.errors import (
    MOST_COMPARED,
    CgraphError,
    DefinitionError,
    MissingVariableError,
    Span,
    UnknownVariableError,
    listed,
    shortened,
    suggestion,
)
from cgraph_cli.graph.graph import Graph, operation
from cgraph_cli.graph.modules import Modules
from cgraph_cli.light import Collection, Iterable, Mapping, NamedTuple, Sequence
from cgraph_cli.limits import check_nodes, check_written_out, derived
from cgraph_cli.rules import CALLABLE, CONSTANTS, OPERATORS, canonical_name
from cgraph_cli.syntax.expression import (
    MINUS,
    NEGATIVE,
    SIGNS,
    Applied,
    Assignment,
    Call,
    Definition,
    Flat,
    Name,
    Program,
    walk,
)

OUTPUT_NAMES = ("f", "F", "out")
MOST_MISSING = 8  # names without a value that a message goes into
SHORT_NAME = 3  # letters: with another letter it is another name, x11 no misspelt h11
LONGEST_PRODUCT = 40  # letters of a name that may have been meant as a product
OPERATIONS = {SIGNS[symbol]: operation(name) for symbol, name in OPERATORS.items()} | {MINUS: operation("neg")}


class Reading(NamedTuple):
    """What a graph is to be made of a program.

    ``variables`` are names that are variables though they are those of constants (every other free name is one),
    ``outputs`` the named values to differentiate (default: the last statement), ``expand`` shows the inside of modules,
    ``replace`` has pairs of a module and another one to take its place.
    """

    variables: frozenset[str] = frozenset()
    outputs: tuple[str, ...] | None = None
    expand: bool = False
    replace: tuple[tuple[str, str], ...] = ()


AS_WRITTEN = Reading()
BY = "to differentiate by"
CALLED = "the function is called as {}(...)"


def variables_of(program: Program, asked: Collection[str] = ()) -> list[str]:
    """The free names that are variables, in order of appearance: all but the constants that nobody asked for."""
    return [name for name in program.names() if name in asked or name not in CONSTANTS]


def check_variables(
    names: Iterable[str], variables: Collection[str], purpose: str = BY, parts: Collection[str] = ()
) -> None:
    """Raise UnknownVariableError for a name that is no variable; ``purpose`` is what it was to be used for.

    ``parts`` are the names of parts of the expression.
    """
    known = frozenset(variables)
    for name in names:
        if name not in known:
            from cgraph_cli.syntax.messages import may_be_letters

            letters = next((one for one in variables if len(name) == 1 and name in one and may_be_letters(one)), None)
            help = suggestion(name, variables) or _all_of(variables)
            if letters is not None:
                help = f"`{letters}` is one name; a product is {'*'.join(letters)}; {_all_of(variables)}"
            if purpose == BY and (name in parts or (name[:1] == "v" and name[1:].isdecimal())):
                help = f"the gradient by a node is its upstream in cgraph eval; {_all_of(variables)}"
            raise UnknownVariableError(f"the expression has no variable `{shortened(name)}` {purpose}", help=help)


def check_values(
    program: Program, given: Collection[str], asked: Collection[str] = (), form: str = "--{} VALUE"
) -> None:
    """Raise UnknownVariableError for a value that the program has no name for, MissingVariableError for all it lacks.

    A name that is ``asked`` for needs a value even where it is that of a constant. ``form`` is how a value is given.
    """
    names = program.names()
    missing = [name for name in names if name not in given and (name in asked or name not in CONSTANTS)]
    named = [statement.name for statement in program.statements if statement.name is not None]
    unknown = next((name for name in given if name not in names), None)
    if unknown is None and not missing:
        return
    hints = _hints(missing, unknown, given, named)
    if unknown is not None:
        about = f"the expression has no variable `{shortened(unknown)}`"
        if unknown in named:
            about = f"`{unknown}` gets its value in the expression itself"
        note = f"still without a value: {listed(missing)}" if missing else _all_of(names)
        near = None if hints else suggestion(unknown, missing or names)
        raise UnknownVariableError(about, help=_told(near, *hints, note))
    help = "give " + " ".join(form.format(shortened(name)) for name in missing[:MOST_MISSING])
    if len(missing) > MOST_MISSING:
        help += " ..., or all of them in a file: --values FILE" if form[0] == "-" else " ..."
    raise MissingVariableError(
        f"no value for {listed(missing, '`')}",
        span=program.place(missing[0]),
        source=program.source,
        help=_told(*hints, help),
    )


def _told(*parts: str | None) -> str:
    """Parts of a help line, one sentence unless a question comes first."""
    text = ""
    for part in filter(None, parts):
        text += f" {part[0].upper()}{part[1:]}" if text.endswith("?") else f"; {part}" if text else part
    return text


def _all_of(names: Collection[str]) -> str:
    return f"its variables: {listed(names)}" if names else "it has no variables"


def _powered(name: str) -> str | None:
    """What to write instead of a name whose last letter is a superscript."""
    import unicodedata

    if not unicodedata.decomposition(name[-1]).startswith("<super>"):
        return None
    return f"`{name}` is one name; a power is written {name[:-1]}^{unicodedata.normalize('NFKC', name[-1])}"


def misread(program: Program) -> str | None:
    """What is read in a way that hardly anyone means: exp in `exp -x` and xⁿ as variables, `y <- x` as y < -x."""
    from cgraph_cli.syntax.messages import ELEMENTARY

    if "<- " in program.source:
        return "`<-` compares with what is negative; y = x^2 names a value"
    for name in program.names():
        if name in ELEMENTARY:
            return f"`{name}` is a variable here; {CALLED.format(name)}"
        if not name.isascii() and (powered := _powered(name)):
            return powered
    return None


def _hints(missing: Sequence[str], unknown: str | None, given: Collection[str], named: Collection[str]) -> list[str]:
    """What a name without a value may have been meant to be: a function, a product, a named value, a look-alike."""
    import re
    import unicodedata

    from cgraph_cli.syntax.latex import LETTERS
    from cgraph_cli.syntax.messages import DERIVATIVE

    for name in missing:
        if canonical_name(name) in CALLABLE:
            return [CALLED.format(name)]
    for name in missing:
        constant = name.lower()
        if constant in CONSTANTS and constant != name:
            return [f"the constant is written {constant}"]
    for name in missing[:MOST_MISSING]:
        if powered := _powered(name):
            return [powered]
    letters = "|".join(map(re.escape, islice(given, MOST_COMPARED)))
    functions = "|".join(map(re.escape, CALLABLE))
    for name in missing[:MOST_MISSING]:
        if letters and (call := re.fullmatch(f"({functions})({letters})", name)):
            return [f"`{name}` is one name; the function is called as {call[1]}({call[2]})"]
        if name[0] == "d" and name[1:] in given:
            return [f"`{name}` is one name; {DERIVATIVE}"]
        factors = re.findall(letters, name) if letters and len(name) <= LONGEST_PRODUCT else []
        if len(factors) > 1 and "".join(factors) == name:
            return [f"`{name}` is one name; a product is {'*'.join(factors)}"]
        if unknown is not None and LETTERS.get(name) == unknown:
            return [f"its name is `{name}`: --{name} VALUE"]
        if not name.isascii() and unknown is not None and unknown.isascii() and len(unknown) == len(name):
            other = next(one for one, typed in zip(name, unknown, strict=True) if one != typed)
            return [f"`{name}` is written with {unicodedata.name(other, 'another letter')}"]
        near = suggestion(name, [one for one in named if len(one) != len(name) or len(name) > SHORT_NAME])
        if near is not None:
            return [near if len(missing) == 1 else f"{near[:-1]} by `{shortened(name)}`?"]
    differentials = [name for name in missing if name[0] == "d" and len(name) == 2]
    return [f"`{differentials[0]}` is one name; {DERIVATIVE}"] if len(differentials) > 1 else []  # dy/dx


def build(program: Program, reading: Reading = AS_WRITTEN) -> Graph:
    """The graph of a program.

    Raises UnknownFunctionError, ArityError and DefinitionError for what cannot be read, UnknownVariableError and
    UsageError for outputs and replacements that do not occur, TooLargeError where modules are too deep or too large.
    """
    try:
        graph = _build(program, reading)
    except CgraphError as error:
        if error.span is not None:
            error.source = program.source
        raise
    if not reading.expand:
        return graph
    from cgraph_cli.graph.expand import expanded

    return expanded(graph, rows=True)[0]


def _check_size(graph: Graph) -> None:
    """Modules in modules double a graph with every line of text; a hundred nodes for each one written are no worse."""
    most, total = max(derived(graph.max_nodes), 100 * len(graph)), 0
    for node, op in enumerate(graph.ops):
        if op.body is not None:
            total += op.size
            check_written_out(total, most, _span(graph, node))


def _span(graph: Graph, node: int) -> Span:
    return Span(graph.starts[node], graph.ends[node])


def _build(program: Program, reading: Reading) -> Graph:
    modules = Modules(program, reading.replace)
    graph = Graph(program.max_nodes)
    occurring = program.names()
    names = variables_of(program, reading.variables)
    starts, ends = ([*map(column.__getitem__, map(occurring.__getitem__, names))] for column in program.places())
    graph.add_variables(names, starts, ends)
    scope = graph.variables
    last = program.statements[-1]
    for statement in program.statements:
        if isinstance(statement, Definition):
            body = Graph()
            modules.check_definition(statement)
            inside = {parameter: body.variable(parameter) for parameter in statement.parameters}
            body.outputs[statement.name] = lower(statement.flat, body, inside, modules)
            modules.define(statement, body)
            continue
        _check_statement(statement, statement is last, occurring, scope)
        node = lower(statement.flat, graph, scope, modules)
        check_nodes(len(graph), graph.max_nodes, span=_span(graph, node))
        if statement.name is not None:
            scope = dict(scope) if scope is graph.variables else scope
            scope[statement.name] = node
            if node not in graph.names:
                graph.names[node] = statement.name
    modules.check_replaced()
    if modules.known:
        _check_size(graph)
    _name_outputs(program, graph, scope, node, reading.outputs)
    return graph


def _check_statement(
    statement: Assignment, is_last: bool, occurring: Mapping[str, int], scope: Mapping[str, int]
) -> None:
    name = statement.name
    if name is None and not is_last:
        raise DefinitionError(
            "this statement has no name and is not the last: its value would be lost",
            span=statement.flat.span,
            help="name it (q = ...), or end the line with an operator if the expression goes on",
        )
    for names, problem in ((occurring, "is used before it gets its value here"), (scope, "already has a value")):
        if name in names:
            help = "every name has one value from its statement on; choose another name"
            raise DefinitionError(f"`{name}` {problem}", span=statement.name_span, help=help)


def _name_outputs(
    program: Program, graph: Graph, scope: Mapping[str, int], node: int, outputs: Collection[str] | None
) -> None:
    last = program.statements[-1]
    if outputs is None:
        assert isinstance(last, Assignment)
        candidates = chain(OUTPUT_NAMES, (f"out{number}" for number in count(1)))
        name = last.name or next(name for name in candidates if name not in scope)
        given = last.flat.name
        if last.name is None and given is not None and node not in graph.symbols:
            name = given if given in scope and given not in graph.variables else name
        graph.outputs[name] = node
        return
    known = [s.name for s in program.statements if isinstance(s, Assignment) and s.name is not None]
    for name in outputs:
        if name not in known:
            raise UnknownVariableError(
                f"no statement gives `{name}` a value, so it cannot be an output",
                help=suggestion(name, known) or (f"named values: {', '.join(known)}" if known else "write f = ..."),
            )
        graph.outputs[name] = scope[name]


def lower(flat: Flat, graph: Graph, scope: Mapping[str, int], modules: Modules) -> int:
    """The node of an expression. Of several mistakes in it the first in the text is raised."""
    try:
        return _lowered(flat, graph, scope, modules)
    except CgraphError:
        for part in walk(flat.tree()):
            if isinstance(part, Call):
                modules.operation(Applied(part.name, len(part.arguments)), lambda _, part=part: part)  # type: ignore[misc]
            elif isinstance(part, Name) and part.name not in scope:
                _constant(part.name, Graph(), *part.span)
        raise


def _lowered(flat: Flat, graph: Graph, scope: Mapping[str, int], modules: Modules) -> int:
    """The node of an expression, whose parts come in the order of evaluation."""
    graph.expect(len(flat.parts))
    node_of, known = scope.get, dict(OPERATIONS)
    ops, args, depends = graph.ops, graph.args, graph.has_gradient
    add_op, add_arg, add_offset = ops.append, args.append, graph.offsets.append
    add_start, add_end, add_depends = graph.starts.append, graph.ends.append, depends.append
    done: list[int] = []
    push, take = done.append, done.pop
    for part, start, end in zip(flat.parts, flat.starts, flat.ends, strict=True):
        kind = type(part)
        if kind is str:
            node = node_of(part)
            push(_constant(part, graph, start, end) if node is None else node)
        elif part is NEGATIVE:
            graph.negate(done[-1], start, end)
        elif kind is Applied:
            op = known.get(part)
            if op is None:
                op = known[part] = modules.operation(part, flat.call)
            count = part.count
            if op.passes_all and 0 < count <= 2:  # most nodes: what graph.add does, without a call
                last = take()
                depend = depends[last]
                if count == 2:
                    first = take()
                    add_arg(first)
                    depend |= depends[first]
                push(len(ops))
                add_arg(last)
                add_op(op)
                add_offset(len(args))
                add_start(start)
                add_end(end)
                add_depends(depend)
            else:
                at = len(done) - count
                done[at:] = [graph.add(op, done[at:], start, end)]
        else:
            push(graph.constant(part, None, start, end))
    return done[0]


def _constant(name: str, graph: Graph, start: int, end: int) -> int:
    value = CONSTANTS.get(name)
    if value is None:
        raise DefinitionError(
            f"`{name}` is used before it has a value",
            span=Span(start, end),
            help="a name is given its value in an earlier statement",
        )
    return graph.constant(value, name, start, end)
