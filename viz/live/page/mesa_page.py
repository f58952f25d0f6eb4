"""A stock SolaraViz page for people who know Mesa: the same model with at most 2,000 agents, Mesa's own controls."""

from __future__ import annotations

from typing import Any

import solara

from model.town.town import Neighbourhood
from viz.theme import BASELINE, BETTER, WORSE

MOST_AGENTS = 2000
PLANS = ("walk_and_talk", "social_prescribing", "better_park", "together", "fair_share", "baseline")
LOOKS = {"inactive": (WORSE, "v"), "fairly_active": (BASELINE, "o"), "active": (BETTER, "^")}


class SmallTown(Neighbourhood):
    """A neighbourhood that Mesa can draw: few residents, each in the cell where they were this week."""

    def __init__(self, residents: int = 1000, scenario: str = PLANS[0], seed: int = 1) -> None:
        from model.place.place import Place
        from scenarios.files.schema import Scenario

        place = Place.load("erewash")
        share = _between(residents, 50, MOST_AGENTS) / place.residents
        plan = Scenario.load(scenario if scenario in PLANS else PLANS[0])
        super().__init__(place, seed=_between(seed, 1, 1000), sample=share, interventions=plan.acts)
        self.warm_up()
        self.fill_cells()

    def step(self) -> None:
        """A week; then every view moves to its cell."""
        super().step()
        if not self.state.warming:
            self.fill_cells()


def _between(value: Any, low: int, high: int) -> int:
    """What a browser sent as a whole number from `low` to `high`; `low` when it is none."""
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value:
        return low
    return int(min(high, max(low, value)))


def portrayal(resident: Any) -> dict[str, Any]:
    """How Mesa draws a resident: colour and mark by level."""
    colour, mark = LOOKS[resident.level]
    return {"color": colour, "marker": mark, "size": 12}


@solara.component
def MesaPage() -> Any:
    """Mesa's page. Its libraries load only when it is opened."""
    from mesa.visualization import SolaraViz, make_space_component

    model = solara.use_memo(SmallTown, [])
    parameters = {
        "residents": _slider("Residents", 1000, 100, MOST_AGENTS, 100),
        "scenario": {"type": "Select", "value": PLANS[0], "label": "Plan", "values": list(PLANS)},
        "seed": _slider("Seed", 1, 1, 1000, 1),
    }
    space = make_space_component(portrayal, backend="matplotlib")
    page = SolaraViz(model, components=[space], model_params=parameters, name="Everystep in Mesa")
    return solara.AppLayout(children=[page], title="Everystep in Mesa", navigation=False)


def _slider(label: str, value: int, low: int, high: int, step: int) -> dict[str, Any]:
    """A slider of SolaraViz."""
    return {"type": "SliderInt", "label": label, "value": value, "min": low, "max": high, "step": step}
