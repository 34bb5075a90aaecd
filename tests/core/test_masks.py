"""Free text without the numbers of people."""

import pytest

from app.core.secrecy import mask_numbers


@pytest.mark.parametrize(
    ("written", "masked"),
    [
        ("电话10041234567。", "电话100****4567。"),
        ("+86 100 4123 4567", "+86 100****4567"),
        ("8610041234567", "86100****4567"),
        ("１００４１２３４５６７", "１００****４５６７"),
        ("证号 999999190001019990", "证号 999999********9990"),
        ("(99999919000101999X)", "(999999********999X)"),
        ("10041234567、10047654321", "100****4567、100****4321"),
    ],
)
def test_mobile_and_identity_numbers_are_masked(written: str, masked: str) -> None:
    assert mask_numbers(written) == masked


@pytest.mark.parametrize(
    "written",
    [
        "12345 热线",
        "工单 20200601000123",
        "工单 100412345678",
        "座机 0750-3123456",
        "赔偿 1500.00 元",
        "证号 000000199001010000",
        "证号 999999199013010000",
        "440799001-H2020-000123",
    ],
)
def test_other_numbers_stay(written: str) -> None:
    assert mask_numbers(written) == written
