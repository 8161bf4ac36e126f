// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "tool/plan_file.h"

#include "tool/strategies.h"

#include "analysis/content_hash.h"
#include "analysis/json_text.h"
#include "analysis/serialise.h"
#include "tool/print/printer.h"

#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/MemoryBuffer.h"

namespace unlatch {

using llvm::StringRef;

namespace {

StringRef nameOf(Consistency consistency) {
  return consistency == Consistency::PerOperation ? "per-operation" : "linearizable";
}

/// A plan holds for the sources it was made from, and for no others.
llvm::Error checkUnchanged(const Facts &facts) {
  for (const auto &[file, source] : facts.files) {
    if (source.hash.empty())
      continue;
    auto buffer = llvm::MemoryBuffer::getFile(file);
    if (!buffer)
      return llvm::createStringError(buffer.getError(), file + ": " + buffer.getError().message());
    if (contentHash((*buffer)->getBuffer()) != source.hash)
      return llvm::createStringError(file + ": changed since the plan was made; plan again");
  }
  return llvm::Error::success();
}

} // namespace

llvm::json::Value planFileJson(const Decision &decision, const std::set<std::string> &reported) {
  llvm::json::Object object = planJson(decision, reported);
  object["consistency"] = nameOf(decision.decideOptions().consistency);
  object["strategies"] = strategiesJson(decision.decideOptions().strategies);
  object["keep_lock_headers"] = llvm::json::Array(decision.keepLockHeaders());
  object["facts"] = factsJson(decision.facts());
  return object;
}

llvm::Expected<SavedPlan> readPlanFile(StringRef file) {
  auto buffer = llvm::MemoryBuffer::getFile(file, /*IsText=*/true);
  if (!buffer)
    return llvm::createStringError(buffer.getError(), file + ": " + buffer.getError().message());
  llvm::Expected<SavedPlan> plan = parsePlanFile((*buffer)->getBuffer(), file);
  if (plan)
    if (llvm::Error error = checkUnchanged(plan->facts))
      return error;
  return plan;
}

llvm::Expected<SavedPlan> parsePlanFile(StringRef text, StringRef file) {
  llvm::Expected<llvm::json::Value> value = parseJson(text);
  if (!value)
    return llvm::createStringError(file + ": " + llvm::toString(value.takeError()));
  const llvm::json::Object *object = value->getAsObject();
  const llvm::json::Value *stored = object ? object->get("facts") : nullptr;
  if (!stored || object->getString("schema") != "unlatch-plan/1")
    return llvm::createStringError(file + ": is no plan that 'unlatch plan -o' wrote");
  SavedPlan plan;
  llvm::Expected<Facts> facts = factsFromJson(*stored);
  if (!facts)
    return llvm::createStringError(file + ": " + llvm::toString(facts.takeError()));
  plan.facts = std::move(*facts);
  if (object->getString("consistency") == nameOf(Consistency::PerOperation))
    plan.decideOptions.consistency = Consistency::PerOperation;
  if (const llvm::json::Value *strategies = object->get("strategies"))
    plan.decideOptions.strategies = strategiesFromJson(*strategies);
  if (const llvm::json::Array *files = object->getArray("keep_lock_headers"))
    for (const llvm::json::Value &one : *files)
      plan.keepLockHeaders.insert(one.getAsString().value_or("").str());
  return plan;
}

} // namespace unlatch
