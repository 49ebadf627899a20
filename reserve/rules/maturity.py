"""M1.4: how ripe a reserve project is, from its preliminary items and its settled funding."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Standing:
    """`needed` and `approved` count required items; sums are 万元."""

    needed: int
    approved: int
    settled: Decimal
    total: Decimal | None

    @property
    def item_percent(self) -> Decimal:
        """Share of the required items that are approved and have not lapsed; nothing needed is everything done."""
        return Decimal(100) if not self.needed else Decimal(self.approved) * 100 / self.needed

    @property
    def funding_percent(self) -> Decimal:
        return self.settled * 100 / self.total if self.total else Decimal(0)


def maturity_of(standing: Standing, thresholds: Mapping[str, Decimal]) -> str:
    """谋划, 基本成熟 or 成熟; thresholds are dated data (settled point 10)."""
    if (
        standing.item_percent >= thresholds["maturity_ripe_percent"]
        and standing.funding_percent >= thresholds["maturity_funding_percent"]
    ):
        return "ripe"
    return "nearly" if standing.item_percent >= thresholds["maturity_nearly_percent"] else "conceived"
