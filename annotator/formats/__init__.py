"""Files in and files out: one module per format."""
