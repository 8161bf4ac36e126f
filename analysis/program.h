// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The call graph over all translation units.

#pragma once

#include "analysis/model.h"

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace unlatch {

struct CallSite {
  const FunctionFact *caller = nullptr;
  const Call *call = nullptr;
};

/// What a call may run. If it is not known, anything may happen.
struct Callees {
  std::vector<std::string> ids;
  bool known = false;
};

class Program {
public:
  explicit Program(const Facts &facts);
  Program(const Program &) = delete;
  Program &operator=(const Program &) = delete;

  const Facts &facts() const { return facts_; }

  /// The bodies of a function. Those that differ only in the language they were compiled as are
  /// one.
  const std::vector<const FunctionFact *> &bodies(const std::string &id) const;
  /// Every body of every function, by id.
  const std::vector<const FunctionFact *> &allBodies() const { return allBodies_; }

  Callees callees(const Call &call) const;
  const std::vector<CallSite> &callers(const std::string &id) const;

  /// True if nothing is known of what holds when the function is entered.
  bool isEnteredUnseen(const std::string &id) const;
  /// True if code that we do not see may end up in this function, on its own or through others.
  bool isReachableUnseen(const std::string &id) const { return reachableUnseen_.contains(id); }
  /// True if the two call each other, or the one is the other.
  bool isRecursion(const std::string &caller, const std::string &callee) const;
  /// A function that must not throw and from which this one is called, or which it is; or null.
  const FunctionFact *noexceptCaller(const std::string &id) const;
  /// Whether an exception may come out of it, or of one that overrides it.
  bool mayThrow(const std::string &id) const;
  /// Why a rewrite can't be had.
  std::vector<Reason> blockersOf(const Candidate &rewrite) const;
  /// True if every caller passes an object that only its thread sees.
  bool isThreadLocalParameter(const std::string &id, int parameter) const;
  /// True if the object at `base`, a path of that function, is its callers' own. One that nobody is
  /// seen to pass can come from anywhere, unless it is a plain object that is lent.
  bool isCallersOwn(const std::string &id, std::string_view base, bool lent) const;

  /// Whether a thread that holds the mutex may enter it again. A lock of the program's own is seen
  /// not to allow it only if it takes what it consists of whatever has been before.
  bool isRecursive(const std::string &mutex) const;
  /// What else locking and unlocking does, for locks of the program's own; nothing if that is all.
  std::vector<Reason> beyondLocking(const std::string &mutex) const;

  /// Whether somebody could find out that the mutex is held without waiting for it, by trying to
  /// lock it say. Then taking it is something that others can see.
  bool canBeSeenHeld(const std::string &mutex) const { return seenHeld_.contains(mutex); }

  std::string fieldName(const std::string &id) const;
  std::string mutexName(const std::string &id) const;

private:
  void collectBodies();
  void collectCallers();
  void findCycles();
  void findReachableUnseen();
  void findNoexceptCallers();
  void findThrowing();
  void findSharedParameters();
  void findMutexKinds();

  const Facts &facts_;
  std::map<std::string, std::vector<const FunctionFact *>> bodies_;
  std::vector<const FunctionFact *> allBodies_;
  std::map<std::string, std::vector<CallSite>> callers_;
  std::map<std::string, int> cycle_;
  std::set<std::string> selfCalling_;
  std::set<std::string> reachableUnseen_;
  std::map<std::string, const FunctionFact *> noexceptCallers_;
  std::set<std::string> throwing_;
  std::set<std::pair<std::string, int>> sharedParameters_;
  std::set<std::string> seenHeld_;
  bool choosesMutexKinds_ = false; ///< asks POSIX for mutexes that are recursive, maybe
};

} // namespace unlatch
