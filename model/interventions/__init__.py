"""Interventions, one file each; the file's name is its `type` in a scenario."""

from __future__ import annotations

from model.interventions.asset_investment import AssetInvestment
from model.interventions.base import Cost, Intervention, Price, When, Where, Who
from model.interventions.none import Nothing
from model.interventions.social_prescribing import SocialPrescribing
from model.interventions.walking_scheme import WalkingScheme

_TYPES: tuple[type[Intervention], ...] = (WalkingScheme, SocialPrescribing, AssetInvestment, Nothing)
REGISTRY: dict[str, type[Intervention]] = {kind.model_fields["type"].default: kind for kind in _TYPES}
"""Every type of intervention by the name it has in a scenario."""

__all__ = [
    "REGISTRY",
    "AssetInvestment",
    "Cost",
    "Intervention",
    "Nothing",
    "Price",
    "SocialPrescribing",
    "WalkingScheme",
    "When",
    "Where",
    "Who",
]
