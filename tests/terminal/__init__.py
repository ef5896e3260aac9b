"""Tests that start the program itself in a pseudo-terminal and press keys."""
