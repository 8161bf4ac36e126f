// RUN: %check_alone %s -std=c++20
// Look-ups that are no `load`.

#include <cstring>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

using Names = std::unordered_map<int, std::string>;

// A function that keeps what it is lent, at second hand.
inline const char *lastText = nullptr;
inline const std::string *lastName = nullptr;
inline std::string_view lastView;
inline void keepName(const std::string &name) { lastName = &name; }
inline void noteName(const std::string &name) { keepName(name); }
inline void noteText(const std::string &name) { lastText = name.c_str(); }
inline void noteView(const std::string &name) { lastView = name; }

struct Enrolled {
  int id = 0;
  void enrol() const;
  const int *place() const { return &id; }
};
inline thread_local const Enrolled *current = nullptr;
inline void Enrolled::enrol() const { current = this; }

class ReturnsReference {
public:
  const std::string &get(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    // EXPECT: field ReturnsReference::m_ keep escapes-reference @+1
    return m_[k];
  }
  void put(int k, const std::string &v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }

private:
  std::mutex mu_;
  Names m_;
};

class ReturnsText {
public:
  const char *get(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    auto it = m_.find(k);
    // EXPECT: field ReturnsText::m_ keep escapes-reference @+1
    return it == m_.end() ? nullptr : it->second.c_str();
  }
  void put(int k, const std::string &v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }

private:
  std::mutex mu_;
  Names m_;
};

// The text is used after the early unlock.
class TextAfterUnlock {
public:
  std::size_t length(int k) {
    std::unique_lock<std::mutex> lock(mu_);
    auto it = m_.find(k);
    if (it == m_.end())
      return 0;
    const char *text = it->second.c_str();
    lock.unlock();
    // EXPECT: field TextAfterUnlock::m_ keep escapes-reference @+1
    return std::strlen(text);
  }
  void put(int k, const std::string &v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }

private:
  std::mutex mu_;
  Names m_;
};

// A view is a pointer with another name.
class ViewOut {
public:
  std::string_view get(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    if (auto it = m_.find(k); it != m_.end())
      // EXPECT: field ViewOut::m_ keep escapes-reference @+1
      return it->second;
    return {};
  }
  void put(int k, const std::string &v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }

private:
  std::mutex mu_;
  Names m_;
};

class ReferenceInBlock {
public:
  std::string get(int k) {
    mu_.lock();
    auto &v = m_[k];
    mu_.unlock();
    // EXPECT: field ReferenceInBlock::m_ keep escapes-reference @+1
    return v;
  }
  void put(int k, const std::string &v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }

private:
  std::mutex mu_;
  Names m_;
};

class PointerOutParameter {
public:
  bool get(int k, const std::string **out) {
    std::lock_guard<std::mutex> lock(mu_);
    auto it = m_.find(k);
    if (it == m_.end())
      return false;
    // EXPECT: field PointerOutParameter::m_ keep escapes-reference @+1
    *out = &it->second;
    return true;
  }
  void put(int k, const std::string &v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }

private:
  std::mutex mu_;
  Names m_;
};

class CapturedReference {
public:
  // EXPECT: field CapturedReference::m_ keep escapes-reference @+1
  std::function<std::size_t()> later(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    auto &v = m_[k];
    return [&v] { return v.size(); };
  }
  void put(int k, const std::string &v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }

private:
  std::mutex mu_;
  Names m_;
};

class IteratorReturned {
public:
  Names::const_iterator get(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    // EXPECT: field IteratorReturned::m_ keep escapes-reference @+1
    return m_.find(k);
  }
  void put(int k, const std::string &v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }

private:
  std::mutex mu_;
  Names m_;
};

class KeptAtSecondHand {
public:
  void note(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    auto it = m_.find(k);
    if (it != m_.end())
      // EXPECT: field KeptAtSecondHand::m_ keep escapes-reference @+1
      noteName(it->second);
  }
  void put(int k, const std::string &v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }

private:
  std::mutex mu_;
  Names m_;
};

class KeptText {
public:
  void note(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    auto it = m_.find(k);
    if (it != m_.end())
      // EXPECT: field KeptText::m_ keep escapes-reference @+1
      noteText(it->second);
  }
  void put(int k, const std::string &v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }

private:
  std::mutex mu_;
  Names m_;
};

class KeptView {
public:
  void note(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    auto it = m_.find(k);
    if (it != m_.end())
      // EXPECT: field KeptView::m_ keep escapes-reference @+1
      noteView(it->second);
  }
  void put(int k, const std::string &v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }

private:
  std::mutex mu_;
  Names m_;
};

// The element's own method keeps where it lives.
class MethodKeepsThis {
public:
  void use(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    auto it = m_.find(k);
    if (it != m_.end())
      // EXPECT: field MethodKeepsThis::m_ keep escapes-reference @+1
      it->second.enrol();
  }
  void put(int k, int id) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = Enrolled{id};
  }

private:
  std::mutex mu_;
  std::unordered_map<int, Enrolled> m_;
};

class MemberAddress {
public:
  const int *use(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    auto it = m_.find(k);
    // EXPECT: field MemberAddress::m_ keep escapes-reference @+1
    return it != m_.end() ? it->second.place() : nullptr;
  }
  void put(int k, int id) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = Enrolled{id};
  }

private:
  std::mutex mu_;
  std::unordered_map<int, Enrolled> m_;
};

// The key found is not the key asked for by the second look-up.
class TwoKeys {
public:
  std::string pair(int a, int b) {
    std::lock_guard<std::mutex> lock(mu_);
    auto x = m_.find(a);
    // EXPECT: field TwoKeys::m_ keep multi-key @+1
    auto y = m_.find(b);
    return x != m_.end() && y != m_.end() ? x->second + y->second : "";
  }
  void put(int k, const std::string &v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }

private:
  std::mutex mu_;
  Names m_;
};

class ReadsInLoop {
public:
  std::size_t sum(const std::vector<int> &keys) {
    std::lock_guard<std::mutex> lock(mu_);
    std::size_t n = 0;
    for (int k : keys)
      // EXPECT: field ReadsInLoop::m_ keep multi-key @+1
      n += m_[k].size();
    return n;
  }
  void put(int k, const std::string &v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }

private:
  std::mutex mu_;
  Names m_;
};

// The alias chain.
class Aliases {
public:
  int resolve(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    auto it = m_.find(k);
    while (it != m_.end() && it->second != k) {
      k = it->second;
      // EXPECT: field Aliases::m_ keep multi-key @+1
      it = m_.find(k);
    }
    return k;
  }
  void put(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }

private:
  std::mutex mu_;
  std::unordered_map<int, int> m_;
};

// One step of it.
class Indirect {
public:
  int resolve(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    auto it = m_.find(k);
    if (it == m_.end())
      return -1;
    // EXPECT: field Indirect::m_ keep multi-key @+1
    return m_.count(it->second) ? it->second : -1;
  }
  void put(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }

private:
  std::mutex mu_;
  std::unordered_map<int, int> m_;
};

// The iterator of another object's map is compared.
class OtherEnd {
public:
  bool has(int k, OtherEnd &other) {
    std::lock_guard<std::mutex> lock(mu_);
    // EXPECT: field OtherEnd::m_ keep escapes-reference @+2
    // EXPECT: finding unlocked-access @+1
    return m_.find(k) != other.m_.end();
  }
  void put(int k, const std::string &v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }

private:
  std::mutex mu_;
  Names m_;
};

class OtherMap {
public:
  bool has(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    // EXPECT: field OtherMap::a_ keep escapes-reference @+1
    return a_.find(k) != b_.end();
  }
  void put(int k, const std::string &v) {
    std::lock_guard<std::mutex> lock(mu_);
    a_[k] = v;
  }

private:
  std::mutex mu_;
  // EXPECT: field OtherMap::b_ keep unsupported-operation @+1
  Names a_, b_;
};
