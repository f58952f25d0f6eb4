"""Delivering peer support: small groups, led like walks, with a buddy who asks after you."""

from __future__ import annotations

from typing import Any

import numpy as np

from model.programmes.walking_scheme import WalkingSchemeProgramme
from model.state import State


class PeerSupportProgramme(WalkingSchemeProgramme):
    """Small groups of people alike. Acts as a walking scheme does, and by a smaller risk of leaving."""

    settings: Any

    def work_out(self, state: State) -> None:
        super().work_out(state)
        self.risk = np.multiply(self.risk, self.settings.buddies, dtype=np.float32)
