"""Campaign: people take notice, and hear of a place or a programme."""

from __future__ import annotations

import numpy as np

from model.reference.arithmetic import draws, single
from model.reference.delivery.programme import Programme
from model.reference.delivery.targeting import asks, chosen_zones, is_for, zones_of
from model.reference.delivery.telling import make_known, tell_of_programmes


class Campaign(Programme):
    """Mass media. It acts through news of places and programmes, and a little motivation."""

    def prepare(self) -> None:
        s, town = self.settings, self.town
        chosen = chosen_zones(s.where, zones_of(town))
        self.key = town.key(f"programme/{self.label}")
        self.chances = {}
        for resident in town.residents:
            if chosen[resident.zone] and is_for(s.who, resident):
                notices = float(np.exp(np.float32(s.knowhow_effect) * np.float32(resident.knowhow)))
                self.chances[resident] = single(single(s.reach_per_week) * notices)

    def hear(self) -> None:
        s, town, strength = self.settings, self.town, self.delivered()
        if strength <= 0:
            return
        for resident, chance in self.chances.items():
            u, _, _, _ = draws(self.key, resident.id, week=town.clock)
            if u >= single(chance * single(strength)) or not asks(s.who, resident):
                continue
            resident.motivation = single(resident.motivation + single(s.lift))
            if s.about in ("places", "both"):
                make_known(resident, 1)
            if s.about in ("programmes", "both"):
                tell_of_programmes(resident)
