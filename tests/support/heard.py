"""The payload of a comment that was just written on a pull request."""

from __future__ import annotations

from typing import Any

PAYLOAD: dict[str, Any] = {
    "action": "created",
    "repository": {"full_name": "tensorflow/models", "default_branch": "master"},
    "issue": {"number": 7, "pull_request": {}},
    "comment": {
        "id": 1,
        "user": {"login": "mona", "id": 2, "type": "User"},
        "body": "/converge",
        "created_at": "2026-01-01T00:00:00Z",
        "updated_at": "2026-01-01T00:00:00Z",
        "html_url": "https://example.invalid/1",
    },
}
