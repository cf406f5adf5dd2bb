"""The other suites' programs, with a key that gcloud made: each is prepared as its own suite.toml says, in its own folder.

prepare NAME          the suite's tools and packages; what is missing is told by `run`
run NAME COMMAND      the command in the suite's folder, with CARNET_READY_FILE; 69 if the suite's tools are not there
"""

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

MISSING = 69


def main(what: str, name: str, command: str | None = None) -> int:
    folder = Path(__file__).resolve().parent.parent / name
    suite = tomllib.loads((folder / "suite.toml").read_text())
    missing = [tool for tool in suite["tools"] if shutil.which(tool) is None]
    if missing:
        print("not on this machine: " + ", ".join(missing))
        return 0 if what == "prepare" else MISSING
    work = Path(os.environ["CARNET_WORK"]).parent / name
    work.mkdir(parents=True, exist_ok=True)
    # Nothing of gcloud's surroundings: neither its proxy nor its settings.
    ours = ("HTTPS_PROXY", "https_proxy", "NO_PROXY", "no_proxy") if what == "run" else ()
    env = {key: value for key, value in os.environ.items() if key not in ours and not key.startswith("CLOUDSDK_")}
    env |= {"CARNET_WORK": str(work), "CARGO_TARGET_DIR": str(work / "target")}
    for one in suite["prepare"] if what == "prepare" else [command]:
        done = subprocess.run(["bash", "-euo", "pipefail", "-c", one], cwd=folder, env=env, check=False)
        if done.returncode != 0:
            return done.returncode
    return 0


sys.exit(main(*sys.argv[1:]))
