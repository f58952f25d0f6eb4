"""A town keeps Mesa's promises: batches, copies, agents, drawing; a fork forgets nothing; own code and files."""

from __future__ import annotations

import copy
import pickle
import warnings

import mesa
import numpy as np
import pytest
from test_town import digest

from model import Neighbourhood
from model.errors import InputError
from model.interventions import AssetInvestment, Barrier, Campaign, SocialPrescribing, WalkingScheme
from model.parameters import Parameters
from model.town.mesa_model import GIVES_SEEDS
from scenarios import compare
from scenarios.runs.job import open_town

RUNNING = [
    WalkingScheme(groups=80, invite_per_week=0.4, when={"weeks": 9}),
    SocialPrescribing(link_workers=60),
    Campaign(reach_per_week=0.05),
    Barrier(quantity="traffic", change=0.5, when={"weeks": 8}),
    AssetInvestment(action="new", kind="park", count=3, construction_weeks=2),
]


class Measured(Neighbourhood):
    """As Mesa's tutorial for batch runs writes a model: it collects before or after each step."""

    def __init__(self, sample=0.004, first=False, seed=None):
        super().__init__("erewash", sample=sample, seed=seed,
                         parameters=Parameters.default().with_values({"warm_up_weeks": 8}))  # fmt: skip
        self.first = first
        self.datacollector = mesa.DataCollector(
            model_reporters={"inactive": lambda m: float(m.outcomes.share("inactive").iloc[0]), "at": "week"},
            agent_reporters={"level": "level"},
        )

    def step(self):
        if self.first:
            self.datacollector.collect(self)
        super().step()
        if not self.first:
            self.datacollector.collect(self)


def batch(model, parameters, **more):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return mesa.batch_run(model, parameters=parameters, display_progress=False, **more)


def ends(rows):
    return [row["inactive"] for row in rows if row["Step"] == max(one["Step"] for one in rows)]


@pytest.fixture
def busy(town):
    return town.fork(RUNNING).run(6)


# -------------------------------------------------------------------------------------------------- batches


def test_iterations_of_a_batch_differ_and_can_be_had_again(quick):
    given = {"place": "erewash", "sample": [0.004], "parameters": [quick]}
    made = [batch(Neighbourhood, given, iterations=3, max_steps=3, number_processes=1) for _ in range(2)]
    assert ends(made[0]) == ends(made[1])
    assert len(set(ends(made[0]))) == 3
    alone = Neighbourhood("erewash", sample=0.004, parameters=quick, replicate=2).run(made[0][-1]["week"] + 1)
    assert alone.outcomes.share("inactive")["all"] == ends(made[0])[2]


def test_a_batch_starts_after_the_warm_up_and_mesa_counts_from_week_0():
    rows = batch(Measured, {"first": [False]}, max_steps=4, data_collection_period=1, number_processes=1)
    weeks = sorted({row["at"] for row in rows})
    assert weeks[0] == 1 and weeks[-1] == len(weeks) in (4, 5)  # Mesa before 3.5 runs one step more
    rows = batch(Measured, {"first": [True]}, max_steps=4, data_collection_period=1, number_processes=1)
    assert min(row["at"] for row in rows) == 0


def test_a_seed_given_to_every_iteration_does_not_make_them_alike():
    rows = batch(Measured, {"seed": 5}, iterations=2, max_steps=2, number_processes=1)
    assert len({row["inactive"] for row in rows}) == 2


def test_seeds_that_mesa_hands_out_are_those_of_the_town():
    if not GIVES_SEEDS:
        pytest.skip("this Mesa hands out no seeds")
    rows = batch(Measured, {}, rng=[4, 9], max_steps=2, number_processes=1)
    alone = [Measured(seed=seed) for seed in (4, 9)]
    for town in alone:
        town.run(2)
    assert list(dict.fromkeys(row["inactive"] for row in rows)) == [
        t.outcomes.share("inactive")["all"] for t in alone
    ]


def test_outcomes_are_collected_without_asking(town):
    arm = town.fork().run(3)
    table = arm.datacollector.get_model_vars_dataframe()
    assert table["week"].tolist() == [0, 1, 2]
    assert table["inactive"].iloc[-1] == pytest.approx(arm.outcomes.share("inactive")["all"])
    assert {"minutes_mean", "gap_deprivation_difference", "joined"} <= set(table)
    assert town.fork().datacollector.get_model_vars_dataframe().empty


@pytest.mark.parametrize(("wrong", "key"), [
    ({"seed": 1.5}, "seed"), ({"seed": "one"}, "seed"), ({"seed": 1, "rng": 2}, "rng"), ({"replicate": -1}, "replicate"),
])  # fmt: skip
def test_a_seed_that_is_none_is_refused(wrong, key):
    with pytest.raises(InputError) as caught:
        Neighbourhood("erewash", **wrong)
    assert caught.value.faults[0].key == key


# -------------------------------------------------------------------------------------------------- the clock


def test_steps_count_the_weeks_of_the_scenario(erewash, quick):
    one = Neighbourhood(erewash, sample=0.004, parameters=quick)
    assert (one.steps, one.week) == (0, -12)
    one.step()
    assert (one.steps, one.week) == (1, 1)
    twin = one.fork()
    twin.run(2)
    assert (twin.steps, twin.week, one.steps) == (3, 3, 1)
    assert getattr(twin, "time", 3) == 3
    again = pickle.loads(pickle.dumps(twin))
    again.step()
    assert (again.steps, again.week, twin.week) == (4, 4, 3)


# -------------------------------------------------------------------------------------------------- copies


@pytest.mark.parametrize("how", [copy.deepcopy, copy.copy, lambda town: pickle.loads(pickle.dumps(town))])
def test_a_copy_runs_alone_and_gives_the_same_bits(busy, how):
    _ = busy.agents, busy.grid
    before, week = digest(busy), busy.week
    twin = how(busy)
    twin.run(5)
    assert (digest(busy), busy.week) == (before, week)
    busy.run(5)
    assert digest(twin) == digest(busy)
    assert twin.random.random() == busy.random.random()
    assert np.array_equal(twin.record().counts, busy.record().counts)
    assert twin.resident(0).model is twin and len(twin.agents) == len(busy.agents)


def test_a_copy_of_a_model_of_ones_own_keeps_what_is_its_own():
    one = Measured()
    one.run(2)
    one.crowd = one.state.people
    for twin in (copy.deepcopy(one), one.fork()):
        assert type(twin) is Measured and twin.crowd is twin.state.people is not one.crowd
        twin.run(1)
        assert len(twin.datacollector.model_vars["at"]) == 3
    assert len(one.datacollector.model_vars["at"]) == 2


# -------------------------------------------------------------------------------------------------- agents


def test_views_of_one_resident_are_one(town):
    arm, other = town.fork(), town.fork()
    assert arm.resident(3) == arm.resident(3) != arm.resident(4)
    assert arm.resident(3) != other.resident(3)
    light = arm.resident(3)
    assert light in arm.agents and light.friends[0] in arm.agents
    assert len({light, arm.resident(3), next(iter(arm.agents.select(lambda r: r.row == 3)))}) == 1
    assert arm.agents_by_type[type(light)] is arm.agents and arm.agent_types == [type(light)]


@pytest.mark.parametrize("act", [
    lambda town: town.resident(0).remove(), lambda town: town.register_agent(town.resident(0)),
    lambda town: town.deregister_agent(town.resident(0)), lambda town: town.remove_all_agents(),
    lambda town: type(town.resident(0)).create_agents(town, 3),
])  # fmt: skip
def test_residents_can_be_neither_added_nor_removed(town, act):
    with pytest.raises(InputError, match=r"residents cannot be (added|removed): .* rows of its columns"):
        act(town)


@pytest.mark.parametrize(("name", "value", "said"), [
    ("level", "actve", "Did you mean 'active'"), ("age", 300, "16 to 110"), ("age", -5, "16 to 110"),
    ("level", 7, "0 to 2"), ("minutes", {"gym": 5}, "walk_leisure"), ("motivation", float("nan"), "out of bounds"),
])  # fmt: skip
def test_a_value_that_does_not_fit_a_resident_is_refused(town, name, value, said):
    with pytest.raises(InputError, match=said):
        setattr(town.fork().resident(0), name, value)


def test_mesa_draws_a_town(town):
    from matplotlib.figure import Figure
    from mesa.visualization import make_space_component
    from mesa.visualization.components import AgentPortrayalStyle
    from mesa.visualization.mpl_space_drawing import draw_space

    arm = town.fork().run(1)
    for _ in range(2):
        axes = Figure().add_subplot()
        draw_space(arm.grid, lambda resident: AgentPortrayalStyle(color="tab:red", size=5), ax=axes)
        spots = np.concatenate([one.get_offsets() for one in axes.collections if len(one.get_offsets()) > 1])
        width = arm.state.place.width
        assert sorted(map(tuple, spots.astype(int).tolist())) == sorted(
            (int(flat % width), int(flat // width)) for flat in arm.whereabouts()
        )
        arm.step()
    import solara

    space = make_space_component(lambda resident: AgentPortrayalStyle(color="tab:red"), backend="matplotlib")
    space = space[0] if isinstance(space, tuple) else space  # Mesa 3.3 on: with the page it stands on
    box, rendered = solara.render(space(arm), handle_error=False)
    assert box.children
    rendered.close()


# -------------------------------------------------------------------------------------------------- forks


def test_running_plans_go_on_in_a_fork(busy):
    twin = busy.fork()
    twin.run(8)
    busy_before = busy.record()
    busy.run(8)
    assert digest(twin) == digest(busy)
    kept = busy.record()
    for name, flow in twin.record().flows.items():
        assert flow.tolist() == kept.flows[name][len(busy_before.weeks) :].tolist(), name


def test_a_fork_may_leave_the_plans_behind(busy):
    twin = busy.fork(keep_plans=False).run(4)
    assert twin.state.programmes == [] and twin.record().flows["cost"].sum() == 0
    assert busy.state.programmes


def test_a_plan_that_began_before_is_paid_for_as_it_was(busy, town):
    bare = town.fork().run(6)
    late = bare.fork([WalkingScheme(groups=40, when={"start_week": 0})]).run(10)
    now = bare.fork([WalkingScheme(groups=40, when={"start_week": 6})]).run(10)
    assert late.record().flows["cost"].tolist() == now.record().flows["cost"].tolist()
    with pytest.raises(InputError, match="would be over before this week"):
        bare.fork([WalkingScheme(groups=40, when={"start_week": 0, "weeks": 3})])
    week = busy.fork().run(1).record().flows["cost"][0]
    assert week < RUNNING[0].price.setup


def test_a_plan_beside_one_that_runs_has_chance_and_places_of_its_own(busy):
    more = [
        WalkingScheme(groups=10),
        AssetInvestment(action="new", kind="park", count=2, construction_weeks=0),
    ]
    twin = busy.fork(more)
    labels = [programme.label for programme in twin.state.programmes]
    assert len(set(labels)) == len(labels) == len(RUNNING) + 2 and labels == sorted(labels)
    parks = [p for p in twin.state.programmes if p.label.startswith("asset_investment")]
    assert [len(p.rows) for p in parks] == [3, 2] and not set(parks[0].rows) & set(parks[1].rows)
    reach_before, reach = busy.state.candidates, twin.state.candidates
    for slot in range(reach.asset.shape[1]):
        moved = (reach_before.asset[:, slot] != reach.asset[:, slot])[twin.state.cell_row]
        stay = ~moved
        bit = np.uint32(1) << np.uint32(slot)
        assert ((twin.state.people.knows & bit) == (busy.state.people.knows & bit))[stay].all()
    twin.run(3)
    assert (twin.state.assets.now["open"][parks[1].rows] == 1).all()


# ------------------------------------------------------------------------------------ own code, files, frames


def cheer(town):
    """Own code for every week: at the top of a module, so that it can be saved."""
    town.state.people.motivation += np.float32(0.5)


def test_code_of_ones_own_runs_between_weeks_here_and_in_copies(town):
    arm, seen = town.fork(), []
    arm.between(lambda one: seen.append(one.week))
    arm.run(3)
    assert seen == [1, 2, 3]
    arm.fork().run(2)
    plain, cheered = town.fork(), town.fork()
    assert cheered.between(cheer) is cheer
    again = pickle.loads(pickle.dumps(cheered)).run(6)
    cheered.run(6), plain.run(6)
    assert digest(again) == digest(cheered) != digest(plain)


def open_cheered(job):
    """As somebody hands their own code to every run of a comparison."""
    town = open_town(job)
    town.between(cheer)
    return town


def test_code_of_ones_own_runs_in_every_run_of_a_comparison():
    settings = {"replicates": 1, "sample": 0.004, "weeks": 3, "jobs": 1}
    plain, cheered = compare(["none"], **settings), compare(["none"], **settings, opener=open_cheered)
    told = [one.table(["inactive"])["baseline_value"].iloc[0] for one in (plain, cheered)]
    assert told[1] < told[0]


def test_a_saved_town_goes_on_as_if_it_had_never_stopped(busy, tmp_path):
    path = busy.save(tmp_path / "new" / "busy.town")
    again = Neighbourhood.load(path).run(4)
    busy.run(4)
    assert digest(again) == digest(busy)
    assert [one.name for one in path.parent.iterdir()] == ["busy.town"]


def test_a_file_that_is_no_town_is_refused(busy, town, tmp_path):
    path = town.save(tmp_path / "one.town")
    whole = path.read_bytes()
    (tmp_path / "other.town").write_bytes(b"something else\n")
    (tmp_path / "cut.town").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "old.town").write_bytes(whole.replace(b'"version": "', b'"version": "0.0.', 1))
    for name, said in (("other", "is no saved town"), ("cut", "is broken"), ("old", "another version"),
                       ("nowhere", "cannot be read")):  # fmt: skip
        with pytest.raises(InputError, match=said):
            Neighbourhood.load(tmp_path / f"{name}.town")
    with pytest.raises(InputError, match="another kind of town"):
        Measured.load(path)
    busy.between(lambda one: None)
    with pytest.raises(InputError, match="cannot be saved"):
        busy.save(tmp_path / "mine.town")
    assert not (tmp_path / "mine.town").exists() and len(list(tmp_path.iterdir())) == 4


def test_residents_and_ties_come_as_tables_and_as_a_graph(town):
    import networkx

    state, table, ties = town.state, town.residents(), town.ties()
    assert table.index.tolist() == state.people.id.tolist()
    assert table["level"].value_counts()["inactive"] == (state.people.level == 0).sum()
    assert table["minutes_gym"].tolist() == state.people.minutes[3].tolist()
    assert str(table["zone"].iloc[0]) == str(state.place.zones["code"].iloc[state.people.zone[0]])
    strong = ties[ties["strength"] == "strong"]
    assert 2 * len(strong) == int(state.ties.strong_degree.sum())
    pairs = {frozenset(pair) for pair in zip(ties["one"], ties["other"], strict=True)}
    assert len(pairs) == len(ties) and 2 * (len(ties) - len(strong)) <= len(state.ties.weak)
    assert strong["trust"].between(0, 1).all() and ties["distance_m"][ties["household"]].max() < 1
    graph = town.graph()
    assert isinstance(graph, networkx.Graph)
    assert graph.number_of_nodes() == state.people.n and graph.number_of_edges() == len(strong)
    first = int(state.people.id[0])
    assert graph.degree[first] == state.ties.strong_degree[0] and graph.nodes[first]["sex"] in (
        "female",
        "male",
    )
    assert town.graph(weak=True).number_of_edges() == len(ties)
    table.loc[first, "age"] = 99
    assert state.people.age[0] != 99 or town.residents()["age"].iloc[0] == state.people.age[0]
