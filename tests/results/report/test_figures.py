from __future__ import annotations

import pytest

from histoviewer.results.report.figures import wilson


def test_the_interval_of_a_share_is_wilsons() -> None:
    # (p + z²/2n ± z √(p(1-p)/n + z²/4n²)) / (1 + z²/n) with p = 0.8, n = 10, z = 1.96
    assert wilson(8, 10) == pytest.approx((0.490, 0.943), abs=5e-4)
    assert wilson(10, 10) == pytest.approx((0.722, 1.0), abs=5e-4)
    assert wilson(0, 0) is None
