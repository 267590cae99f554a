"""``cgraph quiz``: an expression with numbers of each student's own, and blanks."""

from __future__ import annotations

from cgraph_cli.check.exercises import LEVELS
from cgraph_cli.check.quiz import ASKED, SEED, Quiz, of_level, quiz
from cgraph_cli.cli.eval import reading_of
from cgraph_cli.cli.request import Request
from cgraph_cli.errors import UsageError


def result_of(request: Request) -> Quiz:
    """The quiz that a request asks for, of its expression or of its level."""
    seed, parts = seed_of(request) or SEED, request.listed("blank") or ASKED
    level = level_of(request)
    if level is None:
        return quiz(request.program, seed, parts, request.values, reading=reading_of(request))
    if request.values:
        raise UsageError("--level draws the numbers of its expression: none are given")
    return of_level(level, seed, parts, reading_of(request))


def level_of(request: Request) -> int | None:
    """The level of a request, None if it has none. Raises UsageError where it has an expression too."""
    level = request.whole("level", max(LEVELS))
    if level is not None and request.program.statements:
        raise UsageError("an expression and --level, which draws one, are given: one of them is enough")
    return level


def seed_of(request: Request) -> str | None:
    """The student of a request, None if it names none. Raises UsageError for what is no text in one line."""
    seed = request.one("seed")
    if seed is not None and not (seed.strip() and seed.isprintable()):
        raise UsageError("--seed takes a text in one line, a student's name or number")
    return None if seed is None else seed.strip()
