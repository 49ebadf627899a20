"""Sets this process's limits and becomes the script: launch.py MEMORY CPU_SECONDS FILE_SIZE SCRIPT ARG…"""

import resource
import runpy
import sys

memory, cpu_seconds, file_size = (int(text) for text in sys.argv[1:4])
for kind, limit in (
    (resource.RLIMIT_AS, memory),
    (resource.RLIMIT_CPU, cpu_seconds),
    (resource.RLIMIT_FSIZE, file_size),
    (resource.RLIMIT_NOFILE, 64),
    (resource.RLIMIT_CORE, 0),
):
    resource.setrlimit(kind, (limit, limit))
sys.argv = sys.argv[4:]
runpy.run_path(sys.argv[0], run_name="__main__")
