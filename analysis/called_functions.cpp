// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analysis/called_functions.h"

#include <algorithm>
#include <vector>

namespace unlatch {

std::set<std::string> runUnder(const Program &program, const FunctionFact &function,
                               int acquisition) {
  std::set<std::string> found{function.id};
  std::vector<std::string> work;
  const auto follow = [&](const Call &call) {
    if (found.insert(call.callee).second)
      work.push_back(call.callee);
    for (const std::string &id : program.callees(call).ids)
      if (found.insert(id).second)
        work.push_back(id);
  };
  for (const Call &call : function.calls)
    if (std::find(call.held.begin(), call.held.end(), acquisition) != call.held.end())
      follow(call);
  while (!work.empty()) {
    const std::string id = std::move(work.back());
    work.pop_back();
    for (const FunctionFact *body : program.bodies(id))
      for (const Call &call : body->calls)
        follow(call);
  }
  return found;
}

} // namespace unlatch
