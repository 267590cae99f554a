"""What is proved of derivatives in a box: the rows of a table, what a proof says, and where there is none."""

from __future__ import annotations

from cgraph_cli.check.enclosures import PROVED, Proofs
from cgraph_cli.light import Iterator
from cgraph_cli.render.grid import Field
from cgraph_cli.render.numbers import DIGITS, interval, ranged
from cgraph_cli.render.paint import Paint, Span
from cgraph_cli.report.words import derivative_name

BOX = (
    Field(""),
    Field("verdict", before=""),
    Field("proved to lie in", before=" in "),
    Field("attained, about", before=", attained about "),
    Field("pieces", number=True, before=", pieces "),
)
MEANING = (
    "proved: at every real point of the box the derivative exists and lies in the interval; by Arb's interval "
    "arithmetic, which differentiates power series and knows none of the rules"
)


def rows(proofs: Proofs, paint: Paint) -> Iterator[list[Span]]:
    """A row for every derivative."""
    for one in proofs.partials:
        held = "" if one.enclosure is None else interval(one.enclosure, paint.view.digits or DIGITS)
        seen = "" if one.attained is None else f"[{', '.join(map(paint.number, one.attained))}]"
        yield [
            (_name(proofs, one.wrt, paint), "label"),
            (one.verdict, "value" if one.verdict == PROVED else "warning"),
            (held, "gradient"),
            (seen, ""),
            (str(one.pieces), "quiet"),
        ]


def remarks(proofs: Proofs, paint: Paint) -> Iterator[Span]:
    """What a proof says, the box, where there is none, and how many there are."""
    yield MEANING, "quiet"
    yield f"the box: {', '.join(f'{name} = {ranged(ends)}' for name, ends in proofs.ranges.items())}", ""
    for one in proofs.partials:
        if one.place is not None:
            place = ", ".join(f"{name} = {_spot(*ends)}" for name, ends in one.place.items())
            why = f": {one.why}" if one.why else ""
            yield f"{_name(proofs, one.wrt, paint)}: no proof about {place}{why}", ""
    count = sum(one.verdict == PROVED for one in proofs.partials)
    yield f"{count:,} of {len(proofs.partials):,} enclosures are proved", "value" if proofs.passed else "error"


def _name(proofs: Proofs, wrt: str, paint: Paint) -> str:
    return derivative_name(proofs.output, [wrt], ascii=paint.view.ascii)


def _spot(low: float, high: float) -> str:
    """A range so small that its ends may look the same."""
    return ":".join(dict.fromkeys((f"{low:.6g}", f"{high:.6g}")))
