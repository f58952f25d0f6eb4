"""Does a partner who is active draw in the other? Couples six years apart, read as a panel study read them."""

from __future__ import annotations

import numpy as np

from calibration.measures import shares
from model.limits import ACTIVE_FROM
from model.population.people import People

APART = 6
"""Years between the two visits (Cobb and others 2016: 1987-89 and 1993-95)."""
AGES = (45, 64)
"""Ages at the first visit, of both."""


def partner_starts(people: People, minutes: np.ndarray, weights: np.ndarray) -> dict[str, float]:
    """Of men who do not meet the guideline in one year: odds of meeting it six years on where the wife meets it in both years,
    over those where she meets it in neither. Within age band, fifth and either's condition; every such pair of years counts.

    minutes: (years, n) mean weekly minutes of each year. 1 where nothing can be told, as in fewer than seven years.
    """
    wife, husband = of_age(people)
    met = minutes >= ACTIVE_FROM
    first, last = met[:-APART], met[APART:]
    asked = ~first[:, husband] & (first[:, wife] == last[:, wife])
    strata, weight = (np.broadcast_to(one, asked.shape)[asked]
                      for one in (shares.couples_strata(people, wife, husband), weights[husband]))  # fmt: skip
    ratio = shares.odds_ratio(first[:, wife][asked], last[:, husband][asked], weight, strata)
    return {"partner_starts_odds_ratio": ratio}


def of_age(people: People) -> np.ndarray:
    """(2, C) rows of the wives and husbands of couples of the ages of the study."""
    both = shares.couples(people)
    low, high = AGES
    held: np.ndarray = both[((people.age[both] >= low) & (people.age[both] <= high)).all(axis=1)].T
    return held
