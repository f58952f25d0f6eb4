"""Surroundings: how densely people live around a home, counted cell by cell."""

from __future__ import annotations

from model.place.place import Place

SIDE_M = 1000.0
"""How far the land around a home reaches, to each of the four sides."""


def density_near(place: Place) -> list[float]:
    """Residents to the square kilometre of the place's land around each cell; 0 where there is none."""
    zone, homes = place.layers["zone"].tolist(), place.layers["homes"].tolist()
    residents = [float(number) for number in place.zones["residents"]]
    steps, km2 = int(SIDE_M // place.cell_m), (place.cell_m / 1000.0) ** 2
    people = [
        [
            round(residents[of] * share * 256) if of >= 0 else 0
            for of, share in zip(zones, shares, strict=True)
        ]
        for zones, shares in zip(zone, homes, strict=True)
    ]
    found = []
    for row in range(place.height):
        rows = range(max(row - steps, 0), min(row + steps + 1, place.height))
        for column in range(place.width):
            columns = range(max(column - steps, 0), min(column + steps + 1, place.width))
            cells = [(r, c) for r in rows for c in columns if zone[r][c] >= 0]
            total = sum(people[r][c] for r, c in cells)
            found.append(total / 256.0 / (len(cells) * km2) if cells else 0.0)
    return found
