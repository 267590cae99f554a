"""The graph drawn: SVG, PNG, PDF, TikZ, DOT, Mermaid."""
