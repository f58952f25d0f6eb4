"""Where somebody stands with a programme that has members, as stored: apart from compiled code, so that it loads at once."""

from __future__ import annotations

NEVER, WAITING, MEMBER, LEFT, COMPLETED = 0, 1, 2, 3, 4
UNTRIED, TRIED, LET_DOWN = 0, 1, 2
"""Whether a member came yet, and was let down by the first session and has not come since."""
