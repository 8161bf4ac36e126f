# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Builds the measuring programs, and knows the options that say how."""
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def add_options(parser):
    parser.add_argument("--build", metavar="FOLDER",
                        default=os.path.join(HERE, "..", "..", "build", "bench-runtime"),
                        help="where to build (default: build/bench-runtime)")
    parser.add_argument("--runtime", metavar="FOLDER",
                        help="headers of the runtime to measure, if not this project's")
    parser.add_argument("--boost", metavar="FOLDER",
                        help="headers of another Boost than the system's")


def build(arguments, targets):
    """A build that fails shows what the compiler said; one that does not is silent."""
    configure = ["cmake", "-S", HERE, "-B", arguments.build]
    for name, value in (("UNLATCH_RUNTIME_INCLUDE", arguments.runtime),
                        ("EXTRA_BOOST_INCLUDE", arguments.boost)):
        configure.append(f"-D{name}={os.path.abspath(value)}" if value else f"-U{name}")
    for command in (configure, ["cmake", "--build", arguments.build, "--parallel",
                                str(min(os.cpu_count() or 1, 4)), "--target", *targets]):
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if done.returncode != 0:
            sys.stderr.write(done.stdout)
            sys.exit("the benchmarks do not build")
