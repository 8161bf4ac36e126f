#pragma once
#include <cstdio>

struct Slot {
  long value = 0;
};

void keep(Slot *slot);
void keepByReference(Slot &slot);
void passOn(Slot *slot);
void look(const Slot *slot);
long sum(const Slot &left, const Slot &right);

class Kept {
public:
  void enroll();
  long doubled() const;
  long value = 0;
};

struct Sink {
  virtual ~Sink() = default;
  virtual void take(Slot &slot) = 0;
};
struct Source {
  virtual ~Source() = default;
  virtual void fill(Slot &slot) = 0;
};
Sink &sink();
Source &source();

struct Holder {
  explicit Holder(Slot &slot);
  ~Holder();
};
