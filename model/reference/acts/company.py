"""Company: what moving with others does to the pull of each kind, under the switch `company_rule: saturating`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.reference.arithmetic import single

if TYPE_CHECKING:
    from model.reference.resident import Resident


def keep(resident: Resident) -> float:
    """What is left of company after a week without."""
    half_life: float = resident.model.parameters.company_half_life
    return float(0.5 ** (1.0 / half_life))


def act(resident: Resident) -> None:
    """Company fades; other kinds follow towards a share of what it is at most; each session together goes a part of the
    way to full."""
    p = resident.model.parameters
    left = keep(resident)
    aim = p.company_spread * max(resident.company)
    for kind, company in enumerate(resident.company):
        now = left * company
        if aim > company:
            now += (1.0 - left) * aim
        if resident.group_sessions > 0 and resident.group_kind == kind:
            missing = 1.0 - now
            for _ in range(resident.group_sessions):
                missing *= 1.0 - p.company_rise
            now = 1.0 - missing
        resident.company[kind] = single(now)
