"""Numbers as the window writes them: three significant digits, thin thousands separators, units always."""

from __future__ import annotations

THIN_SPACE = "\u202f"


def count_text(count: int) -> str:
    """``1642`` -> ``1 642`` with a narrow no-break space."""
    return f"{count:,}".replace(",", THIN_SPACE)


def percent_text(share: float) -> str:
    """A share of one as per cent: 0.0987 -> ``9.87 %``."""
    return f"{significant(100 * share)}{THIN_SPACE}%"


def significant(value: float, digits: int = 3) -> str:
    """Three significant digits without an exponent: 0.01234 -> ``0.0123``, 1234.5 -> ``1 234``."""
    if value == 0:
        return "0"
    rounded = float(f"{value:.{digits}g}")
    if abs(rounded) >= 10**digits:
        return count_text(round(value))
    text = str(rounded)
    return f"{rounded:.12f}".rstrip("0") if "e" in text else text.removesuffix(".0")


def duration_text(seconds: float) -> str:
    """``75`` -> ``1:15``; below a minute ``15 s``."""
    whole = max(1, round(seconds))
    if whole < 60:
        return f"{whole}{THIN_SPACE}s"
    hours, rest = divmod(whole, 3600)
    minutes, left = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{left:02}" if hours else f"{minutes}:{left:02}"
