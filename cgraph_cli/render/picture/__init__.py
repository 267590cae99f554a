"""The graph drawn: SVG, PNG, DOT, Mermaid."""
