"""What the record calls the acts of the reporting chain that no table of transitions names (E3)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ningde_projects.workflow import acts


def register() -> None:
    """Called once when the app is ready."""
    acts.register("deadline", pgettext_lazy("acts", "Deadline"), {
        "d2_deadline": pgettext_lazy("act", "Missing reports marked (D2)"),
        "d3_deadline": pgettext_lazy("act", "Late counties marked (D3)"),
        "d4_deadline": pgettext_lazy("act", "Collection of the summaries closed (D4)"),
        "d5_deadline": pgettext_lazy("act", "Missing opinions marked (D5)"),
    })  # fmt: skip
    acts.register("report", pgettext_lazy("acts", "Report"), {
        "chase": pgettext_lazy("act", "Chased"),
        "export": pgettext_lazy("act", "List exported"),
    })  # fmt: skip
    acts.register("opinion", pgettext_lazy("acts", "Opinion"), {
        "pass": pgettext_lazy("act", "Problem passed to the municipal department"),
    })  # fmt: skip
    acts.register("holding", pgettext_lazy("acts", "Days in hand"), {
        "stop_clock": pgettext_lazy("act", "Clock stopped"),
        "resume_clock": pgettext_lazy("act", "Clock started again"),
        "handed_over": pgettext_lazy("act", "Handed over"),
    })  # fmt: skip
    acts.register("verification", _("Verification check"), {
        "check": pgettext_lazy("act", "Check recorded"),
    })  # fmt: skip
