// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "tool/strategies.h"

#include "tool/names.h"

#include "llvm/ADT/StringExtras.h"

#include <utility>

namespace unlatch {

namespace {

using llvm::StringRef;

constexpr const char *others = "*";
constexpr std::pair<const char *, Strategy> names[] = {
    {"map", Strategy::Map}, {"atomic", Strategy::Atomic}, {"snapshot", Strategy::Snapshot}};

std::optional<Strategy> strategyOf(StringRef name) {
  for (const auto &[spelling, strategy] : names)
    if (name == spelling)
      return strategy;
  return std::nullopt;
}

llvm::json::Value jsonOf(const std::set<Strategy> &strategies) {
  llvm::json::Array result;
  for (const auto &[spelling, strategy] : names)
    if (strategies.contains(strategy))
      result.push_back(spelling);
  return result;
}

} // namespace

llvm::Expected<AllowedStrategies> allowedStrategies(const std::vector<std::string> &options,
                                                    const Facts &facts, const Plan &plan,
                                                    const std::string &root) {
  AllowedStrategies allowed;
  for (const std::string &option : options) {
    const auto [name, list] = StringRef(option).rsplit('=');
    std::set<Strategy> strategies;
    for (const StringRef one : llvm::split(list, ',')) {
      const std::optional<Strategy> strategy = strategyOf(one.trim());
      if (!strategy)
        return llvm::createStringError("--strategy " + option +
                                       ": NAME=STRATEGY, of map, atomic and snapshot");
      strategies.insert(*strategy);
    }
    if (name == others) {
      allowed.ofOthers = std::move(strategies);
      continue;
    }
    llvm::Expected<const PlannedField *> field = findField(facts, plan, root, name.str());
    if (!field)
      return field.takeError();
    allowed.ofField[(*field)->id] = std::move(strategies);
  }
  return allowed;
}

llvm::json::Value strategiesJson(const AllowedStrategies &allowed) {
  llvm::json::Object result;
  for (const auto &[field, strategies] : allowed.ofField)
    result[field] = jsonOf(strategies);
  if (allowed.ofOthers)
    result[others] = jsonOf(*allowed.ofOthers);
  return result;
}

AllowedStrategies strategiesFromJson(const llvm::json::Value &value) {
  AllowedStrategies allowed;
  const llvm::json::Object *object = value.getAsObject();
  if (!object)
    return allowed;
  for (const auto &[field, list] : *object) {
    std::set<Strategy> strategies;
    if (const llvm::json::Array *array = list.getAsArray())
      for (const llvm::json::Value &one : *array)
        if (const auto strategy = strategyOf(one.getAsString().value_or("")))
          strategies.insert(*strategy);
    if (StringRef(field) == others)
      allowed.ofOthers = std::move(strategies);
    else
      allowed.ofField[field.str()] = std::move(strategies);
  }
  return allowed;
}

} // namespace unlatch
