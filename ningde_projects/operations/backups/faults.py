"""What stops a backup or a restore; each says the way out."""


class BackupFault(Exception):
    """A sentence for the operator. Nothing has been changed when it is raised before the data are loaded."""
