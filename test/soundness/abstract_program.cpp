// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "abstract_program.h"

#include <algorithm>

namespace unlatch::soundness {

namespace {

constexpr std::array<const char *, kVariables> kNamesOfVariables = {
    "items[a]", "items[b]", "count",         "limit",          "names", "lines",
    "flag",     "stopped",  "first->status", "second->status", "world"};

class Walker {
public:
  explicit Walker(const Function &function) : body_(function.body) {}

  std::vector<std::vector<int>> walks() {
    walk(0, {}, {});
    return std::move(walks_);
  }

private:
  void walk(std::size_t position, std::vector<int> path, std::vector<int> held) {
    while (position < body_.size()) {
      const Instruction &instruction = body_[position];
      const int index = static_cast<int>(position);
      switch (instruction.kind) {
      case Instruction::BranchIfZero:
      case Instruction::BranchUnlessZero:
        walk(static_cast<std::size_t>(instruction.target), path, held);
        break;
      case Instruction::Jump:
        position = static_cast<std::size_t>(instruction.target);
        continue;
      case Instruction::Return:
        for (auto lock = held.rbegin(); lock != held.rend(); ++lock)
          path.push_back(-1 - *lock);
        walks_.push_back(std::move(path));
        return;
      case Instruction::Lock:
        held.push_back(index);
        path.push_back(index);
        break;
      case Instruction::TryLock:
        // A test stands behind it, which leads on if the lock was free.
        walk(position + 2, path, held);
        held.push_back(index);
        path.push_back(index);
        position = static_cast<std::size_t>(body_[position + 1].target);
        continue;
      case Instruction::Unlock: {
        auto lock = std::find_if(held.begin(), held.end(), [&](int other) {
          return body_[static_cast<std::size_t>(other)].acquisition == instruction.acquisition;
        });
        if (lock != held.end()) {
          path.push_back(-1 - *lock);
          held.erase(lock);
        }
        break;
      }
      default:
        path.push_back(index);
      }
      ++position;
    }
    walks_.push_back(std::move(path));
  }

  const std::vector<Instruction> &body_;
  std::vector<std::vector<int>> walks_;
};

std::string text(const AbstractProgram &program, const Instruction &instruction) {
  const std::string variable = kNamesOfVariables[instruction.variable];
  std::string value = std::to_string(instruction.value);
  if (instruction.copies)
    value = "it + " + value;
  switch (instruction.kind) {
  case Instruction::Lock:
    return std::string(instruction.shared ? "lock shared " : "lock ") +
           nameOfMutex(instruction.mutex);
  case Instruction::TryLock:
    return std::string("try to lock ") + nameOfMutex(instruction.mutex);
  case Instruction::Unlock:
    return std::string("unlock ") + nameOfMutex(instruction.mutex);
  case Instruction::Read:
    return "read " + variable;
  case Instruction::ReadAll:
    return "read all items";
  case Instruction::Write:
    return variable + (instruction.weak ? " = (weakly) " : " = ") + value;
  case Instruction::Add:
    return variable + " += 1";
  case Instruction::Erase:
    return "erase " + variable;
  case Instruction::ReadPointee:
    return "read it->status";
  case Instruction::WritePointee:
    return "it->status = " + value;
  case Instruction::Unknown:
    return "unknown()";
  case Instruction::Callback:
    return "unknown(" + program.functions[static_cast<std::size_t>(instruction.target)].name + ")";
  case Instruction::Call:
    return program.functions[static_cast<std::size_t>(instruction.target)].name + "()";
  case Instruction::BranchIfZero:
    return "if (!it) goto " + std::to_string(instruction.target);
  case Instruction::BranchUnlessZero:
    return "if (it) goto " + std::to_string(instruction.target);
  case Instruction::Jump:
    return "goto " + std::to_string(instruction.target);
  case Instruction::Return:
    return "return";
  }
  return {};
}

} // namespace

bool AbstractProgram::uses(Instruction::Kind kind) const {
  return std::any_of(functions.begin(), functions.end(), [&](const Function &function) {
    return std::any_of(function.body.begin(), function.body.end(),
                       [&](const Instruction &instruction) { return instruction.kind == kind; });
  });
}

std::vector<std::vector<int>> walks(const Function &function) { return Walker(function).walks(); }

bool isAtomic(const AbstractProgram &program, std::uint8_t variable) {
  if (variable == kFirstStatus || variable == kSecondStatus)
    return program.atomicStatus;
  if (variable == kWorld)
    return !program.worldIsPlain;
  return variable == kFlag || variable == kStopped;
}

std::string fieldOf(std::uint8_t variable) {
  if (variable == kItemA || variable == kItemB)
    return "items";
  if (variable == kFirstStatus || variable == kSecondStatus)
    return "status";
  return kNamesOfVariables[variable];
}

const char *nameOfMutex(int mutex) { return mutex == 0 ? "mu" : "nu"; }

std::string print(const AbstractProgram &program, const Rewrite &rewrite) {
  std::string result;
  for (int mutex = 0; mutex < kMutexes; ++mutex)
    if (const MutexKind kind = program.mutexes[static_cast<std::size_t>(mutex)];
        kind != MutexKind::Plain)
      result += std::string(nameOfMutex(mutex)) +
                (kind == MutexKind::Shared ? " can be shared\n" : " is recursive\n");
  if (!program.elementsOwn)
    result += "what is erased is deleted\n";
  if (program.worldIsPlain && program.uses(Instruction::Unknown))
    result += "unknown code relies on locks\n";
  for (std::size_t variable = 0; variable < kVariables; ++variable)
    if (program.initial[variable])
      result += kNamesOfVariables[variable] + std::string(" is ") +
                std::to_string(program.initial[variable]) + " at first\n";
  for (std::size_t function = 0; function < program.functions.size(); ++function) {
    const Function &each = program.functions[function];
    result += each.name + (each.isCallback ? ", a callback:\n" : ":\n");
    for (std::size_t index = 0; index < each.body.size(); ++index) {
      const Instruction &instruction = each.body[index];
      const bool isLocking = instruction.kind <= Instruction::Unlock;
      const bool isGone =
          isLocking && rewrite.gone.contains({static_cast<int>(function), instruction.acquisition});
      result += "  " + std::to_string(index) + ": " + text(program, instruction) +
                (instruction.twice ? ", twice" : "") + (isGone ? "   (gone)" : "") + "\n";
    }
  }
  for (const std::vector<int> &calls : program.threads) {
    result += "thread:";
    for (int call : calls)
      result += " " + program.functions[static_cast<std::size_t>(call)].name + "()";
    result += "\n";
  }
  return result;
}

} // namespace unlatch::soundness
