#ifndef STORE_H
#define STORE_H

#include <stddef.h>

#ifdef __cplusplus
#include <map>
#include <mutex>

class Store {
public:
  void put(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }
  bool has(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    return m_.count(k) != 0;
  }

private:
  std::mutex mu_;
  std::map<int, int> m_;
};

extern "C" {
#endif
size_t store_size(void);
#ifdef __cplusplus
}
#endif

#endif
