"""Tests about the whole: every route, every command, every word, every module."""
