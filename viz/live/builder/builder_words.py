"""The words of the builder: plain labels, units and choices for what scenario files call by their keys."""

from __future__ import annotations

from model.delivery.targeting import KEYS
from model.population.attributes import BY_NAME

LABELS = {
    "where.imd_quintile": "Neighbourhoods: national fifths of deprivation",
    "where.imd_decile": "Neighbourhoods: national tenths of deprivation",
    "where.imd_within_place": "Neighbourhoods: fifths within this place",
    "where.urban": "Neighbourhoods: town or country",
    "who.age.min": "For people aged at least",
    "who.age.max": "For people aged at most",
    **{
        f"who.{key}": BY_NAME[key].builder or BY_NAME[key].label
        if key in BY_NAME
        else "For people who now are"
        for key in KEYS
        if key != "age"
    },
    "when.start_week": "Starts in week",
    "when.weeks": "Weeks of delivery",
    "when.ramp_weeks": "Weeks to grow to full size",
    "name": "Name",
    "where": "Where",
    "who": "For whom",
    "who.age": "Age",
    "when": "When",
    "cost": "Money",
    "need": "Places spread by",
    "cost.setup": "Cost to set up",
    "cost.per_week": "Cost a week",
    "cost.per_participant": "Cost a participant",
    "cost.price_year": "Prices of the year",
    "quantity": "What is changed",
    "change": "Changed by",
    "group_size": "Places in each group",
    "walks_per_week": "Walks of each group in a week",
    "minutes": "Minutes each time",
    "leaders": "Who leads",
    "length_weeks": "Weeks a person may stay",
    "invite_per_week": "Share who hear of it in a week",
    "start": "Where groups meet",
    "similar_age": "Groups of about one age",
    "buddies": "Risk of leaving with a buddy",
    "caseload": "People each worker sees",
    "accept": "Share referred who accept",
    "engage": "Share of those who start",
    "sessions": "Meetings with the worker",
    "plan_weeks": "Weeks a person’s plan lasts",
    "onward": "What plans lead on to",
    "action": "What is done",
    "kind": "The kind of place",
    "count": "How many",
    "upkeep_gain": "Better kept by",
    "welcome_gain": "More welcoming by",
    "opening_gain": "Open longer by",
    "capacity_gain": "More room by",
    "price_change": "Price changed by",
    "construction_weeks": "Weeks of building",
    "champions": "People trained as champions",
    "seeding": "Who is looked for",
    "active_share": "Share of them who become active",
    "stays": "Share still active after a year",
    "tells_per_week": "People each tells in a week",
    "starts_per_year": "Groups each tries to start in a year",
    "brings_on": "How much oftener members are asked to help",
    "grants_per_year": "Grants in a year",
    "grant": "Money of one grant",
    "grant_weeks": "Weeks a grant helps",
    "strings": "Conditions of a grant",
    "spur": "How much likelier people start a group",
    "coaching": "How much oftener organisers find others",
    "trigger_week": "Week of a stirring event",
    "trigger_weeks": "Weeks it stirs people up",
    "trigger_spur": "How much likelier a start is then",
    "reach_per_week": "Share who notice in a week",
    "about": "What it tells of",
    "lift": "Motivation gained by noticing",
    "knowhow_effect": "Pull of know-how on noticing",
    "users_per_week": "Share who look in a week",
    "places": "Places that a look makes known",
    "groups_within_km": "Groups shown within",
}
"""Labels by key, where the key itself would not do."""

UNITS = {
    "SD": "standard deviations",
    "rank": "rank, from 0 to 1",
    "on a scale of 0-1": "on a scale from 0 to 1",
    "0-1": "on a scale from 0 to 1",
    "logit": "on the scale of log-odds",
    "logit per SD": "log-odds for each standard deviation",
    "share": "from 0 to 1",
    "share/week": "from 0 to 1",
    "share/year": "from 0 to 1",
    "times": "times more",
    "ratio": "times that without",
    "people a walk": "people",
}
"""Units as people write them; units that a label already says are left out."""

CHOICES = {
    "need": {
        "universal": "Number of residents",
        "targeted": "Most deprived fifth only",
        "proportionate": "Need: inactive residents",
    },
    "leaders": {"peer": "Trained local people", "professional": "Paid staff"},
    "onward": {"walking_group": "A led walk with room", "community": "What is nearby"},
    "action": {
        "new": "Built where there was none",
        "improve": "Put in order and kept so",
        "step_free": "Made easy to use for everyone",
        "longer_hours": "Open longer",
        "community_run": "Run by the community",
        "cheaper": "Made cheaper",
    },
    "seeding": {
        "random": "Anybody who is asked",
        "popular": "People with most close ties",
        "clustered": "Friends together",
        "least_active": "People who move least",
        "connected_place": "People who go where most others go",
    },
    "strings": {"none": "None: trust and a short form", "heavy": "Targets and reports"},
}
"""Choices by key and value."""

SWITCHES = {
    "where.urban": ("Towns only", "Country only"),
    "who.condition": ("Only with one", "Only without one"),
    "who.carer": ("Only carers", "Only others"),
}
"""What yes and no mean, where they are not said so."""


def unit_beside(label: str, unit: str) -> str:
    """The unit to show beside a label: nothing when the label already holds it."""
    plain = UNITS.get(unit) or unit.replace("GBP", "£").replace("/", " a ")
    said = label.lower()
    words = [word.rstrip("s") for word in plain.lower().split() if len(word) > 1]
    return "" if words and all(word in said for word in words) else plain
