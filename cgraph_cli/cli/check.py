"""``cgraph check``: every derivative held against other ways to compute it."""

from __future__ import annotations

from cgraph_cli.check.ranges import Range
from cgraph_cli.check.result import Check
from cgraph_cli.check.samples import SEED
from cgraph_cli.check.witnesses import checked
from cgraph_cli.cli import answers, eval
from cgraph_cli.cli.request import Request
from cgraph_cli.cli.values import read_value
from cgraph_cli.errors import UsageError, shortened
from cgraph_cli.library import Expression
from cgraph_cli.syntax.expression import normal_name

MOST_POINTS = 1_000_000
MOST_SEEDS = 2**32


def result_of(request: Request) -> Check:
    """The verdicts at the point that a request gives or at points drawn at random, or proofs over a box."""
    if request.flag("answers"):
        return answers.graded(request)
    request.refuse("level blank", "goes with --answers FILE")
    if request.flag("claim") or request.flag("claims"):
        return marked(request)
    if request.flag("sigma") or request.flag("correlation"):
        return uncertain(request)
    expression, reading = Expression(request.program), eval.reading_of(request)
    count, rigorous = request.whole("random", MOST_POINTS), request.flag("rigorous")
    ranges = ranges_in(request)
    wrt = list(dict.fromkeys(request.listed("wrt")))
    if count is not None:
        if rigorous:
            raise UsageError("--random and --rigorous are two ways to look at ranges: one at a time")
        seed = request.whole("seed", MOST_SEEDS) or SEED
        return expression.sample(count, request.values, reading=reading, seed=seed, ranges=ranges, wrt=wrt)
    if request.flag("seed") or (ranges and not rigorous):
        option, other = ("seed", "") if request.flag("seed") else ("range", ", --rigorous")
        raise UsageError(f"--{option} goes with --random N{other} or --claim x=FORMULA")
    if ranges:
        return expression.prove(ranges, request.values, reading=reading, wrt=wrt)
    checks = checked(eval.result_of(request))
    if not rigorous:
        return checks
    from cgraph_cli.check.enclosures import proved

    return proved(checks)


def marked(request: Request) -> Check:
    """The marks of the claims that a request makes."""
    from cgraph_cli.check.claims import mark
    from cgraph_cli.cli.claims import claims_of

    others = "random rigorous wrt sigma correlation"
    request.refuse(others, "does not go with claims", help="what is claimed is what is checked")
    claims = claims_of(request)
    return mark(eval.result_of(request), claims, request.whole("seed", MOST_SEEDS) or SEED, ranges_in(request))


def uncertain(request: Request) -> Check:
    """The uncertainty of the result beside that of Monte Carlo."""
    from cgraph_cli.check.montecarlo import SAMPLES, drawn

    help = "with --sigma Monte Carlo is the witness"
    request.refuse("range rigorous wrt", "does not go with --sigma", help=help)
    samples, seed = request.whole("random", MOST_POINTS), request.whole("seed", MOST_SEEDS)
    return drawn(eval.result_of(request), samples or SAMPLES, seed or SEED)


def ranges_in(request: Request) -> dict[str, Range]:
    """The two ends of every range, ``x=0:10``, in any spelling of a value. Raises UsageError."""
    found = {}
    for name, text in request.pairs("range").items():
        low, colon, high = text.partition(":")
        if not colon:
            raise UsageError(f"--range takes a range, x=0:10, not `{shortened(f'{name}={text}')}`")
        found[normal_name(name)] = (read_value(name, low), read_value(name, high))
    return found
