"""What the record calls the acts about files (E3)."""

from __future__ import annotations

from django.utils.translation import pgettext_lazy

from ningde_projects.workflow import acts


def load() -> None:
    """Called once when the app is ready."""
    acts.register("attachment", pgettext_lazy("acts", "Attachment"), {
        "upload": pgettext_lazy("act", "Uploaded"),
        "download": pgettext_lazy("act", "Downloaded"),
        "remove": pgettext_lazy("act", "Removed"),
        "scan_clean": pgettext_lazy("act", "Scanned, nothing found"),
        "scan_blocked": pgettext_lazy("act", "Blocked by the scanner"),
    })  # fmt: skip
    acts.register("export", pgettext_lazy("acts", "Export"), {
        "start": pgettext_lazy("act", "Export ordered"),
        "download": pgettext_lazy("act", "Downloaded"),
    })  # fmt: skip
    acts.register("import", pgettext_lazy("acts", "Import"), {
        "upload": pgettext_lazy("act", "Uploaded"),
        "commit": pgettext_lazy("act", "Taken over"),
    })  # fmt: skip
