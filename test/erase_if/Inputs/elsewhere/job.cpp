#include "job.h"

#include <stdexcept>

bool Job::isFinished() const { return left_.load() == 0; }

bool Job::isFinishedOrThrow() const {
  if (left_.load() < 0)
    throw std::runtime_error("never started");
  return left_.load() == 0;
}

bool Job::isPast(int limit) const { return !isFinishedOrThrow() && left_.load() > limit; }

int Job::count(int depth) const { return depth == 0 ? left_.load() : count(depth - 1); }

bool Limit::isDone(int value) const { return value > 3; }

bool Strict::isDone(int value) const {
  if (value < 0)
    throw std::invalid_argument("negative");
  return value > 3;
}

bool Rule::isMet(int value) const { return value > 3; }
