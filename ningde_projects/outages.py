"""What a page answers when something under it is gone."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse

from ningde_projects.shell import errors

RETRY_SECONDS = 30


def server_error(request: HttpRequest) -> HttpResponse:
    """The page for a fault of ours; 503 with a time to try again when it is the database that does not
    answer.
    """
    error = sys.exc_info()[1]
    response = errors.server_error(request)
    if isinstance(error, OperationalError | InterfaceError):
        response.status_code = 503
        response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response
