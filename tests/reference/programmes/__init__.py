"""Programmes being delivered: one file each, under the name of its `type`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.delivery.settings import Intervention

from .asset_investment import AssetInvestment
from .barrier import Barrier
from .base import Programme
from .campaign import Campaign
from .community_champions import CommunityChampions
from .movement_support import MovementSupport
from .peer_support import PeerSupport
from .signposting import Signposting
from .social_prescribing import SocialPrescribing
from .walking_scheme import WalkingScheme

if TYPE_CHECKING:
    from ..town import ReferenceTown

TYPES: dict[str, type[Programme]] = {
    "none": Programme,
    "walking_scheme": WalkingScheme,
    "social_prescribing": SocialPrescribing,
    "asset_investment": AssetInvestment,
    "peer_support": PeerSupport,
    "community_champions": CommunityChampions,
    "movement_support": MovementSupport,
    "campaign": Campaign,
    "signposting": Signposting,
    "barrier": Barrier,
}


def programmes_for(interventions: list[Intervention], town: ReferenceTown) -> list[Programme]:
    """A programme for each intervention, in the order of labels; two of one name are told apart by their number."""
    made: list[Programme] = []
    seen: dict[str, int] = {}
    for settings in interventions:
        name = settings.label
        seen[name] = seen.get(name, 0) + 1
        made.append(TYPES[settings.type](settings, f"{name}#{seen[name]}", town))
    return sorted(made, key=lambda programme: programme.label)


__all__ = ["TYPES", "Programme", "programmes_for"]
