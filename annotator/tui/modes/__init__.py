"""What keys mean while a panel is open: small machines without a screen.

A mode gets the sentence and the session through a `Desk`, takes one key at a time, and shows itself
as a `View`, which is plain data.
"""
