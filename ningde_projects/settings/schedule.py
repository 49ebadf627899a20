"""What beat starts and when.

Beat only ticks: what is due stands in the database, so a lost or doubled tick harms nothing. A tick that no
worker has taken when the next one comes is thrown away.
"""

from typing import Any

from celery.schedules import crontab

BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    # Opens months, reminds, marks, passes up: whatever the table of deadlines says is due and has not run yet.
    "run what is due": {
        "task": "ningde_projects.periods.tasks.tick",
        "schedule": 60.0,
        "options": {"expires": 55},
    },
    # A chain of hashes over the acts that are settled, so that an alteration is found.
    "seal the record": {
        "task": "ningde_projects.workflow.tasks.seal_record",
        "schedule": 60.0,
        "options": {"expires": 55},
    },
    # Sends what a wake-up has missed: the broker was away, or the message was lost with a worker.
    "send waiting notices": {
        "task": "ningde_projects.notices.tasks.dispatch_outbox",
        "schedule": 60.0,
        "options": {"expires": 55},
    },
    # Imports and exports that a lost wake-up left waiting, files to be scanned, files that have expired.
    "look after files": {
        "task": "ningde_projects.documents.tasks.look_after_files",
        "schedule": 60.0,
        "options": {"expires": 55},
    },
    # The whole record against its seals; administrators are told of any fault.
    "verify the record": {
        "task": "ningde_projects.workflow.tasks.verify_record",
        "schedule": crontab(hour=3, minute=20),
        "options": {"expires": 3600},
    },
    # What has served its time: keys of forms that nobody will send again.
    "clean up": {
        "task": "ningde_projects.workflow.tasks.clean_up",
        "schedule": crontab(hour=3, minute=50),
        "options": {"expires": 3600},
    },
    # Accounts that nobody has used for 90 days; an administrator reopens them with a reason.
    "suspend unused accounts": {
        "task": "ningde_projects.organizations.tasks.suspend_unused",
        "schedule": crontab(hour=2, minute=50),
        "options": {"expires": 3600},
    },
}
