// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "shapes.h"

#include <algorithm>

namespace unlatch::soundness {

namespace {

class Finder {
public:
  Finder(const AbstractProgram &program, const std::vector<Rewrite> &rewrites) : program_(program) {
    for (const Rewrite &rewrite : rewrites) {
      departed_.insert(rewrite.departed.begin(), rewrite.departed.end());
      gone_.insert(rewrite.gone.begin(), rewrite.gone.end());
      isFenced_ |= !rewrite.fenced.empty();
    }
  }

  std::set<std::string> shapes() {
    for (const std::vector<int> &calls : program_.threads)
      for (int call : calls)
        visit(call);
    note(program_.threads.size() > 2, "three threads");
    note(departed_.size() > 1, "several fields leave");
    note(taken_.size() > gone_.size(), "some locks stay");
    note(isFenced_, "fences");
    return std::move(found_);
  }

private:
  void note(bool isSo, const char *shape) {
    if (isSo)
      found_.insert(shape);
  }

  void visit(int function) {
    if (!visited_.insert(function).second)
      return;
    const std::vector<Instruction> &body =
        program_.functions[static_cast<std::size_t>(function)].body;
    const std::vector<std::vector<int>> all =
        walks(program_.functions[static_cast<std::size_t>(function)]);
    note(all.size() > 1, "paths");
    for (const std::vector<int> &walk : all)
      visit(function, body, walk);
    for (const Instruction &instruction : body) {
      if (instruction.kind == Instruction::Call || instruction.kind == Instruction::Callback)
        visit(instruction.target);
      note(instruction.kind == Instruction::Call, "calls");
      note(instruction.kind == Instruction::Callback, "callbacks");
      note(instruction.kind == Instruction::Return, "early return");
      note(instruction.weak, "weak atomics");
    }
  }

  void visit(int function, const std::vector<Instruction> &body, const std::vector<int> &walk) {
    std::vector<int> held;
    int insideSince = 0; ///< accesses under the lock taken last
    for (int index : walk) {
      const Instruction &instruction =
          body[static_cast<std::size_t>(index < 0 ? -1 - index : index)];
      const bool isLock =
          instruction.kind == Instruction::Lock || instruction.kind == Instruction::TryLock;
      if (index < 0) {
        note(insideSince == 0, "barrier");
        note(held.size() > 1 && held.back() != -1 - index, "hand over hand");
        std::erase(held, -1 - index);
        continue;
      }
      if (isLock) {
        taken_.insert({function, instruction.acquisition});
        note(instruction.shared, "shared mode");
        note(!held.empty(), "nested locks");
        note(instruction.kind == Instruction::TryLock, "attempts");
        note(program_.mutexes[instruction.mutex] == MutexKind::Recursive, "recursive mutex");
        held.push_back(index);
        insideSince = 0;
        continue;
      }
      ++insideSince;
      visitAccess(instruction, body, held);
    }
  }

  void visitAccess(const Instruction &access, const std::vector<Instruction> &body,
                   const std::vector<int> &held) {
    note(access.twice, "loops");
    note(access.kind == Instruction::Unknown, "unknown calls");
    if (!access.isAccess())
      return;
    const bool leaves = departed_.contains(fieldOf(access.variable));
    const bool atomic = isAtomic(program_, access.variable);
    const bool isPointee =
        access.kind == Instruction::ReadPointee || access.kind == Instruction::WritePointee;
    const bool writes = access.kind == Instruction::Write || access.kind == Instruction::Add ||
                        access.kind == Instruction::Erase ||
                        access.kind == Instruction::WritePointee;
    const bool stays = !leaves && !atomic && !isPointee;
    note(atomic, held.empty() ? "atomics outside" : "atomics under a lock");
    note(leaves && held.empty(), "bare operations");
    note(stays && held.empty(), "bare memory");
    note(stays && !held.empty(), "guarded memory");
    note(stays && writes &&
             std::any_of(held.begin(), held.end(),
                         [&](int lock) { return body[static_cast<std::size_t>(lock)].shared; }),
         "memory written in shared mode");
    note(isPointee, "pointees");
    note(access.kind == Instruction::ReadAll, "range");
    note(access.variable == kItemB, "two keys");
    note(access.kind == Instruction::Add && leaves, "counters");
  }

  const AbstractProgram &program_;
  std::set<std::string> departed_;
  std::set<Place> gone_, taken_;
  bool isFenced_ = false;
  std::set<int> visited_;
  std::set<std::string> found_;
};

} // namespace

std::set<std::string> shapesOf(const AbstractProgram &program,
                               const std::vector<Rewrite> &rewrites) {
  return Finder(program, rewrites).shapes();
}

const std::map<std::string, unsigned long> &leastOfShapes() {
  // Around a third of what there is.
  static const std::map<std::string, unsigned long> least = {
      {"three threads", 25000},
      {"several fields leave", 4500},
      {"some locks stay", 35000},
      {"paths", 25000},
      {"early return", 10000},
      {"calls", 4500},
      {"callbacks", 600},
      {"unknown calls", 700},
      {"shared mode", 15000},
      {"memory written in shared mode", 700},
      {"nested locks", 15000},
      {"hand over hand", 1200},
      {"recursive mutex", 2000},
      {"barrier", 1200},
      {"attempts", 250},
      {"loops", 1500},
      {"atomics outside", 18000},
      {"atomics under a lock", 28000},
      {"bare operations", 3500},
      {"bare memory", 9000},
      {"guarded memory", 35000},
      {"pointees", 17000},
      {"range", 4000},
      {"two keys", 20000},
      {"counters", 10000},
      {"fences", 4000},
  };
  return least;
}

} // namespace unlatch::soundness
