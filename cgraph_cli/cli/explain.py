"""``cgraph explain``: the worked solution in words."""

from __future__ import annotations

import importlib
import sys

from cgraph_cli.cli.arguments import Request
from cgraph_cli.cli.evaluate import chosen_format, report_of
from cgraph_cli.cli.output import view_of, write
from cgraph_cli.errors import DONE


def answer(request: Request) -> int:
    """Evaluate and explain."""
    chosen = chosen_format(request, "text")
    half = request.one("steps")
    report = report_of(request)
    path = request.one("output")
    view = view_of(sys.stdout, ascii=request.flag("ascii"), all=request.flag("all"), to_file=path is not None)
    module = importlib.import_module(f"cgraph_cli.render.explain_{chosen}")
    write(module.render_explanation(report, view, forward=half != "backward", backward=half != "forward"), path)
    return DONE
