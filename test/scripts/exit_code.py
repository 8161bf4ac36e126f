#!/usr/bin/env python3
"""exit_code.py CODE COMMAND...: runs the command and succeeds if it ends with that very code."""
import subprocess
import sys

code = subprocess.run(sys.argv[2:]).returncode
if code != int(sys.argv[1]):
    sys.exit("exit code %d, expected %s: %s" % (code, sys.argv[1], " ".join(sys.argv[2:])))
