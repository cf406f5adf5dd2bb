"""gcloud auth login --no-launch-browser: opens the address that gcloud prints with curl, copies the code from the page, and types
it. Arguments: the browser's command, then gcloud's."""

import re
import shlex
import subprocess
import sys

browser, *command = sys.argv[1:]
gcloud = subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
printed = ""
while not (found := re.search(r"(https://auth\.cloud\.google/\S+)\s*\n", printed)):
    line = gcloud.stderr.readline()
    if not line:
        sys.exit(f"gcloud printed no address: {printed}")
    printed += line
page = subprocess.run([*shlex.split(browser), found[1]], capture_output=True, text=True, timeout=60, check=True).stdout
code = re.search(r"crn_ac_[\w-]+", page)
if code is None:
    sys.exit(f"there is no code on the page: {page}")
_, rest = gcloud.communicate(code[0] + "\n", timeout=120)
sys.exit(f"{printed}{rest}" if gcloud.returncode else 0)
