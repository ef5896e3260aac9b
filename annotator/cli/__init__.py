"""The command line: `program` is the way in, the other modules hold its verbs."""

from annotator.cli.program import cli, main

__all__ = ["cli", "main"]
