// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "random_program.h"

#include "program_writer.h"

#include <algorithm>
#include <random>

namespace unlatch::soundness {

namespace {

class Drawer : public ProgramWriter {
public:
  explicit Drawer(std::uint64_t seed) : random_(seed) {
    mix_.bare = oneOf({0, 0, 10, 30});
    mix_.gates = oneOf({0, 20, 50});
    mix_.nested = oneOf({0, 0, 20, 40});
    mix_.atomics = oneOf({0, 15, 30});
    mix_.secondAction = oneOf({0, 0, 0, 8, 25});
    mix_.wrongGuard = oneOf({0, 0, 10});
    mix_.calls = oneOf({0, 0, 0, 30});
    mix_.shared = oneOf({0, 0, 40, 70});
    mix_.unknown = oneOf({0, 0, 0, 0, 8, 20});
    mix_.pointees = oneOf({0, 0, 0, 0, 50});
    mix_.loops = oneOf({0, 0, 0, 6});
    mix_.odd = oneOf({0, 0, 0, 0, 15, 40}); ///< barriers, attempts, conditional locks
    if (mix_.odd && chance(50)) // a lock that is tried shows inside of the section of another
      mix_.nested = 50;
    if (mix_.unknown && chance(40)) // so that it is called back in several ways
      mix_.calls = 50;
    mix_.weak = oneOf({0, 0, 0, 0, 0, 60});
  }

  AbstractProgram draw() {
    drawVariables();
    const int helpers = mix_.calls || chance(5 * mix_.unknown) ? 1 + chance(30) : 0;
    for (int helper = 0; helper < helpers; ++helper)
      addHelper();
    const int methods = 2 + pick(2);
    const std::size_t wanted = program_.functions.size() + static_cast<std::size_t>(methods);
    if (chance(mix_.pointees))
      addFindAndUse();
    else if (chance(mix_.bare + mix_.gates / 3))
      addCheckThenAct();
    else if (mix_.weak && chance(20))
      addStoreBuffering();
    if (callback_ >= 0 && program_.functions.size() < wanted)
      addCallingBack();
    while (program_.functions.size() < wanted)
      addMethod();
    drawThreads(helpers, methods);
    return std::move(program_);
  }

private:
  struct Mix {
    int bare, gates, nested, atomics, secondAction, wrongGuard, calls, shared, unknown, pointees,
        loops, odd, weak;
  };

  int pick(int count) { return static_cast<int>(random_() % static_cast<unsigned>(count)); }
  bool chance(int percent) { return percent > 0 && pick(100) < percent; }
  int oneOf(std::initializer_list<int> values) {
    return values.begin()[pick(static_cast<int>(values.size()))];
  }

  void drawVariables() {
    // Two or three fields that a mutex could guard, at least one of which could leave.
    used_.push_back(static_cast<std::uint8_t>(oneOf({kItemA, kItemA, kCount})));
    const int more = 1 + pick(2);
    for (int field = 0; field < more; ++field)
      used_.push_back(
          static_cast<std::uint8_t>(oneOf({kItemA, kCount, kLimit, kNames, kNames, kLines})));
    if (mix_.pointees)
      used_.front() = kItemA;
    twoKeys_ = chance(40);
    const int mutexes = 1 + chance(mix_.nested ? 90 : 30);
    for (std::uint8_t &guard : guards_)
      guard = static_cast<std::uint8_t>(mutexes > 1 && chance(30));
    guards_[kItemB] = guards_[kItemA];
    for (std::size_t mutex = 0; mutex < kMutexes; ++mutex)
      program_.mutexes[mutex] = mix_.shared && chance(80)         ? MutexKind::Shared
                                : !mix_.odd && chance(mix_.calls) ? MutexKind::Recursive
                                                                  : MutexKind::Plain;
    for (std::uint8_t variable : used_)
      program_.initial[variable] = static_cast<std::uint8_t>(chance(30));
    if (twoKeys_)
      program_.initial[kItemB] = static_cast<std::uint8_t>(chance(mix_.pointees ? 70 : 30));
    if (mix_.pointees && chance(60))
      program_.initial[kItemA] = 1;
    program_.elementsOwn = !chance(mix_.pointees);
    program_.atomicStatus = chance(mix_.pointees);
    program_.worldIsPlain = chance(50);
    writesStatus_ = chance(40);
  }

  std::uint8_t nextValue() {
    return chance(25) ? std::uint8_t{0} : static_cast<std::uint8_t>(1 + nextValue_++ % 13);
  }

  void lock(std::uint8_t mutex, Instruction::Kind kind = Instruction::Lock) {
    ProgramWriter::lock(mutex, kind,
                        program_.mutexes[mutex] == MutexKind::Shared && kind == Instruction::Lock &&
                            chance(mix_.shared));
  }

  /// Something that the innermost lock guards, mostly.
  std::uint8_t drawVariable() {
    if (chance(mix_.atomics))
      return static_cast<std::uint8_t>(kFlag + pick(2));
    std::vector<std::uint8_t> fit;
    for (std::uint8_t variable : used_) {
      const bool isGuarded = std::any_of(held_.begin(), held_.end(), [&](const Instruction &lock) {
        return lock.mutex == guards_[variable];
      });
      if (isGuarded || held_.empty() || chance(mix_.wrongGuard))
        fit.push_back(variable);
    }
    if (fit.empty())
      return static_cast<std::uint8_t>(kFlag + pick(2));
    const std::uint8_t variable = fit[static_cast<std::size_t>(pick(static_cast<int>(fit.size())))];
    return variable == kItemA && twoKeys_ && chance(50) ? std::uint8_t{kItemB} : variable;
  }

  /// Whether one more would be one too many for the section, and that is not wanted.
  bool isTooMany(std::uint8_t variable) {
    const bool isAction = isOperation(variable) || isAtomic(program_, variable);
    if (!isAction || held_.empty())
      return false;
    if (actions_ > 0 && !chance(mix_.secondAction))
      return true;
    ++actions_;
    return false;
  }

  void access() { access(drawVariable()); }

  void access(std::uint8_t variable) {
    if (isTooMany(variable))
      variable = firstStaying();
    if (variable == kVariables)
      return;
    const bool isItem = variable <= kItemB;
    const bool reads = chance(isShared() ? 85 : 50);
    Instruction &next = add(reads ? Instruction::Read : Instruction::Write);
    next.variable = variable;
    if (isItem && reads && chance(15))
      next.kind = Instruction::ReadAll;
    if (isItem && !reads && chance(40))
      next.kind = Instruction::Erase;
    if (!reads && (variable == kCount || variable == kLimit || isAtomic(program_, variable)) &&
        chance(35))
      next.kind = Instruction::Add;
    if (next.kind == Instruction::Write) {
      next.value = mix_.pointees && isItem ? static_cast<std::uint8_t>(1 + pick(2)) : nextValue();
      next.copies = !(mix_.pointees && isItem) && chance(12);
      next.weak = isAtomic(program_, variable) && chance(mix_.weak);
    }
    next.twice = chance(mix_.loops);
    count(next);
    if (isItem && next.kind == Instruction::Read && !next.twice && chance(mix_.pointees))
      pointee();
  }

  void pointee() {
    const bool writes = writesStatus_ && chance(50);
    Instruction &next = add(writes ? Instruction::WritePointee : Instruction::ReadPointee);
    next.variable = kFirstStatus;
    next.value = static_cast<std::uint8_t>(1 + pick(9));
    if (program_.atomicStatus)
      ++actions_;
  }

  bool isShared() const {
    return !held_.empty() && std::all_of(held_.begin(), held_.end(),
                                         [](const Instruction &lock) { return lock.shared; });
  }

  /// A field that stays and that a lock held guards, or none.
  std::uint8_t firstStaying() {
    for (std::uint8_t variable : used_)
      for (const Instruction &lock : held_)
        if ((variable == kNames || variable == kLines) && guards_[variable] == lock.mutex)
          return variable;
    return kVariables;
  }

  /// If the last thing was to read, what follows may depend on it.
  template <typename Then> void maybeGated(int percent, Then then) {
    auto last = std::find_if(body().rbegin(), body().rend(), [](const Instruction &each) {
      return each.kind != Instruction::Unlock;
    });
    if (last == body().rend() || !last->yieldsValue() || !chance(percent)) {
      then();
      return;
    }
    const bool ifZero = chance(30);
    const std::size_t branch = body().size();
    add(ifZero ? Instruction::BranchUnlessZero : Instruction::BranchIfZero);
    const int actions = actions_;
    ++gates_;
    if (chance(25)) {
      add(Instruction::Return);
    } else {
      then();
      if (chance(25)) {
        add(Instruction::Return);
      } else if (chance(25)) {
        const std::size_t jump = body().size();
        const int onThisPath = std::exchange(actions_, actions);
        add(Instruction::Jump);
        body()[branch].target = here();
        then();
        body()[jump].target = here();
        actions_ = std::max(actions_, onThisPath);
        --gates_;
        return;
      }
    }
    --gates_;
    body()[branch].target = here();
  }

  void inside(int depth) {
    const int statements = 1 + pick(3);
    for (int statement = 0; statement < statements; ++statement) {
      maybeGated(mix_.gates, [&] {
        if (depth < 2 && chance(mix_.nested))
          nested(depth);
        else if (chance(mix_.calls) && call())
          return;
        else if (chance(mix_.unknown))
          unknown();
        else
          access();
      });
    }
  }

  void nested(int depth) {
    std::uint8_t mutex = static_cast<std::uint8_t>(1 - held_.back().mutex);
    if (program_.mutexes[held_.back().mutex] == MutexKind::Recursive && chance(50))
      mutex = held_.back().mutex;
    else if (held_.size() > 1)
      return access();
    const bool isHandOver = gates_ == 0 && chance(10); // or it would be so on some paths only
    const std::size_t outer = held_.size() - 1;
    lock(mutex);
    inside(depth + 1);
    if (isHandOver && held_.size() > 1) {
      unlock(outer);
      access();
    } else {
      unlock();
      // What was done under it shows.
      if (chance(60))
        ++actions_;
    }
  }

  bool call() {
    std::vector<int> helpers;
    for (std::size_t index = 0; index + 1 < program_.functions.size(); ++index)
      if (program_.functions[index].name.starts_with("helper"))
        helpers.push_back(static_cast<int>(index));
    if (helpers.empty())
      return false;
    Instruction &call = add(Instruction::Call);
    call.target = helpers[static_cast<std::size_t>(pick(static_cast<int>(helpers.size())))];
    if (program_.functions[static_cast<std::size_t>(call.target)].isCallback && chance(70))
      call.kind = Instruction::Callback;
    ++actions_;
    return true;
  }

  void unknown() {
    if (actions_ > 0 && !chance(std::max(mix_.secondAction, 30)))
      return access();
    ++actions_;
    add(Instruction::Unknown);
  }

  void section() {
    actions_ = 0;
    std::vector<std::uint8_t> fit;
    for (std::uint8_t variable : used_)
      fit.push_back(guards_[variable]);
    const std::uint8_t mutex =
        chance(90) ? fit[static_cast<std::size_t>(pick(static_cast<int>(fit.size())))]
                   : static_cast<std::uint8_t>(pick(kMutexes));
    if (held_.empty() && chance(mix_.odd))
      return oddSection(mutex);
    lock(mutex);
    if (chance(mix_.wrongGuard))
      lock(static_cast<std::uint8_t>(1 - mutex)); // both, for all of it
    inside(1);
    while (!held_.empty())
      unlock();
  }

  void oddSection(std::uint8_t mutex) {
    if (program_.mutexes[mutex] == MutexKind::Recursive)
      return;
    switch (pick(3)) {
    case 0: // a barrier
      lock(mutex);
      break;
    case 1: { // an attempt
      if (mix_.nested && program_.mutexes[1] != MutexKind::Recursive && chance(70))
        mutex = 1;
      lock(mutex, Instruction::TryLock);
      add(Instruction::BranchUnlessZero).target = here() + 2;
      add(Instruction::Return);
      // A failed attempt holds nothing.
      access();
      break;
    }
    default: // locked on some paths
      add(Instruction::Read).variable = static_cast<std::uint8_t>(kFlag + pick(2));
      add(Instruction::BranchIfZero).target = here() + 2;
      lock(mutex);
      access();
      access();
    }
    while (!held_.empty())
      unlock();
  }

  void beginFunction(const std::string &name) {
    begin(name);
    actions_ = 0;
  }

  void addHelper() {
    beginFunction("helper");
    if (chance(mix_.unknown ? 60 : 0)) {
      program_.functions.back().isCallback = true;
      callback_ = static_cast<int>(program_.functions.size()) - 1;
      // Unknown code counts as one action, so it is to do no more with atomics.
      const std::uint8_t variable = drawn(used_);
      access(variable);
      if (chance(60))
        access(chance(70) ? variable : drawn(used_));
      return;
    }
    if (chance(50))
      section();
    else
      access();
  }

  /// Code that is not seen comes back while the lock is held.
  void addCallingBack() {
    beginFunction("method");
    lock(guards_[callbackVariable()]);
    addCallback(chance(75) ? Instruction::Callback : Instruction::Call);
    unlock();
  }
  void addCallback(Instruction::Kind kind) { add(kind).target = callback_; }
  std::uint8_t callbackVariable() const {
    return program_.functions[static_cast<std::size_t>(callback_)].body.front().variable;
  }

  /// Two methods, of which one uses what the map points to, and the other takes it from the map and
  /// finds it in another way.
  void addFindAndUse() {
    beginFunction("method");
    lock(guards_[kItemA]);
    addAccess(Instruction::Read, kItemA);
    pointee();
    unlock();
    beginFunction("method");
    lock(guards_[kItemA]);
    if (addAccess(chance(50) ? Instruction::Erase : Instruction::Write, kItemA).kind ==
        Instruction::Write)
      body().back().value = static_cast<std::uint8_t>(1 + pick(2));
    unlock();
    lock(guards_[kItemA]);
    addAccess(Instruction::Read, kItemB);
    unlock();
    pointee();
  }

  /// Two methods that write an atomic weakly, pass a section, and look at the other's.
  void addStoreBuffering() {
    const std::uint8_t mutex = guards_[drawn(used_)];
    for (const std::uint8_t mine : {kFlag, kStopped}) {
      beginFunction("method");
      Instruction &write = addAccess(Instruction::Write, mine);
      write.value = 1;
      write.weak = true;
      lock(mutex);
      access();
      unlock();
      addAccess(Instruction::Read, mine == kFlag ? kStopped : kFlag);
    }
  }

  /// Two methods that belong together: one looks before it does something, the other says that
  /// nothing is to be done any more, and relies on it.
  void addCheckThenAct() {
    const bool calledBack = callback_ >= 0 && chance(60);
    const std::uint8_t memory = calledBack ? callbackVariable() : drawn(used_);
    std::uint8_t gate = chance(30) ? std::uint8_t{kFlag} : drawn(used_);
    if (gate == memory)
      gate = kStopped;
    const std::uint8_t mutex = guards_[memory];
    beginFunction("method");
    lock(mutex);
    addAccess(Instruction::Read, gate);
    const std::size_t branch = body().size();
    add(Instruction::BranchUnlessZero);
    ++gates_;
    if (!chance(mix_.nested))
      addAccess(Instruction::Write, memory);
    else
      nested(1);
    --gates_;
    body()[branch].target = here();
    unlock();
    beginFunction("method");
    const bool inSection = chance(70);
    if (inSection)
      lock(mutex);
    addAccess(Instruction::Write, gate).value = 1;
    if (inSection)
      unlock();
    if (calledBack) {
      addCallback(Instruction::Callback);
    } else if (chance(30)) {
      lock(mutex);
      addAccess(Instruction::Read, memory);
      unlock();
    } else {
      addAccess(chance(80) ? Instruction::Read : Instruction::Write, memory);
    }
  }

  std::uint8_t drawn(const std::vector<std::uint8_t> &from) {
    return from[static_cast<std::size_t>(pick(static_cast<int>(from.size())))];
  }

  Instruction &addAccess(Instruction::Kind kind, std::uint8_t variable) {
    Instruction &next = add(kind);
    next.variable = variable;
    next.value = kind == Instruction::Write ? static_cast<std::uint8_t>(1 + pick(2)) : 0;
    count(next);
    return next;
  }

  void addMethod() {
    beginFunction("method");
    if (chance(mix_.bare + mix_.atomics))
      outside();
    if (!chance(mix_.bare))
      section();
    if (chance(mix_.calls)) {
      actions_ = 0;
      call();
    }
    if (chance(12))
      section();
    if (chance(2 * mix_.bare + mix_.atomics / 2))
      maybeGated(70, [&] { outside(); });
    if (body().empty())
      access(used_.front());
  }

  void outside() {
    actions_ = 0;
    if (chance(mix_.calls) && call())
      return;
    if (chance(mix_.atomics))
      access(static_cast<std::uint8_t>(kFlag + pick(2)));
    else
      access();
  }

  void drawThreads(int helpers, int methods) {
    const int threads = 2 + chance(35);
    for (int thread = 0; thread < threads; ++thread) {
      program_.threads.emplace_back();
      const int calls = threads == 2 ? 1 + pick(3) : 1 + chance(40);
      for (int call = 0; call < calls; ++call)
        program_.threads.back().push_back(helpers && chance(10) ? pick(helpers)
                                                                : helpers + pick(methods));
    }
  }

  std::mt19937_64 random_;
  Mix mix_{};
  int gates_ = 0;
  int actions_ = 0; ///< in the section that is being drawn
  int nextValue_ = 0;
  int callback_ = -1; ///< the function that unknown code calls, if any
  bool twoKeys_ = false;
  bool writesStatus_ = false;
};

} // namespace

AbstractProgram randomProgram(std::uint64_t seed) {
  constexpr std::uint64_t attempts = 6;
  for (std::uint64_t attempt = 0;; ++attempt) {
    Drawer drawer(seed * attempts + attempt);
    AbstractProgram program = drawer.draw();
    if (drawer.mayConvert() || attempt + 1 == attempts)
      return program;
  }
}

} // namespace unlatch::soundness
