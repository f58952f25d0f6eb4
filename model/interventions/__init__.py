"""Interventions, one file each; the file's name is its `type` in a scenario."""

from __future__ import annotations

from model.interventions.asset_investment import AssetInvestment
from model.interventions.barrier import Barrier
from model.interventions.base import Cost, Intervention, Price, When, Where, Who
from model.interventions.campaign import Campaign
from model.interventions.community_champions import CommunityChampions
from model.interventions.movement_support import MovementSupport
from model.interventions.none import Nothing
from model.interventions.peer_support import PeerSupport
from model.interventions.signposting import Signposting
from model.interventions.social_prescribing import SocialPrescribing
from model.interventions.walking_scheme import WalkingScheme

_TYPES: tuple[type[Intervention], ...] = (
    WalkingScheme,
    SocialPrescribing,
    AssetInvestment,
    PeerSupport,
    CommunityChampions,
    MovementSupport,
    Campaign,
    Signposting,
    Nothing,
)
REGISTRY: dict[str, type[Intervention]] = {kind.model_fields["type"].default: kind for kind in _TYPES}
"""Every type of intervention by the name it has in a scenario."""

__all__ = [
    "REGISTRY",
    "AssetInvestment",
    "Barrier",
    "Campaign",
    "CommunityChampions",
    "Cost",
    "Intervention",
    "MovementSupport",
    "Nothing",
    "PeerSupport",
    "Price",
    "Signposting",
    "SocialPrescribing",
    "WalkingScheme",
    "When",
    "Where",
    "Who",
]
