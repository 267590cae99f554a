"""What is proved of derivatives in a box: a table, what a proof says, and where there is none."""

from __future__ import annotations

from cgraph_cli.check.enclosures import PROVED, Proofs
from cgraph_cli.render.grid import Field, Grid, Told
from cgraph_cli.render.numbers import DIGITS, assigned, interval, ranged, short
from cgraph_cli.render.paint import Paint, Span
from cgraph_cli.report.words import derivative_name

FIELDS = (
    Field(""),
    Field("verdict", before=""),
    Field("proved to lie in", before=" in "),
    Field("attained, about", before=", attained about "),
    Field("pieces", number=True),
)
MEANING = (
    "proved: at every real point of the box the derivative exists and lies in the interval; by Arb's interval "
    "arithmetic, which differentiates power series and knows none of the rules"
)


def of_proofs(proofs: Proofs, paint: Paint) -> Told:
    """A row for every derivative; what a proof says, the box, where there is none, and how many there are."""
    rows: list[list[Span]] = []
    said = [(MEANING, "quiet"), (f"the box: {assigned(proofs.ranges, ranged)}", "")]
    for one in proofs.partials:
        name = derivative_name(proofs.output, [one.wrt], ascii=paint.view.ascii)
        held = "" if one.enclosure is None else interval(one.enclosure, paint.view.digits or DIGITS)
        seen = "" if one.attained is None else f"[{', '.join(map(paint.number, one.attained))}]"
        verdict = (one.verdict, "value" if one.verdict == PROVED else "warning")
        rows.append([(name, "label"), verdict, (held, "gradient"), (seen, ""), (str(one.pieces), "quiet")])
        if one.place is not None:
            why = f": {one.why}" if one.why else ""
            said.append((f"{name}: no proof about {assigned(one.place, _spot)}{why}", ""))
    count = sum(one.verdict == PROVED for one in proofs.partials)
    total = f"{count:,} of {len(proofs.partials):,} enclosures are proved", "value" if proofs.passed else "error"
    return Told(Grid(FIELDS, rows).without_empty(), [*said, total])


def _spot(ends: tuple[float, float]) -> str:
    """A range so small that its ends may look the same."""
    return ":".join(dict.fromkeys(short(end, DIGITS) for end in ends))
