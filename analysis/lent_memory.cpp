// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "analysis/lent_memory.h"

namespace unlatch {

LentMemory::LentMemory(const Program &program, const Locksets &locksets) : program_(program) {
  for (const FunctionFact *body : program.allBodies())
    for (const MemoryUse &use : body->memory) {
      const auto parameter = static_cast<std::size_t>(use.parameter);
      if (use.writes && use.parameter >= 0 && parameter < body->lent.size() &&
          !program.isThreadLocalParameter(body->id, use.parameter))
        for (const HeldLock &lock : locksets.at(*body, use.held))
          written_[lock.mutex].insert(body->lent[parameter]);
    }
}

std::optional<Reason> LentMemory::needsLock(const ExpandedSection &section,
                                            const std::string &mutex) const {
  const auto written = written_.find(mutex);
  if (written == written_.end())
    return std::nullopt;
  const FunctionFact &function = *section.function;
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
