// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "threads_code.h"

#include <algorithm>

namespace unlatch::soundness {

namespace {

constexpr std::size_t kLongest = 60;
constexpr int kMostReads = 15; ///< that a thread's history has room for

class Inliner {
public:
  Inliner(const AbstractProgram &program, const Rewrite &rewrite)
      : program_(program), rewrite_(rewrite) {}

  std::optional<std::vector<Code>> thread(const std::vector<int> &calls) {
    code_.clear();
    int reads = 0;
    for (int call : calls) {
      code_.push_back(code(Code::Begin));
      append(call, 0);
      code_.push_back(code(Code::End));
    }
    code_.push_back(code(Code::Stop));
    for (const Code &each : code_)
      reads += each.kind == Code::ReadAll ? 2
               : (each.isAccess() && each.kind != Code::Write && each.kind != Code::WritePointee) ||
                       each.kind == Code::TryAcquire
                   ? 1
                   : 0;
    if (isTooDeep_ || code_.size() > kLongest || reads > kMostReads)
      return std::nullopt;
    return code_;
  }

private:
  static Code code(Code::Kind kind) {
    Code code;
    code.kind = kind;
    return code;
  }

  void append(int function, int depth) {
    if (depth > 3 || code_.size() > kLongest) {
      isTooDeep_ = true;
      return;
    }
    const std::vector<Instruction> &body =
        program_.functions[static_cast<std::size_t>(function)].body;
    std::vector<std::size_t> starts; ///< of each instruction, and the end
    std::vector<std::pair<std::size_t, std::size_t>> jumps;
    for (const Instruction &instruction : body) {
      starts.push_back(code_.size());
      if (instruction.kind == Instruction::Return) {
        releaseAll(function, body, starts.size() - 1);
        jumps.emplace_back(code_.size(), body.size());
        code_.push_back(code(Code::Jump));
        continue;
      }
      if (instruction.isBranch() || instruction.kind == Instruction::Jump)
        jumps.emplace_back(code_.size(), static_cast<std::size_t>(instruction.target));
      for (int time = 0; time < (instruction.twice ? 2 : 1); ++time)
        append(function, instruction, depth);
    }
    starts.push_back(code_.size());
    for (const auto &[from, to] : jumps)
      code_[from].target = static_cast<std::uint8_t>(starts[to]);
  }

  /// What the function has taken before this instruction, and still holds.
  void releaseAll(int function, const std::vector<Instruction> &body, std::size_t end) {
    std::vector<Instruction> held;
    for (std::size_t index = 0; index < end; ++index) {
      const Instruction &each = body[index];
      if (each.kind == Instruction::Lock || each.kind == Instruction::TryLock)
        held.push_back(each);
      else if (each.kind == Instruction::Unlock)
        std::erase_if(
            held, [&](const Instruction &lock) { return lock.acquisition == each.acquisition; });
    }
    for (auto each = held.rbegin(); each != held.rend(); ++each)
      release(function, *each);
  }

  void release(int function, const Instruction &instruction) {
    if (isGone(function, instruction))
      return;
    Code released = code(Code::Release);
    released.mutex = instruction.mutex;
    code_.push_back(released);
  }

  /// Leaves a fence, if there is one.
  bool isGone(int function, const Instruction &instruction) {
    const Place place{function, instruction.acquisition};
    if (rewrite_.fenced.contains(place))
      code_.push_back(code(Code::Fence));
    return rewrite_.gone.contains(place);
  }

  void append(int function, const Instruction &instruction, int depth) {
    Code next;
    next.variable = instruction.variable;
    next.value = instruction.value;
    next.mutex = instruction.mutex;
    next.shared = instruction.shared;
    next.copies = instruction.copies;
    next.weak = instruction.weak;
    next.synchronised = isAtomic(program_, instruction.variable) ||
                        rewrite_.departed.contains(fieldOf(instruction.variable));
    switch (instruction.kind) {
    case Instruction::Lock:
    case Instruction::TryLock:
      if (isGone(function, instruction))
        return;
      next.kind = instruction.kind == Instruction::Lock ? Code::Acquire : Code::TryAcquire;
      break;
    case Instruction::Unlock:
      release(function, instruction);
      return;
    case Instruction::Call:
    case Instruction::Callback:
      append(instruction.target, depth + 1);
      return;
    case Instruction::Unknown:
      next.kind = Code::Add;
      next.variable = kWorld;
      next.synchronised = isAtomic(program_, kWorld);
      break;
    case Instruction::Read:
      next.kind = Code::Read;
      break;
    case Instruction::ReadAll:
      next.kind = Code::ReadAll;
      break;
    case Instruction::Write:
      next.kind = Code::Write;
      break;
    case Instruction::Add:
      next.kind = Code::Add;
      break;
    case Instruction::Erase:
      next.kind = Code::Erase;
      break;
    case Instruction::ReadPointee:
      next.kind = Code::ReadPointee;
      break;
    case Instruction::WritePointee:
      next.kind = Code::WritePointee;
      break;
    case Instruction::BranchIfZero:
      next.kind = Code::BranchIfZero;
      break;
    case Instruction::BranchUnlessZero:
      next.kind = Code::BranchUnlessZero;
      break;
    case Instruction::Jump:
      next.kind = Code::Jump;
      break;
    case Instruction::Return:
      break;
    }
    code_.push_back(next);
  }

  const AbstractProgram &program_;
  const Rewrite &rewrite_;
  std::vector<Code> code_;
  bool isTooDeep_ = false;
};

} // namespace

std::optional<ThreadsCode> codeOf(const AbstractProgram &program, const Rewrite &rewrite) {
  ThreadsCode result;
  result.initial = program.initial;
  result.elementsOwn = program.elementsOwn;
  result.triesLocks = program.uses(Instruction::TryLock);
  for (std::size_t mutex = 0; mutex < kMutexes; ++mutex)
    result.recursive[mutex] = program.mutexes[mutex] == MutexKind::Recursive;
  Inliner inliner(program, rewrite);
  for (const std::vector<int> &calls : program.threads) {
    std::optional<std::vector<Code>> code = inliner.thread(calls);
    if (!code)
      return std::nullopt;
    result.threads.push_back(std::move(*code));
  }
  return result;
}

} // namespace unlatch::soundness
