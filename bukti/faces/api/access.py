"""Which action guards which operation. An operation without a row here fails the build.

The commands and queries behind an operation enforce it; the generated permission matrix
(tests/faces/test_api_access.py) tries it as every role, inside and outside one's own place.
"""

from bukti.rules.permissions import Action

OPERATIONS: dict[str, Action] = {
    "list_rounds": Action.READ_ROUND,
    "read_round": Action.READ_ROUND,
    "list_questions": Action.READ_ROUND,
    "list_answers": Action.READ_ANSWER,
    "read_answer": Action.READ_ANSWER,
    "save_answer": Action.WRITE_ANSWER,
    "submit_answers": Action.HAND_IN_AGENCY,
    "list_evidence": Action.READ_ANSWER,
    "upload_evidence": Action.UPLOAD_EVIDENCE,
    "download_evidence": Action.READ_EVIDENCE,
    "read_result": Action.READ_RESULT,
}
