"""Examples for the description. The learner's account number is nobody's; a test checks each against its model."""

from pydantic.types import JsonValue

OUTCOME_ID = "019f0000-0000-7000-8000-000000000001"

ISSUE: JsonValue = {
    "outcomes": [
        {
            "account": "100000000009",
            "name": "示例学员",
            "course_title": "书法入门",
            "awarded": "2026-06-30",
            "credits": "2",
            "hours": 36,
            "hour_kind": "contact",
            "level": "3",
            "category": "other",
            "grade": "良好",
        }
    ]
}

STATUS: JsonValue = {"action": "suspend", "reason": "核对成绩"}

CHECKPOINT: JsonValue = {
    "origin": "localhost:8000/institutions/example-college/log",
    "size": 7,
    "root": "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
    "note": "localhost:8000/institutions/example-college/log\n7\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n\n— …\n",
    "signed_at": "2026-09-01T04:00:00Z",
}

REPORT: JsonValue = {
    "outcome": "fail",
    "verified_at": "2026-09-01T04:00:00Z",
    "checks": [
        {
            "number": 3,
            "name": "proof",
            "outcome": "fail",
            "code": "proof.signature_mismatch",
            "parameters": {},
            "required": True,
            "finding": None,
            "next": None,
        }
    ],
    "summary": {"title": "书法入门", "issuer_name": "示例学院"},
}
