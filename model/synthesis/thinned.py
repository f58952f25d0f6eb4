"""What a sample takes from the lines on which ties form, and how it is given back beforehand.

On the lines of a sample people are fewer, so those who stand side by side live further apart and are less alike than
in the whole town. A pool keeps the ground that it has there as long as it holds `FEWEST` people. Where it must cover
more, the ways people go from home are shortened by as much; and what fewer neighbours lose in likeness is added to what
they are sorted by. The constants were measured on networks of the shipped places at 0.5% to 100%
(docs/sample.md); at 100% all of this changes nothing.
"""

from __future__ import annotations

import numpy as np
from scipy.spatial import cKDTree

from model.population.people import People

FEWEST = 40.0
"""People in a pool of a sample, at the least, where the whole town's is no smaller."""
FEWEST_OF_FEW = 24.0
"""The same for ethnic groups few in number."""
FEWEST_IN_TOWN = 12.0
"""People looked over for friends in the whole town, at the least."""
GROUND = 1.2
"""Square of a way taken off, in squares of the radius within which a pool's people live."""
SHORTEST = 0.1
"""Share of a way that is left at the least."""
BINS = 4.0
"""Parts of a pool within which people stand by age: two sexes, each in two halves by money."""
AGE_LOST, AGE_LOST_WEAKLY, TRAIT_LOST = 2.2, 5.0, 1.4
"""Likeness lost in a part of m people, times m: of age on lines of strong ties and of weak ones, of sex and means."""


class Thinned:
    """A town of which the share `sample` is simulated, against the whole: for pools of `pool` people there."""

    def __init__(self, people: People, sample: float, pool: float, minority_reach: float) -> None:
        self.sample, self.whole_pool, self.minority_reach = sample, pool, minority_reach
        self.pool = max(pool * sample, min(FEWEST, pool))
        self._more_ground = self._surplus(people)

    def _surplus(self, people: People) -> np.ndarray:
        """(n,) square metres: how much wider the ground of a pool around each home is than in the whole town."""
        surplus = 1.0 - self.whole_pool * self.sample / self.pool
        if surplus < 1e-9 or people.n < 3:
            return np.zeros(people.n)
        homes = np.column_stack([people.x_m, people.y_m]).astype(np.float64)
        nearest = min(int(self.pool), people.n - 1)
        radius = cKDTree(homes).query(homes, k=[nearest + 1])[0][:, 0]
        wider: np.ndarray = GROUND * surplus * radius**2
        return wider

    def ways(self, who: np.ndarray, distance_m: float) -> np.ndarray:
        """Share of the usual way from home that `who` (rows) go on lines of that distance."""
        ways: np.ndarray = np.sqrt(np.maximum(1.0 - self._more_ground[who] / distance_m**2, SHORTEST**2))
        return ways

    def pools(self, sizes: np.ndarray) -> np.ndarray:
        """People in a pool of each group, from how many of a line are of each: both (groups,).

        A group few in number is sought a few times further, and down to a dozen people further still.
        """
        whole = self._whole(sizes)
        share = self.pool / self.whole_pool
        return np.maximum(whole * share, np.minimum(whole, FEWEST_OF_FEW)) if share < 1.0 else whole

    def _whole(self, sizes: np.ndarray) -> np.ndarray:
        among = np.minimum(self.minority_reach * sizes / max(sizes.sum(), 1), 1.0)
        whole: np.ndarray = np.maximum(self.whole_pool * among, FEWEST_IN_TOWN)
        return whole

    def kept(self, sizes: np.ndarray, lost: float) -> np.ndarray:
        """(groups,) share of the whole town's likeness that is left in pools this small; `lost` in a part of one."""
        here, whole = (1.0 - lost / np.maximum(pools / BINS, 2.0 * lost)
                       for pools in (self.pools(sizes), self._whole(sizes)))  # fmt: skip
        return here / whole
