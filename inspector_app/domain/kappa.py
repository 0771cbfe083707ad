"""How far readers agree beyond chance."""

from collections import Counter
from collections.abc import Mapping, Sequence


def cohen_kappa(pairs: Sequence[tuple[str, str]]) -> float | None:
    """Agreement of two readers beyond chance; None where chance alone agrees always.

    Args:
        pairs: What each of the two said, one pair a subject.

    Source: Cohen, Educational and Psychological Measurement 20 (1960).
    """
    if not pairs:
        return None
    same = sum(one == other for one, other in pairs) / len(pairs)
    first, second = (Counter(side) for side in zip(*pairs, strict=True))
    chance = sum(first[name] * second[name] for name in first) / len(pairs) ** 2
    return None if chance == 1 else (same - chance) / (1 - chance)


def fleiss_kappa(table: Sequence[Mapping[str, int]]) -> float | None:
    """Agreement of any number of readers beyond chance; None where it is not defined.

    Args:
        table: For each subject, how many readers chose each category; the same number of
            readers, at least 2, for every subject.

    Raises:
        ValueError: the subjects have different numbers of readers, or fewer than two.

    Source: Fleiss, Psychological Bulletin 76 (1971).
    """
    if not table:
        return None
    readers = sum(table[0].values())
    if readers < 2 or any(sum(row.values()) != readers for row in table):
        raise ValueError("every subject needs the same readers, at least two")
    ratings = len(table) * readers
    within = [
        (sum(count**2 for count in row.values()) - readers) / (readers * (readers - 1))
        for row in table
    ]
    chosen: Counter[str] = Counter()
    for row in table:
        chosen.update(row)
    chance = sum((count / ratings) ** 2 for count in chosen.values())
    return None if chance == 1 else (sum(within) / len(table) - chance) / (1 - chance)
