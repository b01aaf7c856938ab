"""Where the floors are wired together."""
