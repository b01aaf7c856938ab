"""Who sees it: staff pages, the API, the command line."""
