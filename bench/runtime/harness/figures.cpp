// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "figures.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace bench {

const char *name_of(role which) {
  switch (which) {
  case role::ours:
    return "ours";
  case role::floor:
    return "floor";
  case role::lock:
    return "lock";
  case role::peer:
    return "peer";
  }
  return "";
}

// All strings are names of our own, without characters that JSON would want escaped.
void put(const subject &what, const std::string &contender, role which, const std::string &unit,
         const summary &figure) {
  std::printf("{\"suite\": \"%s\", \"type\": \"%s\", \"workload\": \"%s\", \"threads\": %d, "
              "\"contender\": \"%s\", \"role\": \"%s\", \"unit\": \"%s\", \"value\": %.6g, "
              "\"lower_quartile\": %.6g, \"upper_quartile\": %.6g, \"samples\": %zu, "
              "\"discarded\": %zu, \"disturbed\": %s}\n",
              what.suite.c_str(), what.type.c_str(), what.workload.c_str(), what.threads,
              contender.c_str(), name_of(which), unit.c_str(), figure.median, figure.lower_quartile,
              figure.upper_quartile, figure.samples, figure.discarded,
              figure.disturbed ? "true" : "false");
  std::fflush(stdout);
}

void put(const subject &what, const std::string &contender, role which, const std::string &unit,
         double figure) {
  put(what, contender, which, unit, summary{figure, figure, figure, 1, 0, false});
}

void progress(const subject &what) {
  std::fprintf(stderr, "%s %s, %s, %d thread%s\n", what.suite.c_str(), what.type.c_str(),
               what.workload.c_str(), what.threads, what.threads == 1 ? "" : "s");
}

options::options(int count, char **arguments) {
  for (int i = 1; i < count; ++i) {
    if (std::strcmp(arguments[i], "--quick") == 0) {
      quick = true;
    } else {
      std::fprintf(stderr, "usage: %s [--quick]\nPrints figures, a JSON object a line.\n",
                   arguments[0]);
      std::exit(std::strcmp(arguments[i], "--help") == 0 ? 0 : 2);
    }
  }
}

} // namespace bench
