"""Peer support: small groups of people in the same situation who get going together.

Small groups of people in the same situation who get going together: a walking scheme in small, once a week, with people
of about one age and a buddy who asks after you. It works through company, through staying in, and through the groups
that carry on when the money ends. Usual price: £800 to find and prepare the peers who lead a group; £30 a meeting led by
`peer`s, £75 by paid staff (`professional`).

*Expect:* few places, for eight people each meeting; who comes stays longer than on led walks. Whether peers or
professionals lead makes little difference while it lasts, and some difference to what is left afterwards.

*What is known and what is guessed:* that people of similar age keep coming comes from a trial (S069); that peers do as
well as professionals, from reviews and trials (S071 to S073). What a buddy does is a guess with a wide range: support
without others like you has also lowered attendance (S030). That somebody offers to go on four times as often where
peers led is a guess.

```yaml
schema_version: 1
name: Getting going together
interventions:
  - type: peer_support
    where: {imd_quintile: [1, 2]}
    who: {condition: true, level: [inactive]}
    when: {start_week: 26, weeks: 104, ramp_weeks: 13}
    groups: 20
    leaders: peer
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Literal

import numpy as np

from model.delivery.settings import Intervention, Price, Size, figure
from model.interventions.walking_scheme import WalkingSchemeProgramme

if TYPE_CHECKING:
    from model.state import State


SETUP_PER_GROUP = 800.0
"""GBP to find and prepare the peers who lead a group (judgement; 300 to 2,000)."""
WEEKLY_PER_GROUP = {"peer": 30.0, "professional": 75.0}
"""GBP a meeting: room, tea, expenses, and a share of a coordinator; paid hours besides when staff lead (judgement)."""


class PeerSupport(Intervention):
    """Small groups of people alike. They work by company, by staying in, and by what carries on afterwards."""

    title: ClassVar[str] = "Peer support"
    size: ClassVar[Size | None] = Size("groups", "support group", "support groups")
    example: ClassVar[str] = """\
who: {disability: [limited_a_little, limited_a_lot]}
groups: 20
"""

    type: Literal["peer_support"] = "peer_support"
    """Small groups of people in the same situation."""
    groups: int = figure(20, 1, 500, "groups", source="your choice")
    """Groups at full size."""
    group_size: int = figure(8, 2, 30, "people", source="judgement; core teams are 3 to 8 (S191)")
    """Places at each meeting."""
    minutes: int = figure(45, 10, 240, "minutes", source="judgement")
    """Minutes of moving together at a meeting, once a week."""
    leaders: Literal["peer", "professional"] = "peer"
    """Who leads. Both do equally well while it lasts (S071-S073); groups that peers lead carry on more often."""
    length_weeks: int | None = figure(None, 1, 1560, "weeks")
    """Weeks a person may stay; left out: as long as they like."""
    invite_per_week: float = figure(0.01, 0, 1, "share/week", source="guess, 0.001 to 0.05", quality="guess")
    """Share of the people it is for who hear of it in a week from the scheme itself."""
    start: Literal["community_centre", "park", "path"] = "community_centre"
    """The kind of place where groups meet."""
    similar_age: bool = True
    """Each group is for people of about one age, which keeps more of them coming (d = 0.51, S069)."""
    buddies: float = figure(
        0.8, 0.4, 1, "ratio", source="similar others raise attendance (S069), support alone may not (S030); guess",
        quality="guess",
    )  # fmt: skip
    """Risk of leaving with a buddy who asks after you, against without."""

    walks_per_week: ClassVar[int] = 1

    def usual_price(self) -> Price:
        """Set-up and weekly cost by number of groups, GBP."""
        return Price(SETUP_PER_GROUP * self.groups, WEEKLY_PER_GROUP[self.leaders] * self.groups, 0.0)


# ------------------------------------------------------------------------------------------------ delivery


class PeerSupportProgramme(WalkingSchemeProgramme, delivers=PeerSupport):
    """Small groups of people alike. Acts as a walking scheme does, and by a smaller risk of leaving."""

    settings: Any

    def work_out(self, state: State) -> None:
        super().work_out(state)
        self.risk = np.multiply(self.risk, self.settings.buddies, dtype=np.float32)
