"""Puts a SQLite without the WAL-reset bug (fixed in 3.51.3) where Django looks for one.

Imported first in settings. Several writers on an affected version can corrupt the file, so a
system check (`bukti.site.checks`) refuses to start with one.
"""

import sys

import pysqlite3
import pysqlite3.dbapi2

sys.modules["sqlite3"] = pysqlite3
sys.modules["sqlite3.dbapi2"] = pysqlite3.dbapi2
