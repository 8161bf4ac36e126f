// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Hazard pointers and the hand-over (unlatch/reclaim.h), by themselves: an object is destroyed
// exactly once, never while a reader that has validated it is inside, and never left behind.

#include <string>

#include "payload.h"
#include "scenario.h"

namespace {

using namespace unlatch;
using namespace unlatch::model;

/// An object that is destroyed in the call that retires it.
struct thing : reclaim::retired {
  explicit thing(unsigned value) : retired(&destroy_thing), held(value) {}
  static void destroy_thing(reclaim::retired *self) noexcept { delete static_cast<thing *>(self); }

  payload held;
};

void use(const thing *seen) {
  if (seen == nullptr)
    return;
  const unsigned first = seen->held.value();
  yield();
  require(seen->held.value() == first, "changed under its reader");
}

/// As `unlatch::snapshot` does it.
struct fenced {
  static thing *protect(reclaim::hazard &guard, const detail::atomic<thing *> &source) {
    return guard.protect(source);
  }
  static void read(const detail::atomic<thing *> &source) {
    reclaim::hazard guard;
    use(protect(guard, source));
  }
  static void retire(thing *old) { reclaim::retire_fenced(old); }
};

/// As a look-up of `unlatch::map` does it with tables: what is not the usual case is done again.
struct quick : fenced {
  static void read(const detail::atomic<thing *> &source) {
    reclaim::quick_hazard guard;
    if (thing *const seen = guard.try_protect(source)) {
      use(seen);
      guard.drop();
    } else {
      fenced::read(source);
    }
  }
};

/// As `unlatch::map` does it with entries that have destructors.
struct strong {
  static thing *protect(reclaim::hazard &guard, const detail::atomic<thing *> &source) {
    guard.take_slot();
    for (thing *seen = source.load();;) {
      guard.announce_strongly(seen);
      thing *const again = source.load();
      if (again == seen) {
        guard.pass_on();
        return seen;
      }
      seen = again;
    }
  }
  static void read(const detail::atomic<thing *> &source) {
    reclaim::hazard guard;
    use(protect(guard, source));
  }
  static void retire(thing *old) { reclaim::retire(old); }
};

template <class How> struct shared_thing {
  void read() { How::read(source); }
  void replace(thing *fresh) {
    if (thing *const old = source.exchange(fresh))
      How::retire(old);
  }
  /// With no reader inside, nothing is left but what can still be reached.
  void end() {
    thing *const last = source.load();
    require(payload::alive == (last != nullptr ? 1U : 0U), "destroyed twice, or left behind");
    replace(nullptr);
    require(payload::alive == 0, "not destroyed by the call that retired it");
  }

  static thing *make_first() {
    payload::alive = 0;
    return new thing(1);
  }

  detail::atomic<thing *> source{make_first()};
};

template <class How> struct one_reader : shared_thing<How> {
  static constexpr unsigned threads = 2;
  void thread(unsigned index) {
    if (index == 0)
      this->read();
    else
      this->replace(nullptr);
  }
};

/// The one who removes the object has read it too.
template <class How> struct two_readers : shared_thing<How> {
  static constexpr unsigned threads = 3;
  void thread(unsigned index) {
    this->read();
    if (index == 0)
      this->replace(nullptr);
  }
};

/// A reader that announces one object after another, and one of them while the next is retired.
template <class How> struct two_writers : shared_thing<How> {
  static constexpr unsigned threads = 3;
  void thread(unsigned index) {
    if (index == 0)
      this->read();
    else
      this->replace(new thing(index + 1));
  }
};

/// A reader inside a reader, which takes another slot.
template <class How> struct nested_readers : shared_thing<How> {
  static constexpr unsigned threads = 2;
  void thread(unsigned index) {
    if (index == 1) {
      this->replace(new thing(2));
      this->replace(new thing(3));
      return;
    }
    reclaim::hazard guard;
    thing *const seen = How::protect(guard, this->source);
    this->read();
    use(seen);
  }
};

/// The writer is a reader of the same object, as in an update, and both of them may be.
template <class How> struct reading_writers : shared_thing<How> {
  static constexpr unsigned threads = 2;
  void thread(unsigned index) {
    reclaim::hazard guard;
    thing *seen = How::protect(guard, this->source);
    use(seen);
    thing *const fresh = new thing(seen->held.value() + index);
    if (this->source.compare_exchange_strong(seen, fresh)) {
      guard.drop();
      How::retire(seen);
    } else {
      delete fresh;
    }
  }
};

/// Memory without a destructor, held back until a thread ends.
struct held_back_memory {
  static constexpr unsigned threads = 3;

  void thread(unsigned index) {
    if (index == 0) {
      replace(new plain_payload(2));
    } else {
      reclaim::hazard guard;
      const plain_payload *const seen = guard.protect(source);
      const unsigned first = seen->value();
      yield();
      require(seen->value() == first, "changed under its reader");
    }
  }
  void replace(plain_payload *fresh) {
    plain_payload *const old = source.exchange(fresh);
    static_cast<void>(reclaim::free_slot()); // so that there is a record to hold it back
    reclaim::retire_later(old, sizeof(plain_payload));
  }
  void end() { replace(nullptr); }

  detail::atomic<plain_payload *> source{new plain_payload(1)};
};

/// Records are taken and given back, with a guard that outlives its thread.
template <class How> struct guard_outlives_thread : shared_thing<How> {
  static constexpr unsigned threads = 3;

  void thread(unsigned index) {
    if (index == 0) {
      auto *const guard = new reclaim::hazard;
      seen = How::protect(*guard, this->source);
      left_over.store(guard);
    } else if (index == 1) {
      this->replace(new thing(2));
    } else {
      this->read();
      if (reclaim::hazard *const guard = left_over.exchange(nullptr)) {
        use(seen);
        delete guard;
      }
    }
  }
  void end() {
    if (reclaim::hazard *const guard = left_over.load()) {
      use(seen);
      delete guard;
    }
    shared_thing<How>::end();
  }

  thing *seen = nullptr;
  detail::atomic<reclaim::hazard *> left_over{nullptr};
};

template <class How> void add_all(const std::string &kind) {
  add_scenario<one_reader<How>>("one reader, " + kind, 12000);
  add_scenario<two_readers<How>>("two readers, " + kind, 12000);
  add_scenario<two_writers<How>>("two writers, " + kind, 12000);
  add_scenario<nested_readers<How>>("nested readers, " + kind, 12000);
  add_scenario<reading_writers<How>>("reading writers, " + kind, 12000);
  add_scenario<guard_outlives_thread<How>>("guard outlives thread, " + kind, 12000);
}

} // namespace

int main(int count, char **arguments) {
  add_all<fenced>("fenced");
  add_all<quick>("quick");
  add_all<strong>("strong");
  add_scenario<held_back_memory>("held back memory", 12000);
  return run(count, arguments);
}
