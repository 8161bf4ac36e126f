// RUN: %check_rewrite %s -std=c++20
// template-dependent: the text means several things.

#include <mutex>
#include <string>
#include <unordered_map>

using Counts = std::unordered_map<int, int>;

template <class K> class Generic {
public:
  void put(const K &k, int v) {
    // EXPECT: field Generic::m_ keep template-dependent @+1
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }
  bool has(const K &k) {
    std::lock_guard<std::mutex> lock(mu_);
    return m_.count(k) != 0;
  }

private:
  std::mutex mu_;
  std::unordered_map<K, int> m_;
};
template class Generic<int>;
template class Generic<std::string>;

class GenericMember {
public:
  template <class T> void put(int k, T v) {
    // EXPECT: field GenericMember::m_ keep template-dependent @+1
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = static_cast<int>(v);
  }
  void drop(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    m_.erase(k);
  }

private:
  std::mutex mu_;
  Counts m_;
};
template void GenericMember::put(int, long);

// Used through a dependent base.
class Base {
protected:
  std::mutex mu_;
  Counts m_;
};
template <class T> class Derived : public Base {
public:
  void put(int k, T v) {
    // EXPECT: field Base::m_ keep template-dependent @+1
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = static_cast<int>(v);
  }
  void drop(int k) {
    std::lock_guard<std::mutex> lock(this->mu_);
    this->m_.erase(k);
  }
};
template class Derived<int>;

template <class T> class Holder {
public:
  void set(const T &v) {
    std::lock_guard<std::mutex> lock(mu_);
    // EXPECT: field Holder::value_ keep template-dependent @+1
    value_ = v;
  }
  T get() const {
    std::lock_guard<std::mutex> lock(mu_);
    return value_;
  }

private:
  mutable std::mutex mu_;
  T value_{};
};
template class Holder<int>;
template class Holder<long>;
