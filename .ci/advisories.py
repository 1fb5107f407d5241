"""Ask for known weaknesses of what is installed: `python .ci/advisories.py PYTHON -m pip_audit`.

pip-audit ends well, too, when the registry tells it nothing of any package, and ends badly without a network. So this
reads its answer: a weakness fails, silence is said aloud, and nothing else passes.
"""

from __future__ import annotations

import json
import subprocess
import sys


def main() -> None:
    """Run the command, and exit 1 for a weakness or for an end that nothing explains."""
    command = [*sys.argv[1:], "--format", "json", "--progress-spinner", "off", "--skip-editable"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    try:
        told = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError):
        said = done.stderr.strip().splitlines()[-1:] or ["nothing"]
        if any(sign in done.stderr for sign in ("ConnectionError", "ConnectTimeout", "HTTPError", "Max retries")):
            print(f"SKIPPED: the advisories cannot be had here: {said[0]}")
            return
        raise SystemExit(f"pip-audit ended with {done.returncode} and said {said[0]}") from None
    asked = [each for each in told if "vulns" in each]
    weak = [each for each in asked if each["vulns"]]
    for each in weak:
        ids = ", ".join(f"{one['id']} (mended in {', '.join(one['fix_versions']) or 'none'})" for one in each["vulns"])
        print(f"{each['name']} {each['version']}: {ids}")
    if weak:
        raise SystemExit(f"{len(weak)} of {len(asked)} packages have known weaknesses: raise their version")
    if not asked:
        print(f"SKIPPED: this registry gives no advisories: of {len(told)} packages none could be asked about")
        return
    print(f"no known weakness in {len(asked)} packages; {len(told) - len(asked)} are not known to the registry")


if __name__ == "__main__":
    main()
