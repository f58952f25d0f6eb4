"""Findings and their sentences from small tables made by hand: who is first, what cannot be told, what may not be said."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from scenarios.findings import sentences, table
from scenarios.findings.findings import MEASURES, RANK_BY, Findings, of_tables

NAN = math.nan
WEEKS = 104


def plan(name: str, years=None, gap=None, price=None, cost=None, **more):
    """One plan: amounts as (value, low, high) by measure; a bare number has no range."""
    return name, {"person_years": years, "gap": gap, "cost_per_person_year": price, "cost": cost, **more}


def found(
    *plans, versus=(), rank_by="person_years", runs=6, sets=1, baseline=("baseline", "Today")
) -> Findings:
    """The findings of plans; versus: (one, two, measure, (difference, low, high))."""
    rows = [
        {"scenario": name, "baseline": baseline[0], "outcome": MEASURES[measure].outcome, "group": "all", "level": "all",
         "horizon_weeks": WEEKS, "window_weeks": WEEKS, **ends(amount)}
        for name, amounts in plans
        for measure, amount in amounts.items()
        if amount is not None
    ]  # fmt: skip
    pairs = [{"scenario": one, "against": two, "outcome": MEASURES[measure].outcome, **ends(amount)}
             for one, two, measure, amount in versus]  # fmt: skip
    titles = [{"name": name, "title": name.capitalize()} for name, _ in plans]
    manifest = {"weeks": WEEKS, "adults": 1000, "replicates": runs, "baseline": baseline[0], "rank_by": rank_by,
                "parameters": {"sets": sets}, "place": {"title": "Testtown"},
                "scenarios": [{"name": baseline[0], "title": baseline[1]}, *titles]}  # fmt: skip
    return of_tables(pd.DataFrame(rows), pd.DataFrame(pairs) if pairs else None, manifest)


def ends(amount) -> dict[str, float]:
    value, low, high = amount if isinstance(amount, tuple) else (amount, NAN, NAN)
    return {"difference": value, "ci_low": low, "ci_high": high, "range_low": low, "range_high": high}


WALKS, BIKES, YOGA = (plan(name, (years, years - 20, years + 20)) for name, years in
                      (("walks", 300.0), ("bikes", 200.0), ("yoga", 190.0)))  # fmt: skip
AHEAD = (
    ("walks", "bikes", "person_years", (100.0, 70.0, 130.0)),
    ("walks", "yoga", "person_years", (110.0, 80.0, 140.0)),
)
LEVEL = ("bikes", "yoga", "person_years", (10.0, -15.0, 35.0))


def test_a_winner_does_surely_more_than_every_other():
    told = found(YOGA, BIKES, WALKS, versus=[*AHEAD, LEVEL])
    assert told.winner.name == "walks"
    assert [(one.name, one.rank_low, one.rank_high) for one in told.plans] == [
        ("walks", 1, 1), ("bikes", 2, 3), ("yoga", 2, 3)]  # fmt: skip
    assert sentences.headline(told) == (
        "By person-years out of inactivity over 2 years, “Walks” does most of the 3 plans: about 300 person-years (95% range "
        "280 to 320). That is 100 person-years more (70 to 130) than “Bikes”, the next."
    )


def test_of_plans_that_cannot_be_told_apart_none_is_named_first():
    told = found(YOGA, BIKES, versus=[LEVEL])
    assert told.winner is None and [one.name for one in told.leaders] == ["bikes", "yoga"]
    assert sentences.headline(told) == (
        "By person-years out of inactivity over 2 years, “Bikes” and “Yoga” help and cannot be told apart (190 to 200 "
        "person-years at best estimate)."
    )


def test_plans_that_surely_do_less_than_those_that_lead_are_named():
    less = plan("signs", (40.0, 30.0, 50.0))
    versus = [LEVEL, *((one, "signs", "person_years", (150.0, 120.0, 180.0)) for one in ("bikes", "yoga"))]
    assert "; “Signs” does less." in sentences.headline(found(less, YOGA, BIKES, versus=versus))


def test_one_plan_alone_is_shown_to_help_though_another_may_do_more():
    unclear = plan("luck", (250.0, -100.0, 600.0))
    told = found(BIKES, unclear, versus=[("bikes", "luck", "person_years", (-50.0, -400.0, 300.0))])
    assert told.winner is None and [one.name for one in told.leaders] == ["bikes"]
    text = sentences.headline(told)
    assert "“Bikes” is shown to help: about 200 person-years (95% range 180 to 220)" in text
    assert "Whether it does more than “Luck”, 250 (−100 to 600), cannot be told." in text
    assert [(one.name, one.rank_low, one.rank_high) for one in told.plans] == [
        ("luck", 1, 2),
        ("bikes", 1, 2),
    ]


def test_where_none_helps_none_is_named_and_harm_is():
    unclear, harm = plan("luck", (5.0, -40.0, 50.0)), plan("fees", (-90.0, -120.0, -60.0))
    versus = [("luck", "fees", "person_years", (95.0, 60.0, 130.0))]
    told = found(unclear, harm, versus=versus)
    assert not told.helping and told.winner is None
    assert sentences.headline(told) == (
        "By person-years out of inactivity over 2 years, none of the 2 plans is shown to help against today's plans, and "
        "“Fees” does harm."
    )


@pytest.mark.parametrize(("amount", "verdict", "says"), [
    ((-90.0, -120.0, -60.0), "worse",
     "Over 2 years, “Walks” takes about 90 person-years into inactivity against today's plans (95% range 60 to 120)."),
    ((0.4, 0.1, 0.7), "little",
     "“Walks” has no effect that matters: less than one person-year out of inactivity over 2 years."),
    ((0.0, 0.0, 0.0), "nothing",
     "“Walks” changes nothing: every run came out exactly as with today's plans."),
    ((30.0, -10.0, 70.0), "unclear",
     "Over 2 years, what “Walks” does cannot be told from today's plans: 30 (−10 to 70) person-years out of inactivity."),
    (30.0, "single", "“Walks” was run only once, so no effect can be told from chance."),
    ((30.0, 10.0, 50.0), "better",
     "Over 2 years, “Walks” brings about 30 person-years out of inactivity against today's plans (95% range 10 to 50)."),
])  # fmt: skip
def test_one_plan_is_told_by_what_can_be_said_of_it(amount, verdict, says):
    told = found(plan("walks", amount))
    assert told.plans[0].get("person_years").verdict == verdict
    assert sentences.headline(told) == says
    assert (told.winner is not None) == (verdict == "better")


def test_an_effect_below_a_person_helps_nobody_by_name():
    told = found(plan("signs", (0.6, 0.2, 0.9)), plan("nothing", (0.0, 0.0, 0.0)),
                 versus=[("signs", "nothing", "person_years", (0.6, 0.2, 0.9))])  # fmt: skip
    assert told.winner is None and not told.leaders
    assert "none of the 2 plans is shown to help" in sentences.headline(told)
    assert sentences.short(told.plans[0].get("person_years")) == "0 (under 1)"


def test_a_lead_below_a_person_is_said_as_one():
    first, second = plan("walks", (9.0, 8.0, 10.0)), plan("bikes", (8.6, 7.6, 9.6))
    text = sentences.headline(
        found(first, second, versus=[("walks", "bikes", "person_years", (0.4, 0.3, 0.5))])
    )
    assert "That is less than one person-year more (under 1) than “Bikes”" in text


def test_one_run_ranks_nothing():
    told = found(plan("walks", 300.0), plan("bikes", 200.0), runs=1,
                 versus=[("walks", "bikes", "person_years", 100.0)])  # fmt: skip
    assert (
        sentences.headline(told) == "Each plan was run only once, so no difference can be told from chance."
    )
    assert [(one.rank_low, one.rank_high) for one in told.plans] == [(1, 2), (1, 2)]
    assert sentences.supporting(told) == ["One run has no range."]
    assert not told.helping


def test_plans_without_the_measure_come_last_without_a_rank():
    after = {"after_52": (40.0, 30.0, 50.0)}
    told = found(WALKS, plan("bikes", (200.0, 180.0, 220.0), **after), rank_by="after")
    assert [(one.name, one.rank_low) for one in told.plans] == [("bikes", 1), ("walks", None)]
    assert sentences.headline(told).startswith("By adults out of inactivity one year after, “Bikes”")


def test_a_measure_that_no_plan_has_leaves_person_years():
    told = found(WALKS, BIKES, versus=AHEAD[:1], rank_by="after")
    assert told.measure == "person_years" and told.winner.name == "walks"
    assert sentences.headline(told).startswith("By person-years")
    assert sentences.supporting(told)[0] == (
        "Adults out of inactivity one year after: known of no plan in these results, so plans are ranked by person-years "
        "out of inactivity."
    )
    assert not any("known" in line for line in sentences.supporting(found(WALKS, BIKES, versus=AHEAD[:1])))


def test_a_gap_that_is_no_number_ranks_nothing():
    told = found(
        plan("walks", (300.0, 280.0, 320.0), (NAN, NAN, NAN)), BIKES, versus=AHEAD[:1], rank_by="gap"
    )
    assert told.measure == "person_years" and told.winner.name == "walks"


CHEAP, DEAR = (plan(name, (100.0, 80.0, 120.0), price=price, cost=(1e5, 1e5, 1e5))
               for name, price in (("cheap", (500.0, 400.0, 600.0)), ("dear", (2000.0, 1500.0, 2600.0))))  # fmt: skip
UNPRICED = plan("luck", (90.0, -50.0, 230.0), price=(NAN, NAN, NAN), cost=(1e5, 1e5, 1e5))


def test_by_cost_the_cheapest_is_so_among_those_with_a_price():
    told = found(UNPRICED, DEAR, CHEAP, rank_by="cost")
    assert [(one.name, one.rank_low) for one in told.plans] == [("cheap", 1), ("dear", 2), ("luck", None)]
    text = sentences.headline(told)
    assert (
        "“Cheap” is cheapest of the 2 plans that a price can be given for: about £500 (95% range £400 to £600)"
        in text
    )
    assert (
        text.startswith("By cost for each person-year over 2 years, ") and "For the others no price" in text
    )
    assert "is cheapest of the 2 plans: " in sentences.headline(found(CHEAP, DEAR, rank_by="cost"))


def test_by_cost_a_plan_that_alone_has_a_price_is_not_called_cheapest():
    text = sentences.headline(found(UNPRICED, CHEAP, rank_by="cost"))
    assert "“Cheap” alone of the 2 plans can be given a price: about £500" in text and "cheapest" not in text


def test_by_cost_prices_whose_ranges_meet_are_not_put_in_order():
    near = plan("near", (100.0, 80.0, 120.0), price=(560.0, 450.0, 1_400_000.0), cost=(1e5, 1e5, 1e5))
    told = found(CHEAP, near, rank_by="cost")
    assert told.winner is None
    assert (
        "“Cheap” and “Near” help and cannot be told apart (£500 to £560 at best estimate)"
        in sentences.headline(told)
    )
    million = plan(
        "million", (100.0, 80.0, 120.0), price=(1_200_000.0, 450.0, 1_400_000.0), cost=(1e8, 1e8, 1e8)
    )
    assert "(£500 to £1.20 million at best" in sentences.headline(found(CHEAP, million, rank_by="cost"))


def test_by_cost_where_no_price_can_be_given_none_is():
    text = sentences.headline(found(UNPRICED, plan("free", (90.0, 80.0, 100.0)), rank_by="cost"))
    assert "no price can be given for any of the 2 plans" in text


@pytest.mark.parametrize(("years", "price"), [((90.0, -50.0, 230.0), (900.0, 400.0, 5000.0)),
                                              ((0.5, 0.2, 0.9), (900.0, 400.0, 5000.0)),
                                              ((-90.0, -99.0, -80.0), (900.0, 400.0, 5000.0)),
                                              ((90.0, 80.0, 99.0), (-5.0, -6.0, -4.0)),
                                              ((90.0, 80.0, 99.0), (NAN, NAN, NAN))])  # fmt: skip
def test_no_price_is_put_on_people_who_may_be_none_whatever_the_file_holds(years, price):
    assert found(plan("walks", years, price=price)).plans[0].price is None


def test_a_price_says_over_which_time():
    told = found(CHEAP)
    assert sentences.price_sentence(told, told.plans[0]) == (
        "“Cheap” costs £100,000 over 2 years: about £500 for each person-year out of inactivity in those 2 years (95% range "
        "£400 to £600)."
    )


def test_what_is_traded_is_a_smaller_gap():
    most = plan("walks", (300.0, 280.0, 320.0), gap=(0.01, 0.005, 0.015))
    fair = plan("bikes", (200.0, 180.0, 220.0), gap=(-0.01, -0.015, -0.005))
    versus = [*AHEAD[:1], ("walks", "bikes", "gap", (0.02, 0.01, 0.03))]
    assert sentences.trade(found(most, fair, versus=versus)) == (
        "What is traded: “Bikes” leaves a smaller gap between the most and least deprived fifths than “Walks”."
    )
    unclear = [*AHEAD[:1], ("walks", "bikes", "gap", (0.02, -0.01, 0.05))]
    assert not sentences.trade(found(most, fair, versus=unclear))
    by_gap = found(most, fair, versus=versus, rank_by="gap")
    assert by_gap.winner.name == "bikes"
    assert sentences.trade(by_gap) == ("What is traded: “Walks” brings more person-years out of inactivity.")
    assert sentences.headline(by_gap) == (
        "By the gap between the most and least deprived fifths, averaged over 2 years, “Bikes” does most of the 2 plans: about "
        "1.0 points narrower (95% range 0.50 to 1.5). That is 2.0 points narrower (1.0 to 3.0) than “Walks”, the next."
    )


def test_a_pair_reads_the_same_either_way_round():
    told = found(WALKS, BIKES, versus=[("bikes", "walks", "person_years", (-100.0, -130.0, -70.0))])
    one, two = (
        told.difference("walks", "bikes", "person_years"),
        told.difference("bikes", "walks", "person_years"),
    )
    assert (one.value, one.low, one.high) == (100, 70, 130) and (two.value, two.low, two.high) == (
        -100,
        -130,
        -70,
    )
    assert told.winner.name == "walks" and told.difference("walks", "yoga", "person_years") is None


def test_a_folder_without_person_years_is_ranked_by_people_at_the_end():
    rows = [{"scenario": name, "baseline": "baseline", "outcome": "inactive", "group": "all", "level": "all",
             "horizon_weeks": WEEKS, "difference": change, "ci_low": change - 0.01, "ci_high": change + 0.01}
            for name, change in (("walks", -0.02), ("bikes", -0.05))]  # fmt: skip
    manifest = {"weeks": WEEKS, "adults": 1000, "replicates": 6, "scenarios": [], "baseline": "baseline"}
    told = of_tables(pd.DataFrame(rows), None, manifest)
    assert told.measure == "at_end" and [one.name for one in told.plans] == ["bikes", "walks"]
    moved = told.plans[0].get("at_end")
    assert (moved.value, moved.low, moved.high) == pytest.approx((50, 40, 60))
    assert (
        sentences.headline(told).startswith("By adults out of inactivity at the end, ")
        and told.winner is None
    )
    assert sentences.plan_sentence(told, told.plans[0]).startswith(
        "After 2 years, “bikes” brings about 50 adults out"
    )


def test_another_baseline_goes_by_its_name():
    told = found(plan("walks", (30.0, -10.0, 70.0)), baseline=("agreed", "As agreed"))
    assert "cannot be told from “As agreed”" in sentences.headline(
        told
    ) and "today" not in sentences.headline(told)


def test_the_course_says_when_and_in_adults():
    times = {
        "during": (200.0, 150.0, 250.0),
        "after_52": (4.0, -6.0, 14.0),
        "after_104": (-20.0, -30.0, -10.0),
    }
    assert sentences.course_sentence(found(plan("walks", **times)).plans[0]) == (
        "While it is delivered, about 200 fewer inactive (150 to 250); one year after, no number that can be told from none "
        "(−6 to 14); two years after, about 20 more inactive (10 to 30)."
    )


@pytest.mark.parametrize(("amount", "says"), [
    ((190.0, 188.0, 191.0), "190 (188 to 191)"), ((0.3, -0.4, 0.9), "0 (under 1 either way)"),
    ((12_340.0, 11_900.0, 12_800.0), "12,000 (12,000 to 13,000)"), ((0.0, 0.0, 0.0), "0"), (41.6, "42"),
])  # fmt: skip
def test_ranges_are_never_written_as_a_point(amount, says):
    assert sentences.short(found(plan("walks", amount)).plans[0].get("person_years")) == says


@pytest.mark.parametrize("rank_by", RANK_BY)
def test_every_way_of_ranking_says_its_measure(rank_by):
    more = {"during": (9.0, 8.0, 10.0), "after_52": (9.0, 8.0, 10.0)}
    plans = [plan(name, (90.0, 80.0, 99.0), (-0.01, -0.02, -0.005), (9.0, 8.0, 10.0), (9e3, 8e3, 9e4), **more)
             for name in ("walks", "bikes")]  # fmt: skip
    told = found(*plans, rank_by=rank_by)
    assert told.measure == RANK_BY[rank_by]
    assert sentences.headline(told).startswith(f"By {MEASURES[RANK_BY[rank_by]].words}")
    assert told.as_dict()["measure"] == MEASURES[RANK_BY[rank_by]].outcome


def test_ranked_by_the_gap_harm_to_people_is_told_all_the_same():
    harm = plan("fees", (-300.0, -320.0, -280.0), gap=(-0.01, -0.015, -0.005))
    other = plan("parks", (1.0, -20.0, 20.0), gap=(0.0, -0.01, 0.01))
    said = sentences.trade(found(harm, other, rank_by="gap"))
    assert said == "What is traded: “Fees” takes people into inactivity."


def test_fewer_than_four_runs_tell_no_two_plans_apart():
    walks, bikes = plan("walks", (300.0, 280.0, 320.0)), plan("bikes", (200.0, 180.0, 220.0))
    for runs, ranks in ((3, [(1, 2), (1, 2)]), (4, [(1, 1), (2, 2)])):
        told = found(walks, bikes, versus=AHEAD[:1], runs=runs)
        assert [(one.rank_low, one.rank_high) for one in told.plans] == ranks


@pytest.mark.parametrize("amount", [(30.0, 0.0, 60.0), (-30.0, -60.0, 0.0)])
def test_a_range_that_begins_or_ends_at_none_is_not_told_from_none(amount):
    walks, bikes = plan("walks", amount), plan("bikes", (1.0, -20.0, 20.0))
    told = found(walks, bikes, versus=[("walks", "bikes", "person_years", amount)])
    assert told.plans[0].get("person_years").verdict == "unclear" and not told.leaders
    assert {(one.rank_low, one.rank_high) for one in told.plans} == {(1, 2)}
    assert "cannot be told from" in sentences.headline(found(walks))


@pytest.mark.parametrize(("runs", "sets", "says"), [
    (1, 1, "One run has no range."), (6, 1, "hold chance, not doubt"), (6, 3, "hold chance and doubt about the model's numbers"),
])  # fmt: skip
def test_ranges_are_said_to_hold_doubt_only_where_several_sets_of_numbers_were_run(runs, sets, says):
    told = found(WALKS, BIKES, versus=AHEAD[:1], runs=runs, sets=sets)
    assert says in sentences.kind_of_range(told) and sentences.kind_of_range(told) in sentences.supporting(
        told
    )
    assert ("doubt about the numbers" in table.title(told)) == (sets > 1)
