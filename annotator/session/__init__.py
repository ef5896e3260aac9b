"""The act of annotating, without a screen: acts, proposals, progress, and saving."""
