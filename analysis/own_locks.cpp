// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Locks that are classes of the program: what their methods do besides.

#include "analysis/paths.h"
#include "analysis/program.h"

namespace unlatch {

namespace {

/// Memory of the lock itself, or of the call.
bool isOfTheLock(const std::string &base) {
  return base == "this" || base.starts_with("this->") || base.starts_with("local");
}

class BeyondLocking {
public:
  BeyondLocking(const Program &program, const std::string &mutex)
      : program_(program), name_(program.mutexName(mutex)) {}

  void visit(const std::string &function, bool ofTheLock) {
    if (!seen_.insert(function).second)
      return;
    for (const FunctionFact *body : program_.bodies(function)) {
      for (const Access &access : body->accesses)
        if (access.writes && !access.unshared && !(ofTheLock && isOfTheLock(access.base)))
          note("writes " + program_.fieldName(access.field), access.where);
      for (const MemoryUse &use : body->memory)
        if (use.writes && use.parameter < 0)
          note(use.description, use.where);
      for (const Acquisition &lock : body->acquisitions)
        if (!(ofTheLock && isOfTheLock(lock.base)))
          note("takes " + program_.mutexName(lock.mutex), lock.where);
      for (const Call &call : body->calls) {
        if (call.callee.empty() || call.isVirtual)
          note("calls " + call.description, call.where);
        else
          visit(call.callee, ofTheLock && isOfTheLock(call.base));
      }
    }
  }

  std::vector<Reason> reasons;

private:
  void note(const std::string &what, const Location &where) {
    reasons.push_back(
        {"calls-out", "locking or unlocking " + name_ + " does more than that: it " + what, where});
  }

  const Program &program_;
  std::string name_;
  std::set<std::string> seen_;
};

} // namespace

void Program::findMutexKinds() {
  for (const FunctionFact *body : allBodies_)
    for (const Call &call : body->calls)
      choosesMutexKinds_ |= call.callee.find("pthread_mutexattr_set") != std::string::npos;
  // Whoever waits with a condition variable waits for the lock as well.
  for (const MutexUse &use : facts_.mutexUses)
    if (use.reason.id != "waits")
      seenHeld_.insert(use.mutex);
}

bool Program::isRecursive(const std::string &mutex) const {
  const auto fact = facts_.mutexes.find(mutex);
  if (fact == facts_.mutexes.end() || fact->second.recursive)
    return true;
  if (fact->second.isPosix)
    return choosesMutexKinds_;
  if (fact->second.lockedBy.empty())
    return false;
  if (choosesMutexKinds_)
    return true;
  bool isSeen = false;
  for (const std::string &function : fact->second.lockedBy)
    for (const FunctionFact *body : bodies(function))
      isSeen |= body->alwaysLocks;
  return !isSeen;
}

std::vector<Reason> Program::beyondLocking(const std::string &mutex) const {
  const auto fact = facts_.mutexes.find(mutex);
  if (fact == facts_.mutexes.end())
    return {};
  BeyondLocking found(*this, mutex);
  for (const std::string &function : fact->second.lockedBy) {
    if (bodies(function).empty() && !fact->second.isCapability)
      found.reasons.push_back(
          {"external-code",
           "what locking " + fact->second.name + " does is not among the sources that were read",
           fact->second.where});
    found.visit(function, true);
  }
  return found.reasons;
}

} // namespace unlatch
