// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "program_facts.h"

#include "test/unit/facts_builder.h"

#include <algorithm>
#include <map>

namespace unlatch::soundness {

namespace {

using test::FunctionBuilder;
using test::ProgramBuilder;

class Teller {
public:
  explicit Teller(const AbstractProgram &program) : program_(program) {}

  Facts facts() {
    declare();
    for (const Function &function : program_.functions)
      tell(function);
    // Who calls what decides over the locks held at entry, so threads are told of as well.
    for (std::size_t thread = 0; thread < program_.threads.size(); ++thread) {
      FunctionBuilder &body = builder_.function("thread" + std::to_string(thread));
      body.fact().isEntry = true;
      for (int call : program_.threads[thread])
        body.call(program_.functions[static_cast<std::size_t>(call)].name);
    }
    Facts facts = builder_.finish();
    for (const Function &function : program_.functions)
      for (const Instruction &instruction : function.body)
        if (instruction.weak)
          facts.weakOrderings = {{"memory_order_release", {"/p/program.cpp", 1, 1}}};
    return facts;
  }

private:
  void declare() {
    for (int mutex = 0; mutex < kMutexes; ++mutex)
      builder_.mutex(nameOfMutex(mutex)).recursive =
          program_.mutexes[static_cast<std::size_t>(mutex)] == MutexKind::Recursive;
    builder_.map("items");
    builder_.scalar("count");
    builder_.scalar("limit");
    builder_.field("names", TypeClass::Other);
    builder_.field("lines", TypeClass::Other);
    builder_.atomic("flag");
    builder_.atomic("stopped");
    if (program_.atomicStatus)
      builder_.atomic("status", "Process");
    else
      builder_.field("status", TypeClass::Other, "Process");
  }

  void tell(const Function &function) {
    FunctionBuilder &builder = builder_.function(function.name);
    builder.fact().addressTaken = function.isCallback;
    // In the order of the text; which paths there are is told in the end.
    std::map<int, Event> events;
    for (std::size_t index = 0; index < function.body.size(); ++index)
      if (tell(builder, function.body[index]))
        events.emplace(static_cast<int>(index), builder.told().back());

    std::map<int, std::vector<std::vector<int>>> heldAt; ///< by instruction, on each walk
    std::vector<Trace> paths;
    for (const std::vector<int> &walk : walks(function)) {
      Trace path;
      std::vector<int> held;
      for (int index : walk) {
        if (index < 0) {
          const int acquisition = acquisitionAt(function, -1 - index);
          path.push_back({Event::Release, acquisition, false});
          std::erase(held, acquisition);
          continue;
        }
        heldAt[index].push_back(held);
        path.push_back(events.at(index));
        if (path.back().kind == Event::Acquire)
          held.push_back(path.back().index);
      }
      paths.push_back(std::move(path));
    }
    for (const auto &[index, all] : heldAt)
      noteHeld(builder, events.at(index), all);
    builder.walkedAs(std::move(paths));
  }

  /// Whether it is an event at all.
  bool tell(FunctionBuilder &builder, const Instruction &instruction) {
    const std::string field = fieldOf(instruction.variable);
    switch (instruction.kind) {
    case Instruction::Lock:
    case Instruction::TryLock:
      builder.lock(nameOfMutex(instruction.mutex), "this",
                   instruction.shared ? Mode::Shared : Mode::Exclusive);
      if (instruction.kind == Instruction::TryLock)
        noteConditional(instruction.mutex);
      return true;
    case Instruction::Unlock:
    case Instruction::BranchIfZero:
    case Instruction::BranchUnlessZero:
    case Instruction::Jump:
    case Instruction::Return:
      return false;
    case Instruction::Unknown:
      builder.call("dial", "?");
      return true;
    case Instruction::Callback:
      builder.call("", "?");
      return true;
    case Instruction::Call:
      builder.call(program_.functions[static_cast<std::size_t>(instruction.target)].name);
      return true;
    case Instruction::ReadPointee:
      builder.read(field, "pointee").through("items", program_.elementsOwn);
      return true;
    case Instruction::WritePointee:
      builder.write(field, "pointee").through("items", program_.elementsOwn);
      return true;
    default:
      break;
    }
    if (field == "items")
      tellMap(builder, instruction);
    else if (field == "count" || field == "limit")
      instruction.kind == Instruction::Read    ? builder.get(field)
      : instruction.kind == Instruction::Write ? builder.set(field)
                                               : builder.add(field);
    else
      instruction.kind == Instruction::Read ? builder.read(field) : builder.write(field);
    if (instruction.twice) {
      builder.repeated();
      if (!builder.fact().operations.empty() && builder.access().operation >= 0)
        builder.lastOperation().manyTimes = true;
    }
    return true;
  }

  static void tellMap(FunctionBuilder &builder, const Instruction &instruction) {
    const std::string key = instruction.variable == kItemA ? "a" : "b";
    if (instruction.kind == Instruction::ReadAll)
      builder.range("items");
    else if (instruction.kind == Instruction::Read)
      builder.load("items", key);
    else if (instruction.kind == Instruction::Write)
      builder.store("items", key);
    else
      builder.erase("items", key);
  }

  static int acquisitionAt(const Function &function, int index) {
    return function.body[static_cast<std::size_t>(index)].acquisition;
  }

  void noteHeld(FunctionBuilder &builder, const Event &event,
                const std::vector<std::vector<int>> &onWalks) {
    std::vector<int> surely = onWalks.front(), maybe;
    for (const std::vector<int> &held : onWalks) {
      std::erase_if(surely, [&](int lock) {
        return std::find(held.begin(), held.end(), lock) == held.end();
      });
      maybe.insert(maybe.end(), held.begin(), held.end());
    }
    for (int lock : maybe)
      if (std::find(surely.begin(), surely.end(), lock) == surely.end())
        noteConditional(
            builder.fact().acquisitions[static_cast<std::size_t>(lock)].mutex == "mu" ? 0 : 1);
    const auto index = static_cast<std::size_t>(event.index);
    if (event.kind == Event::Field)
      builder.fact().accesses[index].held = surely;
    else if (event.kind == Event::Invoke)
      builder.fact().calls[index].held = surely;
  }

  void noteConditional(int mutex) {
    const MutexUse use{nameOfMutex(mutex),
                       {"conditional-lock", "held on some paths only", {"/p/program.cpp", 1, 1}}};
    auto &uses = builder_.facts().mutexUses;
    if (std::find(uses.begin(), uses.end(), use) == uses.end())
      uses.push_back(use);
  }

  const AbstractProgram &program_;
  ProgramBuilder builder_;
};

} // namespace

Facts factsOf(const AbstractProgram &program) { return Teller(program).facts(); }

} // namespace unlatch::soundness
