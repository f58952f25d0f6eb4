"""Experience: habit, fitness, motivation and company follow the week."""

from __future__ import annotations

from model.arguments import columns_of, settings_of
from model.kernels.experience import (
    CompanyPeople,
    CompanySettings,
    ExperiencePeople,
    ExperienceSettings,
    company,
    experience,
)
from model.processes import repertoire
from model.state import State


def step(state: State) -> None:
    """Move habit, fitness, motivation and company of everybody by what this week was like."""
    p = state.parameters
    saturating = p.company_rule == "saturating"
    settings = settings_of(ExperienceSettings, p, motivation_gain=0.0 if saturating else p.experience_gain)
    state.chunks.run(experience, settings, columns_of(ExperiencePeople, state.people), state.assets.load)
    if saturating:
        kept = settings_of(CompanySettings, p, keep=0.5 ** (1.0 / p.company_half_life))
        state.chunks.run(company, kept, columns_of(CompanyPeople, state.people))
    repertoire.accompany(state)
