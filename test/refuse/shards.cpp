// RUN: %check_rewrite %s -std=c++20
// Many mutexes, and more than the map beside one in a section.

#include <array>
#include <memory>
#include <mutex>
#include <unordered_map>

// Two shards in one section.
class OtherShard {
public:
  void move(int from, int to, int k) {
    auto &source = shards_[static_cast<unsigned>(from) % 4];
    auto &target = shards_[static_cast<unsigned>(to) % 4];
    std::lock_guard<std::mutex> lock(source.mu);
    source.m.erase(k);
    // EXPECT: finding unlocked-access @+2
    // EXPECT: field OtherShard::Shard::m keep unsupported-operation @+1
    target.m[k] = 1;
  }
  bool has(int k) {
    auto &shard = shards_[static_cast<unsigned>(k) % 4];
    std::lock_guard<std::mutex> lock(shard.mu);
    return shard.m.count(k) != 0;
  }
  void put(int k) {
    auto &shard = shards_[static_cast<unsigned>(k) % 4];
    std::lock_guard<std::mutex> lock(shard.mu);
    shard.m[k] = 1;
  }

private:
  struct Shard {
    std::mutex mu;
    std::unordered_map<int, int> m;
  };
  std::array<Shard, 4> shards_;
};

// Another object takes its place within the section.
class Renewed {
public:
  void renew(int k) {
    std::unique_lock<std::mutex> lock(state_->mu);
    auto fresh = std::make_unique<State>();
    state_.swap(fresh);
    // EXPECT: field Renewed::State::m keep aliased @+1
    state_->m[k] = 1;
    lock.unlock();
  }
  bool has(int k) {
    std::lock_guard<std::mutex> lock(state_->mu);
    return state_->m.count(k) != 0;
  }

private:
  struct State {
    std::mutex mu;
    std::unordered_map<int, int> m;
  };
  // EXPECT: field Renewed::state_ keep unsupported-operation @+1
  std::unique_ptr<State> state_ = std::make_unique<State>();
};

// The shards are handed out: other code can use their maps.
class HandsOut {
public:
  struct Shard {
    std::mutex mu;
    // EXPECT: field HandsOut::Shard::m convert map
    std::unordered_map<int, int> m;
  };
  Shard &shard(int k) { return shards_[static_cast<unsigned>(k) % 4]; }
  bool has(int k) {
    auto &shard = shards_[static_cast<unsigned>(k) % 4];
    std::lock_guard<std::mutex> lock(shard.mu);
    return shard.m.count(k) != 0;
  }
  void put(int k) {
    auto &shard = shards_[static_cast<unsigned>(k) % 4];
    std::lock_guard<std::mutex> lock(shard.mu);
    shard.m[k] = 1;
  }

private:
  std::array<Shard, 4> shards_;
};
inline std::size_t sizeOf(HandsOut &all, int k) {
  auto &shard = all.shard(k);
  std::lock_guard<std::mutex> lock(shard.mu);
  return shard.m.size();
}
