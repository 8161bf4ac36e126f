// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "interleavings.h"

#include <algorithm>

namespace unlatch::soundness {

namespace {

constexpr std::size_t kMostStates = 60000;

} // namespace

Behaviour Interleavings::run(const ThreadsCode &code) {
  code_ = &code;
  behaviour_ = {};
  if (slots_.empty()) {
    slots_.resize(1U << 12U);
    rounds_.resize(slots_.size(), 0);
  }
  ++round_;
  count_ = 0;
  work_.clear();
  State state;
  for (std::size_t variable = 0; variable < kVariables; ++variable)
    store(state, static_cast<unsigned>(variable), code.initial[variable]);
  insert(state);
  work_.push_back(state);
  while (!work_.empty()) {
    if (behaviour_.races || behaviour_.deadlocks || behaviour_.usesDeleted)
      break;
    if (count_ > kMostStates) {
      behaviour_.isTooLarge = true;
      break;
    }
    const State top = work_.back();
    work_.pop_back();
    visit(top);
  }
  behaviour_.histories.finish();
  return std::move(behaviour_);
}

bool Interleavings::insert(const State &state) {
  auto hash = [](const State &each) {
    std::uint64_t value = each.seen.values;
    auto mix = [&](std::uint64_t more) {
      value = (value ^ more) * 0x9e3779b97f4a7c15U;
      value ^= value >> 29U;
    };
    for (std::uint64_t reads : each.seen.reads)
      mix(reads);
    mix(each.seen.returnedBefore);
    mix(each.buffers);
    mix(static_cast<std::uint64_t>(each.next[0]) | static_cast<std::uint64_t>(each.next[1]) << 8U |
        static_cast<std::uint64_t>(each.next[2]) << 16U |
        static_cast<std::uint64_t>(each.returned) << 24U);
    mix(static_cast<std::uint64_t>(each.owner[0]) |
        static_cast<std::uint64_t>(each.owner[1]) << 8U |
        static_cast<std::uint64_t>(each.sharers[0]) << 16U |
        static_cast<std::uint64_t>(each.sharers[1]) << 24U);
    return static_cast<std::size_t>(value);
  };
  if (2 * (count_ + 1) > slots_.size()) {
    const std::vector<State> slots = std::move(slots_);
    const std::vector<unsigned> rounds = std::move(rounds_);
    slots_.assign(2 * slots.size(), {});
    rounds_.assign(slots_.size(), 0);
    count_ = 0;
    for (std::size_t index = 0; index < slots.size(); ++index)
      if (rounds[index] == round_)
        insert(slots[index]);
  }
  for (std::size_t index = hash(state) & (slots_.size() - 1);;
       index = (index + 1) & (slots_.size() - 1)) {
    if (rounds_[index] != round_) {
      rounds_[index] = round_;
      slots_[index] = state;
      ++count_;
      return true;
    }
    if (slots_[index] == state)
      return false;
  }
}

std::size_t Interleavings::position(const State &state, std::size_t thread) const {
  const std::vector<Code> &code = code_->threads[thread];
  std::size_t position = state.next[thread];
  if (code[position].kind == Code::Begin)
    ++position;
  while (code[position].kind == Code::Fence && !bufferOf(state, thread))
    ++position; // with nothing to wait for
  return position;
}

bool Interleavings::isFree(const State &state, std::size_t thread, const Code &acquire) const {
  const std::size_t mutex = acquire.mutex;
  const std::uint8_t owner = state.owner[mutex];
  const bool isMine = owner == thread + 1;
  if (acquire.shared)
    return owner == 0;
  return (owner == 0 && state.sharers[mutex] == 0) || (isMine && code_->recursive[mutex]);
}

Interleavings::Next Interleavings::next(const State &state, std::size_t thread) const {
  const std::vector<Code> &code = code_->threads[thread];
  const std::size_t at = position(state, thread);
  if (code[at].isAccess())
    return {&code[at], nullptr};
  if (code[at].kind == Code::Acquire && !code_->triesLocks && code[at + 1].isAccess() &&
      isFree(state, thread, code[at]))
    return {&code[at + 1], &code[at]};
  return {};
}

/// What memory an access is about: both keys are one map.
unsigned Interleavings::place(const State &state, std::size_t thread, const Code &access) {
  if (access.kind == Code::ReadPointee || access.kind == Code::WritePointee)
    return (state.seen.reads[thread] & 15U) == 1 ? kFirstStatus : kSecondStatus;
  return access.variable == kItemB ? kItemA : access.variable;
}

bool Interleavings::conflict(const State &state,
                             const std::array<Next, kMostThreads> &nexts) const {
  auto writes = [](const Code &code) {
    return code.kind != Code::Read && code.kind != Code::ReadAll && code.kind != Code::ReadPointee;
  };
  for (std::size_t left = 0; left < code_->threads.size(); ++left) {
    const Next &one = nexts[left];
    if (!one.access || one.access->synchronised)
      continue;
    for (std::size_t right = left + 1; right < code_->threads.size(); ++right) {
      const Next &two = nexts[right];
      if (!two.access || two.access->synchronised ||
          (!writes(*one.access) && !writes(*two.access)) ||
          place(state, left, *one.access) != place(state, right, *two.access))
        continue;
      const bool exclude = one.lock && two.lock && one.lock->mutex == two.lock->mutex &&
                           !(one.lock->shared && two.lock->shared);
      if (!exclude)
        return true;
    }
  }
  return false;
}

void Interleavings::visit(const State &state) {
  const std::size_t threads = code_->threads.size();
  std::array<Next, kMostThreads> nexts;
  for (std::size_t thread = 0; thread < threads; ++thread)
    nexts[thread] = next(state, thread);
  if (conflict(state, nexts)) {
    behaviour_.races = true;
    return;
  }
  bool moved = false, allDone = true;
  for (std::size_t thread = 0; thread < threads; ++thread) {
    allDone = allDone && code_->threads[thread][state.next[thread]].kind == Code::Stop;
    State after = state;
    if (step(after, thread)) {
      moved = true;
      if (insert(after))
        work_.push_back(after);
    }
    after = state;
    if (flushOne(after, thread)) {
      moved = true;
      if (insert(after))
        work_.push_back(after);
    }
  }
  if (moved)
    return;
  if (allDone)
    behaviour_.histories.add(state.seen);
  else
    behaviour_.deadlocks = true;
}

void Interleavings::observe(State &state, std::size_t thread, std::uint8_t value) {
  state.seen.reads[thread] = state.seen.reads[thread] << 4U | value;
}

/// Two entries of nine bits: whether it is one, which variable, which value. The older comes last.
unsigned Interleavings::bufferOf(const State &state, std::size_t thread) {
  return static_cast<unsigned>(state.buffers >> (18 * thread) & 0x3ffffU);
}

void Interleavings::setBuffer(State &state, std::size_t thread, unsigned buffer) {
  state.buffers &= ~(std::uint64_t{0x3ffff} << (18 * thread));
  state.buffers |= static_cast<std::uint64_t>(buffer) << (18 * thread);
}

bool Interleavings::flushOne(State &state, std::size_t thread) {
  const unsigned buffer = bufferOf(state, thread);
  if (!buffer)
    return false;
  const unsigned older = buffer >> 9U, entry = older ? older : buffer;
  store(state, entry >> 4U & 15U, static_cast<std::uint8_t>(entry & 15U));
  setBuffer(state, thread, older ? buffer & 0x1ffU : 0U);
  return true;
}

void Interleavings::flush(State &state, std::size_t thread) {
  while (flushOne(state, thread)) {
  }
}

std::uint8_t Interleavings::load(const State &state, std::size_t thread, unsigned variable) {
  for (unsigned buffer = bufferOf(state, thread); buffer; buffer >>= 9U)
    if ((buffer & 0x100U) && (buffer >> 4U & 15U) == variable)
      return static_cast<std::uint8_t>(buffer & 15U);
  return static_cast<std::uint8_t>(state.seen.values >> (4 * variable) & 15U);
}

void Interleavings::store(State &state, unsigned variable, std::uint8_t value) {
  state.seen.values &= ~(std::uint64_t{15} << (4 * variable));
  state.seen.values |= static_cast<std::uint64_t>(value & 15U) << (4 * variable);
}

void Interleavings::access(State &state, std::size_t thread, const Code &code) {
  const auto last = static_cast<std::uint8_t>(state.seen.reads[thread] & 15U);
  const auto value = static_cast<std::uint8_t>((code.value + (code.copies ? last : 0)) & 15);
  const unsigned variable = code.variable;
  switch (code.kind) {
  case Code::Read:
    observe(state, thread, load(state, thread, variable));
    break;
  case Code::ReadAll:
    observe(state, thread, load(state, thread, kItemB));
    observe(state, thread, load(state, thread, kItemA));
    break;
  case Code::Write:
    if (code.weak) {
      if (bufferOf(state, thread) >> 9U)
        flushOne(state, thread);
      setBuffer(state, thread, bufferOf(state, thread) << 9U | 0x100U | variable << 4U | value);
      break;
    }
    if (code.synchronised)
      flush(state, thread);
    // A plain store is delayed behind weak ones, but nobody may look at it without a race.
    store(state, variable, value);
    break;
  case Code::Add:
    flush(state, thread);
    store(state, variable, static_cast<std::uint8_t>(load(state, thread, variable) + 1));
    observe(state, thread, load(state, thread, variable));
    break;
  case Code::Erase: {
    flush(state, thread);
    const std::uint8_t was = load(state, thread, variable);
    observe(state, thread, was != 0);
    store(state, variable, 0);
    if (!code_->elementsOwn && was)
      store(state, was == 1 ? kFirstStatus : kSecondStatus, kDeleted);
    break;
  }
  case Code::ReadPointee:
  case Code::WritePointee: {
    if (last == 0)
      break; // there is no such object
    const unsigned object = place(state, thread, code);
    if (load(state, thread, object) == kDeleted)
      behaviour_.usesDeleted = true;
    if (code.kind == Code::ReadPointee)
      observe(state, thread, load(state, thread, object));
    else
      store(state, object, value);
    break;
  }
  default:
    break;
  }
}

/// Whether the thread goes on by itself: what it does next is nobody else's business.
bool Interleavings::runsOn(State &state, std::size_t thread) const {
  const Code &code = code_->threads[thread][state.next[thread]];
  const bool isZero = (state.seen.reads[thread] & 15U) == 0;
  switch (code.kind) {
  case Code::BranchIfZero:
  case Code::BranchUnlessZero:
    state.next[thread] = (code.kind == Code::BranchIfZero) == isZero
                             ? code.target
                             : static_cast<std::uint8_t>(state.next[thread] + 1);
    return true;
  case Code::Jump:
    state.next[thread] = code.target;
    return true;
  case Code::End:
    ++state.next[thread];
    state.returned = static_cast<std::uint8_t>(state.returned + (1U << (2 * thread)));
    return true;
  default:
    return false;
  }
}

bool Interleavings::step(State &state, std::size_t thread) {
  const std::vector<Code> &code = code_->threads[thread];
  if (code[state.next[thread]].kind == Code::Stop)
    return false;
  std::size_t at = position(state, thread);
  if (code[at].kind == Code::Acquire && !isFree(state, thread, code[at]))
    return false;
  if (code[state.next[thread]].kind == Code::Begin) {
    // It is called as late as possible, so that as many calls as possible have returned before.
    const unsigned call = state.returned >> (2 * thread) & 3U;
    state.seen.returnedBefore |= static_cast<std::uint64_t>(state.returned)
                                 << shiftOf(thread, call);
  }
  state.next[thread] = static_cast<std::uint8_t>(at);
  auto release = [&](const Code &each) {
    const std::size_t mutex = each.mutex;
    flush(state, thread);
    if (state.owner[mutex] == thread + 1 && --state.depth[mutex] == 0)
      state.owner[mutex] = 0;
    else if (state.owner[mutex] == 0)
      state.sharers[mutex] = static_cast<std::uint8_t>(state.sharers[mutex] & ~(1U << thread));
  };
  auto acquire = [&](const Code &each) {
    const std::size_t mutex = each.mutex;
    flush(state, thread);
    if (each.shared) {
      state.sharers[mutex] = static_cast<std::uint8_t>(state.sharers[mutex] | 1U << thread);
    } else {
      state.owner[mutex] = static_cast<std::uint8_t>(thread + 1);
      ++state.depth[mutex];
    }
  };
  const Code &first = code[at];
  bool goesOn = true;
  switch (first.kind) {
  case Code::Acquire:
    acquire(first);
    ++state.next[thread];
    if (!code_->triesLocks && code[at + 1].isAccess()) {
      access(state, thread, code[at + 1]);
      ++state.next[thread];
    } else if (code[at + 1].kind != Code::Release) {
      goesOn = false;
    }
    break;
  case Code::TryAcquire: {
    const bool succeeds = isFree(state, thread, first);
    observe(state, thread, succeeds);
    if (succeeds)
      acquire(first);
    ++state.next[thread];
    break;
  }
  case Code::Release:
    release(first);
    ++state.next[thread];
    break;
  case Code::Fence:
    flush(state, thread);
    ++state.next[thread];
    break;
  default:
    if (first.isAccess()) {
      access(state, thread, first);
      ++state.next[thread];
    }
  }
  while (goesOn) {
    if (!code_->triesLocks && code[state.next[thread]].kind == Code::Release) {
      release(code[state.next[thread]]);
      ++state.next[thread];
    } else {
      goesOn = runsOn(state, thread);
    }
  }
  return true;
}

Histories Interleavings::sequential(const ThreadsCode &code) {
  code_ = &code;
  behaviour_ = {};
  State state;
  for (std::size_t variable = 0; variable < kVariables; ++variable)
    store(state, static_cast<unsigned>(variable), code.initial[variable]);
  callEach(state);
  behaviour_.histories.finish();
  return std::move(behaviour_.histories);
}

void Interleavings::callEach(const State &state) {
  bool isDone = true;
  for (std::size_t thread = 0; thread < code_->threads.size(); ++thread) {
    if (code_->threads[thread][state.next[thread]].kind == Code::Stop)
      continue;
    isDone = false;
    State after = state;
    bool moved = true;
    while (moved && after.returned == state.returned)
      moved = step(after, thread);
    flush(after, thread);
    if (moved)
      callEach(after);
  }
  if (isDone)
    behaviour_.histories.add(state.seen);
}

} // namespace unlatch::soundness
