"""Numbers and units as people and models write them."""

import pytest

from inspector_app.domain.quantity import Quantity, converted, quantities_in


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("5", [Quantity(5.0)]),
        ("5 mm", [Quantity(5.0, "mm")]),
        ("5mm", [Quantity(5.0, "mm")]),
        ("The gap is 0.25 mm.", [Quantity(0.25, "mm")]),
        ("-3.5 °C", [Quantity(-3.5, "°C")]),
        ("\u22123", [Quantity(-3.0)]),
        ("1,5 cm", [Quantity(1.5, "cm")]),
        ("1,234", [Quantity(1.234, "", is_ambiguous=True)]),
        ("1,234.5", [Quantity(1234.5)]),
        ("1.234,5", [Quantity(12345.0, "", is_ambiguous=True)]),
        ("2e3 Pa", [Quantity(2000.0, "Pa")]),
        ("12 %", [Quantity(12.0, "%")]),
        ("约5毫米", [Quantity(5.0, "毫米")]),
        ("长度为12.5毫米左右", [Quantity(12.5, "毫米")]),
        ("1 2 mm", [Quantity(1.0), Quantity(2.0, "mm")]),
        ("3-5 mm", [Quantity(3.0), Quantity(-5.0, "mm")]),
        ("12 screws", [Quantity(12.0)]),
        ("K7P", []),
        ("none", []),
        ("", []),
        (".5", [Quantity(0.5)]),
        ("1e999", []),
    ],
)
def test_every_number_is_found_with_the_unit_behind_it(text, found):
    assert list(quantities_in(text)) == found


@pytest.mark.parametrize(
    ("value", "unit", "to", "wanted"),
    [
        (1.0, "cm", "mm", 10.0),
        (250.0, "µm", "mm", 0.25),
        (1.0, "inch", "mm", 25.4),
        (5.0, "毫米", "cm", 0.5),
        (32.0, "°F", "°C", 0.0),
        (100.0, "°C", "°F", 212.0),
        (1.0, "bar", "kPa", 100.0),
        (90.0, "s", "min", 1.5),
        (7.0, "", "", 7.0),
        (1.0, "mm", "kg", None),
        (1.0, "", "mm", None),
        (1.0, "furlong", "mm", None),
    ],
)
def test_units_that_measure_the_same_are_converted(value, unit, to, wanted):
    found = converted(value, unit=unit, to=to)

    assert found == (None if wanted is None else pytest.approx(wanted, abs=1e-9))
