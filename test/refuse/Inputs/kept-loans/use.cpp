#include "keeper.h"

#include <mutex>
#include <unordered_map>

class ByPointer {
public:
  void put(int k, long v) {
    Slot slot;
    // EXPECT: field ByPointer::m_ keep aliased @+1
    keep(&slot);
    std::lock_guard<std::mutex> lock(mu_);
    slot.value += v;
    m_[k] = slot.value;
  }
  bool has(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    return m_.count(k) != 0;
  }

private:
  std::mutex mu_;
  std::unordered_map<int, long> m_;
};

class ByReference {
public:
  void put(int k, long v) {
    Slot slot;
    // EXPECT: field ByReference::m_ keep aliased @+1
    keepByReference(slot);
    std::lock_guard<std::mutex> lock(mu_);
    slot.value += v;
    m_[k] = slot.value;
  }
  bool has(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    return m_.count(k) != 0;
  }

private:
  std::mutex mu_;
  std::unordered_map<int, long> m_;
};

class PassedOn {
public:
  void put(int k, long v) {
    Slot slot;
    // EXPECT: field PassedOn::m_ keep aliased @+1
    passOn(&slot);
    std::lock_guard<std::mutex> lock(mu_);
    slot.value += v;
    m_[k] = slot.value;
  }
  bool has(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    return m_.count(k) != 0;
  }

private:
  std::mutex mu_;
  std::unordered_map<int, long> m_;
};

class Object {
public:
  void put(int k, long v) {
    Kept slot;
    // EXPECT: field Object::m_ keep aliased @+1
    slot.enroll();
    std::lock_guard<std::mutex> lock(mu_);
    slot.value += v;
    m_[k] = slot.value;
  }
  bool has(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    return m_.count(k) != 0;
  }

private:
  std::mutex mu_;
  std::unordered_map<int, long> m_;
};

class ByVirtualCall {
public:
  void put(int k, long v) {
    Slot slot;
    // EXPECT: field ByVirtualCall::m_ keep aliased @+1
    sink().take(slot);
    std::lock_guard<std::mutex> lock(mu_);
    slot.value += v;
    m_[k] = slot.value;
  }
  bool has(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    return m_.count(k) != 0;
  }

private:
  std::mutex mu_;
  std::unordered_map<int, long> m_;
};

class ByConstructor {
public:
  void put(int k, long v) {
    Slot slot;
    // EXPECT: field ByConstructor::m_ keep aliased @+1
    Holder holder(slot);
    std::lock_guard<std::mutex> lock(mu_);
    slot.value += v;
    m_[k] = slot.value;
  }
  bool has(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    return m_.count(k) != 0;
  }

private:
  std::mutex mu_;
  std::unordered_map<int, long> m_;
};

class ByAnotherName {
public:
  void put(int k, long v) {
    Slot slot;
    Slot *same = &slot;
    // EXPECT: field ByAnotherName::m_ keep aliased @+1
    keep(&slot);
    std::lock_guard<std::mutex> lock(mu_);
    same->value += v;
    m_[k] = same->value;
  }
  bool has(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    return m_.count(k) != 0;
  }

private:
  std::mutex mu_;
  std::unordered_map<int, long> m_;
};

// It is handed on after the section, in which it is not used.
class Elsewhere {
public:
  // EXPECT: field Elsewhere::m_ convert map
  void put(int k, long v) {
    {
      std::lock_guard<std::mutex> lock(mu_);
      m_[k] = v;
    }
    Slot slot;
    keep(&slot);
    slot.value += v;
  }
  bool has(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    return m_.count(k) != 0;
  }

private:
  std::mutex mu_;
  std::unordered_map<int, long> m_;
};

class OnlyLooked {
public:
  void put(int k, long v) {
    Slot slot;
    // EXPECT: field OnlyLooked::m_ convert map
    look(&slot);
    std::lock_guard<std::mutex> lock(mu_);
    slot.value += v;
    m_[k] = slot.value;
  }
  bool has(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    return m_.count(k) != 0;
  }

private:
  std::mutex mu_;
  std::unordered_map<int, long> m_;
};

class OnlyAdded {
public:
  void put(int k, long v) {
    Slot slot;
    // EXPECT: field OnlyAdded::m_ convert map
    (void)sum(slot, slot);
    std::lock_guard<std::mutex> lock(mu_);
    slot.value += v;
    m_[k] = slot.value;
  }
  bool has(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    return m_.count(k) != 0;
  }

private:
  std::mutex mu_;
  std::unordered_map<int, long> m_;
};

class OnlyFilled {
public:
  void put(int k, long v) {
    Slot slot;
    // EXPECT: field OnlyFilled::m_ convert map
    source().fill(slot);
    std::lock_guard<std::mutex> lock(mu_);
    slot.value += v;
    m_[k] = slot.value;
  }
  bool has(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    return m_.count(k) != 0;
  }

private:
  std::mutex mu_;
  std::unordered_map<int, long> m_;
};

class ObjectOnlyAsked {
public:
  void put(int k, long v) {
    Kept slot;
    // EXPECT: field ObjectOnlyAsked::m_ convert map
    (void)slot.doubled();
    std::lock_guard<std::mutex> lock(mu_);
    slot.value += v;
    m_[k] = slot.value;
  }
  bool has(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    return m_.count(k) != 0;
  }

private:
  std::mutex mu_;
  std::unordered_map<int, long> m_;
};

int main() {
  {
    static ByAnotherName table;
    table.put(1, 2);
    std::printf("ByAnotherName %d %d\n", table.has(1), table.has(2));
  }
  {
    static Elsewhere table;
    table.put(1, 2);
    std::printf("Elsewhere %d %d\n", table.has(1), table.has(2));
  }
  {
    static ByPointer table;
    table.put(1, 2);
    std::printf("ByPointer %d %d\n", table.has(1), table.has(2));
  }
  {
    static ByReference table;
    table.put(1, 2);
    std::printf("ByReference %d %d\n", table.has(1), table.has(2));
  }
  {
    static PassedOn table;
    table.put(1, 2);
    std::printf("PassedOn %d %d\n", table.has(1), table.has(2));
  }
  {
    static Object table;
    table.put(1, 2);
    std::printf("Object %d %d\n", table.has(1), table.has(2));
  }
  {
    static ByVirtualCall table;
    table.put(1, 2);
    std::printf("ByVirtualCall %d %d\n", table.has(1), table.has(2));
  }
  {
    static ByConstructor table;
    table.put(1, 2);
    std::printf("ByConstructor %d %d\n", table.has(1), table.has(2));
  }
  {
    static OnlyLooked table;
    table.put(1, 2);
    std::printf("OnlyLooked %d %d\n", table.has(1), table.has(2));
  }
  {
    static OnlyAdded table;
    table.put(1, 2);
    std::printf("OnlyAdded %d %d\n", table.has(1), table.has(2));
  }
  {
    static OnlyFilled table;
    table.put(1, 2);
    std::printf("OnlyFilled %d %d\n", table.has(1), table.has(2));
  }
  {
    static ObjectOnlyAsked table;
    table.put(1, 2);
    std::printf("ObjectOnlyAsked %d %d\n", table.has(1), table.has(2));
  }
}
