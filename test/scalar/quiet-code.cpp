// Code that runs in a section without being named, and does nothing that others could see.
// RUN: %check_rewrite %s -std=c++20
#include <algorithm>
#include <cstdio>
#include <map>
#include <memory>
#include <mutex>
#include <numeric>
#include <set>
#include <span>
#include <string>
#include <tuple>
#include <vector>

struct Point {
  int x = 0;
  int y = 0;
  Point() = default;
  Point(int a, int b) : x(a), y(b) {}
  Point(const Point &other) : x(other.x), y(other.y) {}
  Point &operator=(const Point &other) {
    x = other.x;
    y = other.y;
    return *this;
  }
  ~Point() { x = 0; }
  bool operator==(const Point &other) const { return x == other.x && y == other.y; }
  friend bool operator<(const Point &a, const Point &b) { return std::tie(a.x, a.y) < std::tie(b.x, b.y); }
  int norm() const { return x * x + y * y; }
};
struct ByNorm {
  bool operator()(const Point &a, const Point &b) const { return a.norm() < b.norm(); }
};

class Swapped {
public:
  int swapped(Point a, Point b) {
    std::lock_guard<std::mutex> lock(mu_);
    ++n_;
    std::swap(a, b);
    return a.x;
  }
  int asked() {
    std::lock_guard<std::mutex> lock(mu_);
    return n_;
  }

private:
  std::mutex mu_;
  // EXPECT: field Swapped::n_ convert atomic
  int n_ = 0;
};

class Sorted {
public:
  int largest(std::vector<Point> points) {
    std::lock_guard<std::mutex> lock(mu_);
    ++n_;
    std::sort(points.begin(), points.end(), ByNorm{});
    return points.back().x;
  }
  int asked() {
    std::lock_guard<std::mutex> lock(mu_);
    return n_;
  }

private:
  std::mutex mu_;
  // EXPECT: field Sorted::n_ convert atomic
  int n_ = 0;
};

class Collected {
public:
  std::size_t distinct(const std::vector<Point> &points) {
    std::lock_guard<std::mutex> lock(mu_);
    ++n_;
    std::set<Point, ByNorm> all;
    std::map<Point, int> counts;
    for (const Point &each : points) {
      all.insert(each);
      counts[each] += 1;
    }
    std::vector<Point> copies(all.begin(), all.end());
    copies.resize(copies.size() + 1);
    return copies.size() + counts.size();
  }
  int asked() {
    std::lock_guard<std::mutex> lock(mu_);
    return n_;
  }

private:
  std::mutex mu_;
  // EXPECT: field Collected::n_ convert atomic
  int n_ = 0;
};

struct Line {
  Point from, to;
};

class Copied {
public:
  int length(const Line &line) {
    std::lock_guard<std::mutex> lock(mu_);
    ++n_;
    Line mine = line;
    Line other;
    other = mine;
    auto [from, to] = other;
    return from.x + to.x;
  }
  int asked() {
    std::lock_guard<std::mutex> lock(mu_);
    return n_;
  }

private:
  std::mutex mu_;
  // EXPECT: field Copied::n_ convert atomic
  int n_ = 0;
};

class Made {
public:
  int made() {
    std::lock_guard<std::mutex> lock(mu_);
    ++n_;
    auto shared = std::make_shared<Point>(1, 2);
    shared->y = 5;
    const std::unique_ptr<Point> own(new Point(3, 4));
    return shared->x + own->y;
  }
  int asked() {
    std::lock_guard<std::mutex> lock(mu_);
    return n_;
  }

private:
  std::mutex mu_;
  // EXPECT: field Made::n_ convert atomic
  int n_ = 0;
};

// Iterators and views of what is local.
class Walked {
public:
  int sum(int count) {
    std::lock_guard<std::mutex> lock(mu_);
    ++n_;
    std::vector<int> numbers(static_cast<std::size_t>(count));
    std::iota(numbers.begin(), numbers.end(), 1);
    auto it = numbers.begin();
    *it = 7;
    const std::span<int> all(numbers);
    all[1] += 2;
    std::reverse(numbers.begin(), numbers.end());
    int total = 0;
    for (auto each = numbers.rbegin(); each != numbers.rend(); ++each)
      total += *each;
    return total + *std::max_element(numbers.begin(), numbers.end());
  }
  int asked() {
    std::lock_guard<std::mutex> lock(mu_);
    return n_;
  }

private:
  std::mutex mu_;
  // EXPECT: field Walked::n_ convert atomic
  int n_ = 0;
};

int main() {
  Swapped swapped;
  Sorted sorted;
  Collected collected;
  Copied copied;
  Made made;
  Walked walked;
  const std::vector<Point> points{{1, 2}, {3, 4}, {1, 2}};
  std::printf("%d %d %zu %d %d %d\n", swapped.swapped({1, 2}, {0, 5}), sorted.largest(points),
              collected.distinct(points), copied.length({{1, 2}, {3, 4}}), made.made(),
              walked.sum(4));
  std::printf("%d %d %d %d %d %d\n", swapped.asked(), sorted.asked(), collected.asked(),
              copied.asked(), made.asked(), walked.asked());
}
