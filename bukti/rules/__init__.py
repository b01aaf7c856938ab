"""What is right: pure functions over frozen values. No Django, no clock, no disk."""
