"""Cost: what the plan has cost so far, for how many people, and what each of them came to."""

from __future__ import annotations

from typing import Any

import numpy as np

from viz import words
from viz.live.page import charts
from viz.live.page.live_words import share_now
from viz.live.towns.towns import Pair
from viz.live.view import View


def panel(pair: Pair, view: View) -> dict[str, Any]:
    """A line of money, what it bought in this run, and a table."""
    flows = {
        name: pair.histories[1].of(f"flow.{name}") for name in ("cost", "joined", "completed", "members")
    }
    spent, joined = float(flows["cost"].sum()), float(flows["joined"].sum())
    adults = pair.histories[0].people(pair.today.state)[0]
    today, plan = share_now(pair)
    moved = (today - plan) * adults
    planned = pair.setup.scenario.planned_cost
    said = [f"So far your plan has cost {words.pounds(spent)} of about {words.pounds(planned)} planned."]
    if joined >= 1:
        said.append(
            f"{words.people(joined)} people have joined: {words.rough_pounds(spent / joined)} for each who joined."
        )
    if spent > 0:
        said.append(
            "What one person fewer inactive comes to hangs on chance too much for one run to say: the report of "
            "“Run it properly” gives it with its range."
        )
    rows = [
        ["Spent so far", words.pounds(spent)],
        ["Planned in all", words.pounds(planned)],
        ["People who joined", words.people(joined)],
        ["People who completed", words.people(float(flows["completed"].sum()))],
        ["Members now", words.people(float(flows["members"][-1]) if pair.week else 0.0)],
        ["Fewer people inactive now, one run", words.number(words.significant(moved))],
    ]
    return {
        "chart": charts.stocks(
            {"Spent, £ thousand": np.cumsum(flows["cost"]) / 1000}, pair.weeks, "£ thousand"
        ),
        "chart_label": said[0],
        "words": said,
        "tables": [{"caption": "Money and people, so far", "head": ["What", "How much"], "rows": rows}],
    }
