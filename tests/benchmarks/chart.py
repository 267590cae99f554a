"""Bar charts of ratios as one SVG, readable on light and dark pages."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape
from typing import NamedTuple

WIDTH, LABELS, END, ROW = 760, 128, 640, 24  # the bars are between LABELS and END, their numbers to the right
STYLE = """text{font:13px system-ui,sans-serif;fill:#24292f;paint-order:stroke;stroke:#fff;stroke-width:4px}
.title{font-weight:600}.small{font-size:11px;fill:#57606a}.page{fill:#fff}
.ours{fill:#1a7f37}.theirs{fill:#8c959f}.grid{stroke:#d0d7de}.base{stroke:#57606a}
@media (prefers-color-scheme:dark){text{fill:#e6edf3;stroke:#0d1117}.small{fill:#9198a1}.page{fill:#0d1117}
.ours{fill:#3fb950}.theirs{fill:#6e7681}.grid{stroke:#3d444d}.base{stroke:#9198a1}}"""


class Bar(NamedTuple):
    """One bar: a ratio, 1 is the reference; where there is none, what is said instead."""

    name: str
    ratio: float | None
    said: str
    ours: bool = False


class Panel(NamedTuple):
    """One chart with its title and what 1 means; bars begin at 0, on a logarithmic axis at 1."""

    title: str
    unit: str
    bars: Sequence[Bar]
    logarithmic: bool = False


def drawn(panels: Sequence[Panel]) -> str:
    """The panels below each other."""
    parts, top = [], 14
    for panel in panels:
        parts += _panel(panel, top)
        top += 50 + ROW * len(panel.bars) + 34
    size = f'width="{WIDTH}" height="{top}" viewBox="0 0 {WIDTH} {top}"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img">'
    title = f"<title>{escape('; '.join(panel.title for panel in panels))}</title>"
    page = f'<rect class="page" width="{WIDTH}" height="{top}" rx="6"/>'
    return "\n".join([head, title, f"<style>{STYLE}</style>", page, *parts, "</svg>", ""])


def _panel(panel: Panel, top: int) -> list[str]:
    ratios = [bar.ratio for bar in panel.bars if bar.ratio is not None]
    largest = max(ratios, default=1)
    if panel.logarithmic:
        high, base = max(1, math.ceil(math.log10(largest) * 2) / 2), 1.0
        ticks = [10.0**decade for decade in range(math.floor(high) + 1)]
    else:
        high, base = float(math.ceil(largest * 1.1)), 0.0
        ticks = [*range(0, int(high) + 1, max(1, math.ceil(high / 8)))]

    def x(ratio: float) -> float:
        along = math.log10(max(ratio, 1)) if panel.logarithmic else ratio
        return LABELS + (END - LABELS) * along / high

    first = top + 50
    bottom = first + ROW * len(panel.bars)
    parts = [
        f'<text class="title" x="16" y="{top + 14}">{escape(panel.title)}</text>',
        f'<text class="small" x="16" y="{top + 32}">{escape(panel.unit)}</text>',
    ]
    for tick in ticks:
        kind = "base" if tick == base else "grid"
        parts.append(f'<path class="{kind}" d="M{x(tick):.1f} {first - 4}V{bottom}"/>')
        parts.append(f'<text class="small" x="{x(tick):.1f}" y="{bottom + 15}" text-anchor="middle">{tick:g}</text>')
    for row, bar in enumerate(panel.bars):
        y = first + ROW * row
        parts.append(f'<text x="{LABELS - 10}" y="{y + 14}" text-anchor="end">{escape(bar.name)}</text>')
        end = x(base)
        if bar.ratio is not None:
            start, end = x(base), x(bar.ratio)
            kind, wide = "ours" if bar.ours else "theirs", max(end - start, 2)
            parts.append(
                f'<rect class="{kind}" x="{start:.1f}" y="{y + 1}" width="{wide:.1f}" height="{ROW - 7}" rx="2"/>'
            )
        kind = "small" if bar.ratio is None else "number"
        parts.append(f'<text class="{kind}" x="{end + 7:.1f}" y="{y + 14}">{escape(bar.said)}</text>')
    return parts
