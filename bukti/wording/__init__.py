"""How it is said: words, dates, numbers, charts and papers, one voice for page, mail and PDF."""
