"""Code in other languages: one function that returns value and gradient; one module per language, imported on use."""

from __future__ import annotations

from cgraph_cli.light import TYPE_CHECKING, NamedTuple, import_module

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cgraph_cli.export.job import Job
    from cgraph_cli.export.language import Language
    from cgraph_cli.report.findings import Finding

# The ending of a language's files; a second language with the same ending has to be named.
LANGUAGES: dict[str, str] = {
    "python": ".py",
    "numpy": ".py",
    "c": ".c",
    "javascript": ".js",
    "julia": ".jl",
    "rust": ".rs",
    "latex": ".tex",
}


class Exported(NamedTuple):
    """What is to be written, and in which language."""

    job: Job
    language: str

    @property
    def warnings(self) -> Sequence[Finding]:
        """What the self-test cannot test, or fails at."""
        return self.job.warnings


def writer(name: str) -> Language:
    """The writer of a language."""

    return import_module(f"cgraph_cli.export.languages.{name}").LANGUAGE()  # type: ignore[no-any-return]


def export(job: Job, to: str) -> str:
    """The source text in a language.

    Raises UsageError for a name that the language does not take.
    """
    return writer(to).source(job)
