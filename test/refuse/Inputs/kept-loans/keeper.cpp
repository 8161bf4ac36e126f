#include "keeper.h"

static Slot *kept;
static Kept *enrolled;

void keep(Slot *slot) { kept = slot; }
void keepByReference(Slot &slot) { kept = &slot; }
void look(const Slot *slot) { std::printf("%ld\n", slot->value); }
long sum(const Slot &left, const Slot &right) { return left.value + right.value; }

void Kept::enroll() { enrolled = this; }
long Kept::doubled() const { return value * 2; }

struct KeepingSink : Sink {
  void take(Slot &slot) override { kept = &slot; }
};
struct CountingSource : Source {
  void fill(Slot &slot) override { slot.value = 4; }
};
Sink &sink() {
  static KeepingSink theSink;
  return theSink;
}
Source &source() {
  static CountingSource theSource;
  return theSource;
}

Holder::Holder(Slot &slot) { kept = &slot; }
Holder::~Holder() { kept = nullptr; }
