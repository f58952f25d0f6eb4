"""Peer support: small groups, led like walks, with a buddy who asks after you."""

from __future__ import annotations

from model.reference.arithmetic import single
from model.reference.interventions.walking_scheme import WalkingScheme


class PeerSupport(WalkingScheme):
    """Small groups of people alike. They act as led walks do, and by a smaller risk of leaving."""

    def prepare(self) -> None:
        super().prepare()
        for card in self.cards:
            card.risk = single(card.risk * single(self.settings.buddies))
