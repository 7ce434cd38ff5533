"""Batches of pairs for a provider that answers matrices, and bills every element of them.

k unrelated pairs in one matrix would be billed k x k. Here the elements billed are exactly the distinct pairs.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from travel.rules.model import Place

Pair = tuple[Place, Place]


class MatrixLimits(NamedTuple):
    """What one request may hold: origins, destinations, and elements, which are their product."""

    origins: int
    destinations: int
    elements: int


class Matrix(NamedTuple):
    """Every origin to every destination."""

    origins: tuple[Place, ...]
    destinations: tuple[Place, ...]

    @property
    def elements(self) -> int:
        """Count what is billed."""
        return len(self.origins) * len(self.destinations)


def batches(pairs: Iterable[Pair], limits: MatrixLimits) -> list[Matrix]:
    """Cover distinct pairs by matrices that hold them all, each once, and nothing else; few matrices, not provably the fewest.

    The place with the most ways is taken first, with all other places that share every one of these: a walker's home stretch is a star,
    and people who all visit each other are one matrix.
    """
    # Two views of what is left: where one can go from a place, and whence one can come to it.
    onward: dict[Place, dict[Place, None]] = {}
    inward: dict[Place, dict[Place, None]] = {}
    for origin, destination in pairs:
        onward.setdefault(origin, {})[destination] = None
        inward.setdefault(destination, {})[origin] = None
    found: list[Matrix] = []
    while onward:
        most_on, most_in = max(onward, key=lambda p: len(onward[p])), max(inward, key=lambda p: len(inward[p]))
        if len(onward[most_on]) >= len(inward[most_in]):
            destinations = tuple(onward[most_on])
            origins = tuple(p for p in inward[destinations[0]] if all(d in onward[p] for d in destinations))
        else:
            origins = tuple(inward[most_in])
            destinations = tuple(p for p in onward[origins[0]] if all(o in inward[p] for o in origins))
        found.extend(_cut(Matrix(origins, destinations), limits))
        _remove(onward, origins, destinations)
        _remove(inward, destinations, origins)
    return found


def _remove(view: dict[Place, dict[Place, None]], these: tuple[Place, ...], those: tuple[Place, ...]) -> None:
    for one in these:
        for other in those:
            del view[one][other]
        if not view[one]:
            del view[one]


def _cut(matrix: Matrix, limits: MatrixLimits) -> Iterator[Matrix]:
    wide = min(len(matrix.destinations), limits.destinations, limits.elements)
    high = min(limits.origins, limits.elements // wide)
    for top in range(0, len(matrix.origins), high):
        for left in range(0, len(matrix.destinations), wide):
            yield Matrix(matrix.origins[top : top + high], matrix.destinations[left : left + wide])
