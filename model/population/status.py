"""Where somebody stands with a programme that has members, as stored: apart from compiled code, so that it loads at once."""

from __future__ import annotations

NEVER, WAITING, MEMBER, LEFT, COMPLETED = 0, 1, 2, 3, 4
