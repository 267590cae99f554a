"""One module per language that functions are exported to.

A language is a module here, the text of its function beside it, and one line of ``export.LANGUAGES`` (its name and the
ending of its files); options, help, completion and errors follow. The module has a subclass of ``language.Language``,
called LANGUAGE at its end, most of which is data:

- ``title``; ``reserved``, the words that are no names in it, ``globals``, what no function may be called, and
  ``locals``, what ``main_form`` uses itself;
- ``functions``, the rows of the rule table that its standard mathematics has with IEEE 754's results, by their names
  there, and ``snippets``, helpers for rows that it has in another way; every other row becomes the portable function
  of its name or the row's own formula;
- ``special`` and ``constants``, how it writes inf, nan, pi; ``operators``, ``opposite`` and ``chosen``;
- the forms of statements, comments and helpers (``fixed`` to ``helper_form``) where they are not those of C;
- ``main_form``, the exported function, whose gradient is nan where the value is, with ``undefined`` and its like, and
  ``self_test_form``, with ``check_form`` of one row of it; forms and words stand in the text of the module's name;
- the methods ``choice``, ``power``, ``division`` or ``function`` where an operation is not written as C would, or
  needs a guard unless the bounds of its arguments leave none to guard.

tests/exporting.py runs it with every other language once it knows its compiler and how to print numbers in it.
"""
