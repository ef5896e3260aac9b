"""The ground floor: frozen values and pure functions; no screen, no disk, no clock.

All offsets are Unicode code points of a readout's text, 0-based and half-open.
"""
