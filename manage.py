#!/usr/bin/env python
"""Django's own entry; `bukti` is the same with a help worth reading."""

import sys

from bukti.site.main import main

if __name__ == "__main__":
    sys.exit(main())
