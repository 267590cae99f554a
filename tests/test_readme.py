"""The README shows what the tool does: its sessions are run, its table and pictures are current, its Python works."""

from __future__ import annotations

import doctest

import pytest

from tests import picture, readme

TEXT = readme.README.read_text(encoding="utf-8")
BLOCKS = [match[0] for match in readme.CONSOLE.finditer(TEXT)]


@pytest.mark.parametrize("block", BLOCKS, ids=[readme.commands_of(block)[0][:50] for block in BLOCKS])
def test_console_session(block: str) -> None:
    pytest.importorskip("pty", reason="needs a terminal of its own")
    assert readme.session(readme.commands_of(block)) == block


@pytest.mark.parametrize("block", readme.CODE.findall(TEXT))
def test_code_fits_80_columns(block: str) -> None:
    assert max(map(len, block.splitlines())) <= readme.WIDTH


def test_function_table_is_current() -> None:
    match = readme.FUNCTIONS.search(TEXT)
    assert match is not None
    assert match[0] == readme.FUNCTIONS.sub(lambda found: found[1] + readme.function_table() + found[2], match[0])


def test_python_session() -> None:
    test = doctest.DocTestParser().get_doctest(TEXT.replace("```\n", "\n"), {}, "README", "README.md", 0)
    assert test.examples
    result = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE).run(test)
    assert result.failed == 0


@pytest.mark.parametrize("name", picture.PICTURES)
def test_the_pictures_are_current(name: str) -> None:
    assert picture.text_of((picture.FOLDER / name).read_text(encoding="utf-8")) == picture.text_of(picture.drawn(name))
    assert f".github/{name}" in TEXT
