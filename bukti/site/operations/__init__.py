"""Running an installation: setting it up, serving it, its jobs, its health, its copies."""
