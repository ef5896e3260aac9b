"""Annotator: code diplomatic readouts sentence by sentence, by keyboard, in a terminal.

Importing the package imports nothing else, so that `annotator --version` stays fast.
"""

__version__ = "0.1.0"
