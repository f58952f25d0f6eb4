"""Programmes: interventions being delivered; the settings of each are in `model/interventions/`, same name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from model.interventions.barrier import Barrier
from model.interventions.base import Intervention
from model.programmes.asset_investment import AssetInvestmentProgramme
from model.programmes.barrier import BarrierChange
from model.programmes.base import Programme
from model.programmes.campaign import CampaignProgramme
from model.programmes.community_champions import CommunityChampionsProgramme
from model.programmes.movement_support import MovementSupportProgramme
from model.programmes.peer_support import PeerSupportProgramme
from model.programmes.signposting import SignpostingProgramme
from model.programmes.social_prescribing import SocialPrescribingProgramme
from model.programmes.walking_scheme import WalkingSchemeProgramme

PROGRAMMES: dict[str, type[Programme]] = {
    "none": Programme,
    "walking_scheme": WalkingSchemeProgramme,
    "social_prescribing": SocialPrescribingProgramme,
    "asset_investment": AssetInvestmentProgramme,
    "peer_support": PeerSupportProgramme,
    "community_champions": CommunityChampionsProgramme,
    "movement_support": MovementSupportProgramme,
    "campaign": CampaignProgramme,
    "signposting": SignpostingProgramme,
    "barrier": BarrierChange,
}
"""The programme that delivers each type of intervention, and a barrier."""


def labels_of(
    interventions: Sequence[Intervention | Barrier], running: Sequence[Programme] = ()
) -> list[str]:
    """The label of the programme of each, in their order: its name or type, and which of that it is, counted on from
    those `running`."""
    seen: Counter[str] = Counter()
    for programme in running:  # by their numbers: one that was called off leaves a gap
        label, _, number = programme.label.rpartition("#")
        seen[label] = max(seen[label], int(number))
    labels = []
    for settings in interventions:
        label = settings.label
        seen[label] += 1
        labels.append(f"{label}#{seen[label]}")
    return labels


def programmes_for(
    interventions: Sequence[Intervention | Barrier], running: Sequence[Programme] = ()
) -> list[Programme]:
    """A programme for each intervention; two of one type are told apart by their names, else by their number.

    They stand in the order of their labels, so that the order in which a scenario lists them cannot matter.
    """
    made = [
        PROGRAMMES[settings.type](settings, label)
        for settings, label in zip(interventions, labels_of(interventions, running), strict=True)
    ]
    return sorted(made, key=lambda programme: programme.label)


__all__ = ["PROGRAMMES", "Programme", "labels_of", "programmes_for"]
