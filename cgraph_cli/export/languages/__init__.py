"""One module per language that functions are exported to.

A language is one file here and one line of ``export.LANGUAGES`` (its name and the ending of its files); options, help,
completion and errors follow. The file has a subclass of ``language.Language``, called LANGUAGE at its end, which says

- ``title``, ``ending``; ``reserved``, the words that are no names in it, ``globals``, what no function may be called,
  and ``locals``, what ``main_function`` uses itself;
- ``functions``, the rows of the rule table that its standard mathematics has with IEEE 754's results, by their names
  there, and ``snippets``, helpers for rows that it has in another way; every other row becomes the portable function
  of its name or the row's own formula;
- ``special`` and ``constants``, how it writes inf, nan, pi; ``operators`` and ``opposite`` where they are not C's;
- ``declaration`` with ``types``, ``returned``, ``if_form`` and its like, and the methods ``comment``, ``signature`` and
  ``assigned``: how helpers are written;
- ``main_function``: the exported function, whose gradient is nan where the value is;
- ``self_test_form`` with $rows, $name, $point, $count and $agreement, and ``check_form`` of one row;
- ``choice``, ``power``, ``division`` or ``function`` where an operation is not written as C would, or needs a guard
  unless the bounds of its arguments leave none to guard.

tests/exporting.py runs it with every other language once it knows its compiler and how to print numbers in it.
"""
