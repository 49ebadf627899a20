"""Ask a running web process for its health from inside its container.

    python -m ningde_projects.operations.probe [port]

Ends with 0 when all is well. It names the public host, since no other is answered.
"""

import http.client
import os
import sys
from urllib.parse import urlsplit


def main(port: int) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=8)
    try:
        connection.request(
            "GET", "/healthz", headers={"Host": urlsplit(os.environ["PUBLIC_BASE_URL"]).netloc}
        )
        answer = connection.getresponse()
        print(answer.read().decode(errors="replace"))
        return 0 if answer.status == http.HTTPStatus.OK else 1
    except OSError as error:
        print(error)
        return 1
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 8000))
