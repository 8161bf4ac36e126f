// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Writes abstract programs, an instruction after the other, and keeps account of what is held and
// of which fields are used how.

#pragma once

#include "abstract_program.h"

#include <algorithm>

namespace unlatch::soundness {

inline bool isOperation(std::uint8_t variable) { return variable <= kLimit; }

class ProgramWriter {
public:
  /// Whether some field that can leave is written, and mostly used with its guard held. Without, it
  /// is not even considered.
  bool mayConvert() const {
    return std::any_of(used_.begin(), used_.end(), [&](std::uint8_t variable) {
      const Uses &uses = uses_[variable];
      return isOperation(variable) && uses.writes > 0 && 2 * uses.guarded > uses.all;
    });
  }

protected:
  struct Uses {
    int all = 0, guarded = 0, writes = 0;
  };

  void count(const Instruction &access) {
    Uses &uses = uses_[access.variable == kItemB ? kItemA : access.variable];
    const bool writes = access.kind != Instruction::Read && access.kind != Instruction::ReadAll;
    ++uses.all;
    uses.writes += writes;
    uses.guarded += std::any_of(held_.begin(), held_.end(), [&](const Instruction &lock) {
      return lock.mutex == guards_[access.variable] && !(writes && lock.shared);
    });
  }

  Instruction &add(Instruction::Kind kind) {
    body().emplace_back();
    body().back().kind = kind;
    return body().back();
  }
  std::vector<Instruction> &body() { return program_.functions.back().body; }
  int here() { return static_cast<int>(body().size()); }

  void lock(std::uint8_t mutex, Instruction::Kind kind, bool shared) {
    Instruction &lock = add(kind);
    lock.mutex = mutex;
    lock.acquisition = acquisitions_++;
    lock.shared = shared;
    held_.push_back(lock);
  }
  void unlock(std::size_t index) {
    Instruction &unlock = add(Instruction::Unlock);
    unlock.mutex = held_[index].mutex;
    unlock.acquisition = held_[index].acquisition;
    held_.erase(held_.begin() + static_cast<std::ptrdiff_t>(index));
  }
  void unlock() { unlock(held_.size() - 1); }

  void begin(const std::string &name) {
    program_.functions.push_back({name + std::to_string(program_.functions.size()), {}, false});
    acquisitions_ = 0;
    held_.clear();
  }

  AbstractProgram program_;
  std::vector<std::uint8_t> used_;                ///< that a mutex guards
  std::array<std::uint8_t, kVariables> guards_{}; ///< mutexes
  std::array<Uses, kVariables> uses_{};
  std::vector<Instruction> held_;

private:
  int acquisitions_ = 0;
};

} // namespace unlatch::soundness
