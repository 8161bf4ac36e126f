// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analysis/snapshot_price.h"

#include "analysis/needed_locks.h"
#include "analysis/snapshot_groups.h"

#include <cstdint>

namespace unlatch {

namespace {

/// Copying so much costs about what taking a mutex does.
constexpr std::uint64_t kSmall = 1024;

} // namespace

std::optional<Price> priceOf(const WholeProgram &whole, const std::string &mutex,
                             const std::vector<std::string> &fields) {
  std::uint64_t bytes = 0;
  std::string contents;
  for (const std::string &id : fields) {
    const FieldFact &field = *whole.field(id);
    bytes += field.bytes;
    if (field.grows)
      contents += (contents.empty() ? "" : ", ") + field.name;
  }
  if (contents.empty() && bytes <= kSmall)
    return std::nullopt;
  const std::set<std::string> state(fields.begin(), fields.end());
  std::set<Location> writes, reads;
  for (const ExpandedSection &section : whole.sections.of(mutex))
    if (touchesAny(section, state))
      (modifiesSnapshot(section, fields) ? writes : reads).insert(section.lock().where);
  // What grows has no end to what a copy costs.
  if (writes.size() < reads.size() || (contents.empty() && writes.size() == reads.size()))
    return std::nullopt;
  std::string message =
      std::to_string(writes.size()) + " of " + std::to_string(writes.size() + reads.size()) +
      " sections write, and each would copy the whole state: " + std::to_string(bytes) + " bytes";
  if (!contents.empty())
    message += ", and all that is in " + contents;
  return Price{std::move(message), {writes.begin(), writes.end()}};
}

} // namespace unlatch
