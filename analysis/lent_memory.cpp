// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analysis/lent_memory.h"

#include <algorithm>

namespace unlatch {

LentMemory::LentMemory(const Program &program, const Locksets &locksets) : program_(program) {
  for (const FunctionFact *body : program.allBodies()) {
    std::set<std::string> behindPointers; // mutexes under which something is written there
    for (const MemoryUse &use : body->memory)
      if (use.writes && use.parameter < 0)
        for (const HeldLock &lock : locksets.at(*body, use.held))
          behindPointers.insert(lock.mutex);
    for (const Access &access : body->accesses)
      if (!access.unshared)
        for (const HeldLock &lock : locksets.at(*body, access.held))
          // It may be the pointer.
          if (access.writes || behindPointers.contains(lock.mutex))
            writtenByName_[lock.mutex].insert(access.field);
    for (const MemoryUse &use : body->memory) {
      const auto parameter = static_cast<std::size_t>(use.parameter);
      if (use.writes && use.parameter >= 0 && parameter < body->lent.size() &&
          !program.isThreadLocalParameter(body->id, use.parameter))
        for (const HeldLock &lock : locksets.at(*body, use.held))
          written_[lock.mutex].insert(body->lent[parameter]);
    }
  }
}

std::optional<LentMemory::Lender> LentMemory::lenderOf(const FunctionFact &function,
                                                       const std::set<std::string> &fields) const {
  std::set<std::string> seen{function.id};
  std::vector<std::string> work{function.id};
  while (!work.empty()) {
    const std::string id = std::move(work.back());
    work.pop_back();
    for (const CallSite &site : program_.callers(id)) {
      for (const std::string &field : site.call->lends)
        if (fields.contains(field))
          return Lender{site.call, field};
      // What the caller was given itself may be passed on.
      if (std::any_of(site.call->arguments.begin(), site.call->arguments.end(),
                      [](const std::string &each) { return each.starts_with("param:"); }) &&
          seen.insert(site.caller->id).second)
        work.push_back(site.caller->id);
    }
  }
  return std::nullopt;
}

std::optional<Reason> LentMemory::needsLock(const ExpandedSection &section,
                                            const std::string &mutex) const {
  const FunctionFact &function = *section.function;
  if (const auto named = writtenByName_.find(mutex); named != writtenByName_.end())
    if (const std::optional<Lender> lender = lenderOf(function, named->second))
      return Reason{"spans-fields",
                    "this lends " + program_.fieldName(lender->field) + " to " + function.name +
                        ", and another section of the mutex writes it",
                    lender->call->where};
  const auto written = written_.find(mutex);
  if (written == written_.end())
    return std::nullopt;
  for (std::size_t index = 0; index < function.lent.size(); ++index)
    if (written->second.contains(function.lent[index]) &&
        !program_.isThreadLocalParameter(function.id, static_cast<int>(index)))
      return Reason{
          "spans-fields",
          "another section of the mutex writes what a parameter leads to, and parameter " +
              std::to_string(index + 1) + " of " + function.name + " may lead to the same " +
              function.lent[index],
          section.lock().where};
  return std::nullopt;
}

} // namespace unlatch
