"""The rows of the rule table that the simplifier knows by name."""

from __future__ import annotations

from cgraph_cli.graph.graph import operation
from cgraph_cli.rules import MIRRORED

ADD, SUB, NEG, MUL, DIV, POW = map(operation, "add sub neg mul div pow".split())
ABS, SIGN, LOG, EXP, SQRT, CBRT, HYPOT, NORM, SUM = map(operation, "abs sign log exp sqrt cbrt hypot norm sum".split())
MAX, MIN, WHERE, EQ, NE, LT, LE, GT, GE = map(operation, "max min where eq ne lt le gt ge".split())
SUMS, PRODUCTS, TURNING = (ADD, SUB), (MUL, DIV), (SUB, DIV)
MIRROR = {operation(name): operation(other) for name, other in MIRRORED.items()}
