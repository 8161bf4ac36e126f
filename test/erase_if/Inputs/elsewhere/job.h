// Jobs, of which some can be asked without an exception.
#pragma once

#include <atomic>
#include <string>

class Job {
public:
  explicit Job(int steps) : left_(steps) {}
  bool isFinished() const;       // throws nothing
  bool isFinishedOrThrow() const; // throws
  bool isPast(int limit) const;  // calls one that throws
  int count(int depth) const;    // calls itself

private:
  std::atomic<int> left_;
};

class Watcher {
public:
  virtual ~Watcher() = default;
  virtual bool isDone(int value) const = 0;
};

class Limit : public Watcher {
public:
  bool isDone(int value) const override;
};

class Strict : public Watcher {
public:
  bool isDone(int value) const override;
};

class Rule {
public:
  virtual ~Rule() = default;
  virtual bool isMet(int value) const;
};
