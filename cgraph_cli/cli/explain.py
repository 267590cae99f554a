"""``cgraph explain``: the worked solution in words."""

from __future__ import annotations

import sys

from cgraph_cli.cli.arguments import Request
from cgraph_cli.cli.evaluate import chosen_format, report_of
from cgraph_cli.cli.output import view_of, write
from cgraph_cli.errors import DONE
from cgraph_cli.render import renderer


def answer(request: Request) -> int:
    """Evaluate and explain."""
    chosen = chosen_format(request)
    half = request.one("steps")
    report = report_of(request)
    path = request.one("output")
    view = view_of(sys.stdout, ascii=request.flag("ascii"), all=request.flag("all"), to_file=path is not None)
    render = renderer("explanation", chosen)
    write(render(report, view, forward=half != "backward", backward=half != "forward"), path)
    return DONE
