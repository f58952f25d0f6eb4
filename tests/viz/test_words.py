"""Numbers and names as people write them."""

import math

import pytest

from viz import theme, words


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (-0.018, "−1.8"),
        (0.018, "+1.8"),
        (-0.0072, "−0.72"),
        (0.00003, "+0.003"),
        (0.0, "0.0"),
        (math.nan, "–"),
    ],
)
def test_differences_are_percentage_points(value, said):
    assert words.points(value) == said


@pytest.mark.parametrize(
    ("value", "said"),
    [(41_200, "£41,200"), (1_240_000, "£1.24 million"), (-90_000, "−£90,000"), (math.nan, "–")],
)
def test_money(value, said):
    assert words.pounds(value) == said


@pytest.mark.parametrize(
    ("weeks", "said"),
    [(260, "5 years"), (52, "1 year"), (26, "26 weeks"), (1, "1 week"), (78, "78 weeks"), (261, "5 years")],
)
def test_spans_of_time(weeks, said):
    assert words.span(weeks) == said


def test_shares_are_said_two_ways():
    assert words.percent(0.2551) == "25.5%"
    assert words.in_100(0.2551) == "25.5 in 100"


def test_people_claim_no_more_than_is_known():
    assert [words.people(n) for n in (1_234, 987_654, 7, 0.2)] == ["1,200", "990,000", "7", "fewer than 1"]


def test_every_level_of_the_model_has_plain_words():
    from model.population.columns import ATTRIBUTES

    for group, levels in ATTRIBUTES.items():
        if group != "imd_decile":
            assert set(words.LEVELS[group]) == set(levels)
    assert words.level_name("disability", "limited_a_lot") == "Limited a lot"
    assert words.level_name("my_column", "gp_list_9") == "GP list 9"


def test_text_stays_readable_on_every_tint():
    def luminance(colour):
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    for colour in (*theme.BLUES, *theme.ORANGES, "#f7f7f5"):
        light, dark = sorted((luminance(colour), luminance(theme.text_on(colour))), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 4.5, colour


@pytest.mark.parametrize(
    ("outcome", "value", "said"),
    [
        ("rii", 0.00003, "0"),
        ("rii", -0.00003, "0"),
        ("rii", -0.0004, "−0.0004"),
        ("minutes_mean", 0.01, "0"),
        ("rii", 0.02, "+0.02"),
    ],
)
def test_a_change_too_small_to_write_is_none(outcome, value, said):
    assert words.change_text(outcome, value) == said
