// RUN: %check_rewrite %s -std=c++20
// Local variables that other threads may use, and sections that use them beside a map.

#include <algorithm>
#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

struct Stats {
  long n = 0;
};

// Captured by reference by two threads.
class CapturedByReference {
public:
  void put(int k, Stats &s) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = 1;
    // EXPECT: field CapturedByReference::m_ keep spans-fields @+1
    s.n++;
  }
  bool has(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    return m_.count(k) != 0;
  }

private:
  std::mutex mu_;
  std::unordered_map<int, int> m_;
};
inline long capturedByReference() {
  Stats s;
  CapturedByReference t;
  std::thread a([&] { t.put(1, s); });
  std::thread b([&] { t.put(2, s); });
  a.join();
  b.join();
  return s.n;
}

// A pointer to it is captured by copy, by a lambda that is copied into two threads.
class CapturedByPointer {
public:
  void put(int k, Stats *s) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = 1;
    // EXPECT: field CapturedByPointer::m_ keep spans-fields @+1
    s->n++;
  }
  bool has(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    return m_.count(k) != 0;
  }

private:
  std::mutex mu_;
  std::unordered_map<int, int> m_;
};
inline long capturedByPointer() {
  Stats s;
  CapturedByPointer t;
  Stats *p = &s;
  auto run = [&t, p] { t.put(1, p); };
  std::thread a(run);
  std::thread b(run);
  a.join();
  b.join();
  return s.n;
}

// A number, by threads that stand in a container.
class NumberOfThreads {
public:
  void put(int k, long &n) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = 1;
    // EXPECT: field NumberOfThreads::m_ keep spans-fields @+1
    ++n;
  }
  bool has(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    return m_.count(k) != 0;
  }

private:
  std::mutex mu_;
  std::unordered_map<int, int> m_;
};
inline long numberOfThreads() {
  long n = 0;
  NumberOfThreads t;
  std::vector<std::thread> all;
  for (int i = 0; i < 3; ++i)
    all.emplace_back([&, i] { t.put(i, n); });
  for (auto &each : all)
    each.join();
  return n;
}

// Its address stands in a global variable.
class Published {
public:
  void put(int k, Stats &s) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = 1;
    // EXPECT: field Published::m_ keep spans-fields @+1
    s.n++;
  }
  bool has(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    return m_.count(k) != 0;
  }

private:
  std::mutex mu_;
  std::unordered_map<int, int> m_;
};
inline Stats *published;
inline Published publishing;
inline void usePublished() { publishing.put(1, *published); }
inline long publish() {
  Stats s;
  published = &s;
  std::thread a(usePublished);
  publishing.put(2, s);
  a.join();
  return s.n;
}

// std::ref leads to it.
class PassedByRef {
public:
  void put(int k, Stats &s) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = 1;
    // EXPECT: field PassedByRef::m_ keep spans-fields @+1
    s.n++;
  }
  bool has(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    return m_.count(k) != 0;
  }

private:
  std::mutex mu_;
  std::unordered_map<int, int> m_;
};
inline long passedByRef() {
  Stats s;
  PassedByRef t;
  std::thread a(&PassedByRef::put, &t, 1, std::ref(s));
  t.put(2, s);
  a.join();
  return s.n;
}

// A member of an object that a thread runs refers to it.
class HeldByObject {
public:
  void put(int k, Stats &s) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = 1;
    // EXPECT: field HeldByObject::m_ keep spans-fields @+1
    s.n++;
  }
  bool has(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    return m_.count(k) != 0;
  }

private:
  std::mutex mu_;
  std::unordered_map<int, int> m_;
};
struct Job {
  Stats &s;
  HeldByObject &t;
  void operator()() { t.put(1, s); }
};
inline long heldByObject() {
  Stats s;
  HeldByObject t;
  Job job{s, t};
  std::thread a(job);
  t.put(2, s);
  a.join();
  return s.n;
}

// A parameter of the function around the lambda.
class ParameterAround {
public:
  void put(const std::vector<int> &keys, Stats &s) {
    std::for_each(keys.begin(), keys.end(), [&](int k) {
      std::lock_guard<std::mutex> lock(mu_);
      m_[k] = 1;
      // EXPECT: field ParameterAround::m_ keep spans-fields @+1
      s.n++;
    });
  }
  bool has(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    return m_.count(k) != 0;
  }

private:
  std::mutex mu_;
  std::unordered_map<int, int> m_;
};

// A lambda that two threads run adds to what it has captured.
class CalledBack {
public:
  void put(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = 1;
  }
  long count(int k) {
    long sum = 0;
    const auto add = [&] {
      std::lock_guard<std::mutex> lock(mu_);
      if (m_.count(k) != 0)
        // EXPECT: field CalledBack::m_ keep spans-fields @+1
        ++sum;
    };
    std::thread a(add);
    std::thread b(add);
    a.join();
    b.join();
    return sum;
  }

private:
  std::mutex mu_;
  std::unordered_map<int, int> m_;
};

// Read through one parameter, written through another.
class ReadThroughParameter {
public:
  void put(int k, const Stats &s) {
    std::lock_guard<std::mutex> lock(mu_);
    // EXPECT: field ReadThroughParameter::m_ keep spans-fields @+1
    m_[k] = s.n;
  }
  void add(Stats &s) {
    std::lock_guard<std::mutex> lock(mu_);
    s.n++;
  }
  bool has(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    return m_.count(k) != 0;
  }

private:
  std::mutex mu_;
  std::unordered_map<int, long> m_;
};
class NumberThroughParameter {
public:
  void put(int k, const long &n) {
    // EXPECT: field NumberThroughParameter::m_ keep spans-fields @+1
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = n;
  }
  void add(long *n) {
    std::lock_guard<std::mutex> lock(mu_);
    ++*n;
  }
  bool has(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    return m_.count(k) != 0;
  }

private:
  std::mutex mu_;
  std::unordered_map<int, long> m_;
};
struct Plain {
  long n = 0;
};
class WholeThroughParameter {
public:
  void put(int k, const Plain &s) {
    // EXPECT: field WholeThroughParameter::m_ keep spans-fields @+1
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = s.n;
  }
  void reset(Plain &s) {
    std::lock_guard<std::mutex> lock(mu_);
    s = Plain();
  }
  bool has(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    return m_.count(k) != 0;
  }

private:
  std::mutex mu_;
  std::unordered_map<int, long> m_;
};
inline Stats shared;
inline Plain sharedPlain;
inline long sharedNumber;
inline void readsAndWrites(ReadThroughParameter &a, NumberThroughParameter &b,
                           WholeThroughParameter &c, ParameterAround &d) {
  a.put(1, shared);
  a.add(shared);
  b.put(1, sharedNumber);
  b.add(&sharedNumber);
  c.put(1, sharedPlain);
  c.reset(sharedPlain);
  d.put({1}, shared);
}

// Lookalikes: what is used is the thread's own.
struct Sum {
  long n = 0;
};
class OwnOfCaller {
public:
  void put(int k, Sum &s, long &n) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = 1;
    s.n++;
    ++n;
  }
  bool has(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    return m_.count(k) != 0;
  }

private:
  std::mutex mu_;
  // EXPECT: field OwnOfCaller::m_ convert map
  std::unordered_map<int, int> m_;
};
inline long ownOfCaller(OwnOfCaller &t, const std::vector<int> &keys) {
  Sum s;
  long n = 0;
  t.put(1, s, n);
  std::for_each(keys.begin(), keys.end(), [&](int k) { s.n += k; });
  auto add = [&] { ++n; };
  add();
  return s.n + n;
}
class ReadsOfCaller {
public:
  void put(int k, const std::string &name, const Sum &s) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = s.n + static_cast<long>(name.size());
  }
  bool get(int k, long &n) {
    std::lock_guard<std::mutex> lock(mu_);
    auto it = m_.find(k);
    if (it == m_.end())
      return false;
    n = it->second;
    return true;
  }

private:
  std::mutex mu_;
  // EXPECT: field ReadsOfCaller::m_ convert map
  std::unordered_map<int, long> m_;
};
// A smart pointer leads to what others may use; itself it is the function's own. The key is read
// once, by one operation, and was read twice.
struct Task {
  explicit Task(std::string given) : name(std::move(given)) {}
  void run() {
    std::thread([this] { started = true; }).join();
  }
  std::string name;
  std::atomic<bool> started{false};
};
class Jobs {
public:
  bool start(const Stats &given, const std::string &name) {
    std::shared_ptr<Task> job;
    {
      std::lock_guard<std::mutex> lock(mu_);
      if (jobs_.find(given.n) != jobs_.end())
        return false;
      job = std::make_shared<Task>(name);
      jobs_[given.n] = job;
    }
    return launch(job);
  }
  bool add(long id, const std::string &name) {
    auto job = std::make_shared<Task>(name);
    {
      std::lock_guard<std::mutex> lock(mu_);
      jobs_.emplace(id, job);
    }
    return launch(job);
  }
  bool has(long id) {
    std::lock_guard<std::mutex> lock(mu_);
    return jobs_.count(id) != 0;
  }

private:
  static bool launch(const std::shared_ptr<Task> &job) {
    job->run();
    return !job->name.empty() && job.get()->started;
  }
  std::mutex mu_;
  // EXPECT: field Jobs::jobs_ convert map
  std::unordered_map<long, std::shared_ptr<Task>> jobs_;
};

int main() {
  OwnOfCaller own;
  Jobs jobs;
  ReadsOfCaller reads;
  ReadThroughParameter a;
  NumberThroughParameter b;
  WholeThroughParameter c;
  ParameterAround d;
  CalledBack e;
  auto run = [&] {
    readsAndWrites(a, b, c, d);
    ownOfCaller(own, {1, 2});
    long n = 0;
    reads.put(1, "one", Sum{2});
    reads.get(1, n);
    e.put(1);
    e.count(1);
    jobs.start(Stats{1}, "one");
    jobs.add(2, "two");
  };
  std::thread first(run), second(run);
  first.join();
  second.join();
  return capturedByReference() + capturedByPointer() + numberOfThreads() + publish() +
                     passedByRef() + heldByObject() ==
                 13
             ? 0
             : 1;
}
