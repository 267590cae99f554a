"""LaTeX: an align* of amsmath with the formula and the components of the gradient, as on paper."""

from __future__ import annotations

from cgraph_cli.export.job import Job
from cgraph_cli.graph.express import named_parts
from cgraph_cli.symbolic.derive import gradient
from cgraph_cli.symbolic.simplify import maker
from cgraph_cli.syntax.expression import Definition
from cgraph_cli.syntax.latex import LatexNotation
from cgraph_cli.syntax.lines import equation
from cgraph_cli.syntax.printer import print_expression, print_statement


class Latex:
    """Not a program: without limits at single points, without a self-test."""

    def source(self, job: Job) -> str:
        """The equations."""
        notation = LatexNotation.of(job.program)
        output = notation.name(job.name)
        lines: list[tuple[str, str]] = []
        for statement in job.program.statements:
            if not isinstance(statement, Definition) and statement.name is None:
                lines.append((output, print_expression(statement.tree, notation)))
            else:
                left, _, right = print_statement(statement, notation).partition(" = ")
                lines.append((left, right))
        derived = gradient(job.graph, job.graph.output, job.wrt, maker(job.simplify), exact=False)
        taken = [*job.program.names(), job.name]
        named = named_parts(derived, [derived.outputs[one] for one in job.wrt], taken=taken)
        lines += [(notation.name(name), print_expression(part, notation)) for name, part in named.parts]
        for one, part in zip(job.wrt, named.outputs, strict=True):
            lines.append(
                (rf"\frac{{\partial {output}}}{{\partial {notation.name(one)}}}", print_expression(part, notation))
            )
        rows = [equation(left, [("=", right)]) for left, right in lines]
        return "\\begin{align*}\n" + " \\\\\n".join(rows) + "\n\\end{align*}\n"


LANGUAGE = Latex
