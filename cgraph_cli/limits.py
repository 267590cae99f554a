"""How large what is given may be, and what is made of it, which the help tells too; and the limits of doubles."""

from __future__ import annotations

from cgraph_cli.errors import Span, TooLargeError

MAX_NODES = 10_000_000  # of a graph, where --max-nodes says nothing else
MOST_BYTES = 100_000_000  # of a file or standard input
MOST_DIGITS = 10_000  # of a number
FINEST = 1_000  # digits of every number of a result
MOST_CHECKED = 4_000_000  # nodes times derivatives: a minute
DEEPEST = 100  # modules within modules, which are evaluated by recursion
# Of doubles: the least, the least that has all of its bits, and what rounding may change as a part of a number.
LEAST = 5e-324
LEAST_NORMAL = 2.0**-1022
UNIT = 2.0**-52
FULL = 1100  # bits in which none of them vanishes beside 1
WHOLE = 2**53  # all whole numbers up to here are doubles; those beyond are even
DOUBLE_DIGITS = 17  # tell a double from every other
NOISE = 2.0**-46  # relative: a number this near to a short one is that one, computed
UNDERFLOWN = 2 * LEAST  # what two numbers that underflowed may differ by
# As the help says it.
TOLD = {
    f"{MAX_NODES:,} nodes": "Of a graph, or what --max-nodes says; a derivative or modules written out: a tenth.",
    f"{MOST_BYTES:,} bytes": "Of a file or standard input.",
    f"{MOST_DIGITS:,} digits": "Of a number.",
    f"{FINEST:,} digits of each": "Of the numbers of a result, with --digits.",
    f"{DEEPEST} modules": "Within each other.",
    f"{MOST_CHECKED:,} checks": "By cgraph check: nodes times the derivatives that are checked.",
}


def derived(max_nodes: int) -> int:
    """How many nodes what no text has may have, a derivative or modules written out: each costs ten times as much."""
    return max(max_nodes // 10, 1)


def tokens(max_nodes: int) -> int:
    """How many names, numbers and signs a text may have."""
    return 2 * max(max_nodes, MAX_NODES)


def check(count: int, most: int, what: str, *, span: Span | None = None, help: str | None = None) -> None:
    """Raise TooLargeError for more than ``most``; ``what`` has a place for the number: the graph has more than {}."""
    if count > most:
        raise TooLargeError(what.format(f"{most:,}"), span=span, help=help)


def check_nodes(count: int, max_nodes: int, what: str = "the graph", span: Span | None = None) -> None:
    """Raise TooLargeError for more nodes than there may be."""
    check(count, max_nodes, f"{what} has more than {{}} nodes", span=span, help="--max-nodes N allows more")


def check_written_out(count: int, most: int, span: Span) -> None:
    """Raise TooLargeError for modules that stand for more nodes than there may be."""
    what, help = "the expression with its modules written out has more than {} nodes", "--max-nodes N allows N/10"
    check(count, most, what, span=span, help=help)
