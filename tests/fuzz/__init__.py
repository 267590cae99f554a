"""Fuzz targets: hostile input of every kind, in the tests for a minute and by hand for as long as one likes."""
