"""The screens: the only room that knows Textual. `modes`, `paint` and `reflow` do not need one."""
