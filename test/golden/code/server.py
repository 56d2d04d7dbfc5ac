"""Code whose hash is part of the golden files: it never changes."""

app = None
