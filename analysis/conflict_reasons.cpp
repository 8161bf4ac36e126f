// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analysis/conflict_reasons.h"

#include "analysis/needed_locks.h"

namespace unlatch {

namespace {

bool isUnknownCall(const Step &step) {
  return step.kind == Step::Unknown || step.kind == Step::Unfollowed;
}

const char *idOf(const Step &other) { return isUnknownCall(other) ? "calls-out" : "spans-fields"; }

/// The key of the operation that the step is part of, or nothing.
std::string keyOf(const Step &step) {
  const Operation *operation = OneAction::operation(step);
  return operation ? operation->key : std::string();
}

Reason manyTimes(const WholeProgram &whole, const Step &step, const std::string &field) {
  const std::string name = whole.program.fieldName(field);
  if (!step.touches(field))
    return {idOf(step),
            step.kind == Step::Unfollowed
                ? "this section " + inWords(whole, step)
                : "this section " + inWords(whole, step) + " again and again",
            step.where()};
  const Operation *operation = OneAction::operation(step);
  const bool hasKey = operation && !operation->key.empty();
  return {hasKey ? "multi-key" : "unsupported-operation",
          "this section uses " + name + " again and again, in a loop", step.where()};
}

} // namespace

std::string inWords(const WholeProgram &whole, const Step &step) {
  switch (step.kind) {
  case Step::Acquire:
    return "takes " + whole.program.mutexName(step.acquisition().mutex);
  case Step::Release:
    return "releases " + whole.program.mutexName(step.acquisition().mutex);
  case Step::Touch:
    return (step.access().writes ? "writes " : "reads ") +
           whole.program.fieldName(step.access().field);
  case Step::Memory:
    return (step.memory().writes ? "writes " : "reads ") + step.memory().description;
  case Step::Unknown:
    return "calls " + step.call().description;
  case Step::Unfollowed:
    return "calls " + step.call().description + ", which is recursive or takes too many paths";
  }
  return {};
}

Reason reasonOf(const WholeProgram &whole, const ExpandedSection &section, const Conflict &conflict,
                const std::string &field) {
  const Step &first = *conflict.first, &second = *conflict.second;
  if (&first == &second)
    return manyTimes(whole, first, field);
  const std::string name = whole.program.fieldName(field);
  if (first.touches(field) && second.touches(field)) {
    if (keyOf(first) != keyOf(second))
      return {"multi-key", "this section uses " + name + " with two keys", second.where()};
    return {"unsupported-operation",
            "this section uses " + name + " in several steps that are no single operation",
            second.where()};
  }
  if (first.touches(field) || second.touches(field)) {
    const Step &other = first.touches(field) ? second : first;
    return {idOf(other), "this section also " + inWords(whole, other), other.where()};
  }
  // A section of the same mutex, in which the field has no part, relies on the lock all the same.
  const Step &other = isUnknownCall(first) ? first : second;
  return {idOf(other),
          section.function->name + " " + inWords(whole, first) + " and " + inWords(whole, second) +
              " under " + whole.program.mutexName(section.lock().mutex),
          other.where()};
}

Reason alsoHeldFor(const WholeProgram &whole, const ExpandedSection &section,
                   const std::set<std::string> &leaving) {
  if (const Step *step = stepThatNeedsLock(whole, section, leaving))
    return {idOf(*step), "this section also " + inWords(whole, *step), step->where()};
  return {"spans-fields", "this section holds the lock for something else as well",
          section.lock().where};
}

} // namespace unlatch
