// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Builds the facts of small programs, the way a reader would tell them: a function locks, reads,
// stores, calls, unlocks; or, on another path, does something else.

#pragma once

#include "analysis/plan.h"

#include <deque>
#include <string>
#include <vector>

namespace unlatch::test {

/// Hands out places and edits that never meet.
class Positions {
public:
  explicit Positions(std::string file) : file_(std::move(file)) {}
  Location next() { return {file_, ++line_, 3}; }
  Candidate edit(const std::string &text) {
    offset_ += 100;
    return {{{file_, offset_, 10, text}}, {}, {}};
  }
  const std::string &file() const { return file_; }

private:
  std::string file_;
  unsigned line_ = 0;
  unsigned offset_ = 0;
};

class FunctionBuilder {
public:
  FunctionBuilder(std::string name, Positions &positions);

  // Locks. They nest; unlock() releases the one taken last.
  FunctionBuilder &lock(const std::string &mutex, const std::string &base = "this",
                        Mode mode = Mode::Exclusive);
  FunctionBuilder &shared(const std::string &mutex, const std::string &base = "this") {
    return lock(mutex, base, Mode::Shared);
  }
  FunctionBuilder &unlock();
  FunctionBuilder &unlock(int acquisition);

  // Accesses that are a whole operation.
  FunctionBuilder &operation(const std::string &field, const std::string &name,
                             const std::string &key, bool writes, Strategy strategy);
  FunctionBuilder &load(const std::string &map, const std::string &key = "k") {
    return operation(map, "load", key, false, Strategy::Map);
  }
  FunctionBuilder &store(const std::string &map, const std::string &key = "k") {
    return operation(map, "store", key, true, Strategy::Map);
  }
  FunctionBuilder &erase(const std::string &map, const std::string &key = "k") {
    return operation(map, "erase", key, true, Strategy::Map);
  }
  FunctionBuilder &range(const std::string &map) {
    return operation(map, "range", "", false, Strategy::Map);
  }
  FunctionBuilder &add(const std::string &scalar) {
    return operation(scalar, "add", "", true, Strategy::Atomic);
  }
  FunctionBuilder &get(const std::string &scalar) {
    return operation(scalar, "get", "", false, Strategy::Atomic);
  }
  FunctionBuilder &set(const std::string &scalar) {
    return operation(scalar, "set", "", true, Strategy::Atomic);
  }
  /// One more access of the operation built last.
  FunctionBuilder &andAgain(bool writes = false);

  // Accesses that are no operation.
  FunctionBuilder &read(const std::string &field, const std::string &base = "this");
  FunctionBuilder &write(const std::string &field, const std::string &base = "this");
  FunctionBuilder &call(const std::string &callee, const std::string &base = "this",
                        std::vector<std::string> arguments = {});
  FunctionBuilder &memory(bool writes, int parameter = -1);

  // The event added last ...
  FunctionBuilder &repeated();
  Access &access() { return fact_.accesses.back(); }
  Call &lastCall() { return fact_.calls.back(); }
  Operation &lastOperation() { return fact_.operations.back(); }
  Acquisition &acquisition(std::size_t index = 0) { return fact_.acquisitions[index]; }
  FunctionBuilder &through(const std::string &map, bool owned = true);
  FunctionBuilder &unshared();

  /// From here on the paths differ; otherwise() starts the next one.
  FunctionBuilder &branch();
  FunctionBuilder &otherwise();

  FunctionBuilder &incomplete() {
    incomplete_ = true;
    return *this;
  }

  /// What was told so far, event by event; and the paths that it really consists of.
  const Trace &told() const { return paths_.back(); }
  FunctionBuilder &walkedAs(std::vector<Trace> paths) {
    paths_ = std::move(paths);
    return *this;
  }

  FunctionFact &fact() { return fact_; }
  FunctionFact finish() const;

private:
  FunctionBuilder &event(Event::Kind kind, std::size_t index);

  Positions &positions_;
  FunctionFact fact_;
  std::vector<Trace> paths_{Trace{}};
  std::vector<int> held_;
  Trace prefix_;
  std::vector<int> heldAtBranch_;
  bool incomplete_ = false;
};

class ProgramBuilder {
public:
  MutexFact &mutex(const std::string &name, const std::string &owner = "C");
  FieldFact &field(const std::string &name, TypeClass type, const std::string &owner = "C");
  FieldFact &map(const std::string &name, const std::string &owner = "C");
  FieldFact &scalar(const std::string &name, const std::string &owner = "C");
  /// A scalar that could be part of a snapshot as well.
  FieldFact &state(const std::string &name, const std::string &owner = "C");
  FieldFact &atomic(const std::string &name, const std::string &owner = "C");

  FunctionBuilder &function(const std::string &name);
  Facts &facts() { return facts_; }
  Facts finish() const;
  Plan decide(Consistency consistency = Consistency::Linearizable) const;

  Positions &header() { return header_; }

private:
  Positions header_{"/p/program.h"};
  Positions source_{"/p/program.cpp"};
  Facts facts_;
  std::deque<FunctionBuilder> functions_;
};

const PlannedField *find(const Plan &plan, const std::string &field);
const PlannedMutex *findMutex(const Plan &plan, const std::string &mutex);
Verdict verdictOf(const Plan &plan, const std::string &field);
/// The ids of the reasons, in order, joined by spaces.
std::string reasonsOf(const Plan &plan, const std::string &field);
bool hasReason(const Plan &plan, const std::string &field, const std::string &id);
/// "function:operation" of each section, joined by spaces.
std::string sectionsOf(const Plan &plan, const std::string &field);
std::vector<std::string> textsOf(const std::vector<Edit> &edits);
/// Everything in the plan, for comparisons.
std::string print(const Plan &plan);

} // namespace unlatch::test
