"""A stock SolaraViz page for people who know Mesa: the same model with at most 2,000 agents, Mesa's own controls."""

from __future__ import annotations

from typing import Any

import solara

from model.town import Neighbourhood
from viz.theme import BASELINE, BETTER, WORSE

MOST_AGENTS = 2000
LOOKS = {"inactive": (WORSE, "v"), "fairly_active": (BASELINE, "o"), "active": (BETTER, "^")}


class SmallTown(Neighbourhood):
    """A neighbourhood that Mesa can draw: few residents, each in the cell where they were this week."""

    def __init__(self, residents: int = 1000, scenario: str = "walk_and_talk", seed: int = 1) -> None:
        from model.place import Place
        from scenarios.schema import Scenario

        place = Place.load("erewash")
        share = min(MOST_AGENTS, max(50, int(residents))) / place.residents
        super().__init__(
            place, seed=max(0, int(seed)), sample=share, interventions=Scenario.load(scenario).interventions
        )
        self.warm_up()
        self.fill_cells()

    def step(self) -> None:
        """A week; then every view moves to its cell."""
        super().step()
        if not self.state.warming:
            self.fill_cells()


def portrayal(resident: Any) -> dict[str, Any]:
    """How Mesa draws a resident: colour and mark by level."""
    colour, mark = LOOKS[resident.level]
    return {"color": colour, "marker": mark, "size": 12}


@solara.component
def MesaPage() -> Any:
    """Mesa's page. Its libraries load only when it is opened."""
    from mesa.visualization import SolaraViz, make_plot_component, make_space_component

    model = solara.use_memo(SmallTown, [])
    parameters = {
        "residents": {
            "type": "SliderInt",
            "value": 1000,
            "label": "Residents",
            "min": 100,
            "max": MOST_AGENTS,
            "step": 100,
        },
        "scenario": {
            "type": "Select",
            "value": "walk_and_talk",
            "label": "Plan",
            "values": ["walk_and_talk", "social_prescribing", "better_park", "baseline"],
        },
        "seed": {"type": "InputText", "value": 1, "label": "Seed"},
    }
    del make_plot_component
    return SolaraViz(
        model,
        components=[make_space_component(portrayal, backend="matplotlib")],
        model_params=parameters,
        name="Everystep in Mesa",
    )
