// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analysis/merge.h"

#include <algorithm>

namespace unlatch {

namespace {

// Of values that differ, the smallest stands for all: which one does not depend on the order, and
// the difference itself is told by a blocker.

const char *const kOtherText =
    "its declaration differs from one translation unit to another, as macros make it";
const char *const kOtherType = "its type differs from one translation unit to another";
const char *const kOtherRemoval =
    "how to delete it differs from one translation unit to another, as macros make it";

template <typename T> void sortUnique(std::vector<T> &values) {
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
}

template <typename T> void append(std::vector<T> &values, const std::vector<T> &more) {
  values.insert(values.end(), more.begin(), more.end());
}

/// Keeps the smaller; true if they differ.
template <typename T> bool smaller(T &value, const T &other) {
  const bool differ = value != other;
  value = std::min(value, other);
  return differ;
}

/// True if the edits differ.
bool unite(Candidate &candidate, const Candidate &other) {
  const bool differ = smaller(candidate.edits, other.edits);
  append(candidate.blockers, other.blockers);
  append(candidate.throwBlockers, other.throwBlockers);
  append(candidate.includes, other.includes);
  sortUnique(candidate.blockers);
  sortUnique(candidate.throwBlockers);
  sortUnique(candidate.includes);
  return differ;
}

/// What one unit does not offer, none does; true if they differ.
bool unite(std::map<Strategy, Candidate> &candidates, const std::map<Strategy, Candidate> &others) {
  bool differ = false;
  for (auto candidate = candidates.begin(); candidate != candidates.end();) {
    auto other = others.find(candidate->first);
    if (other == others.end()) {
      differ = true;
      candidate = candidates.erase(candidate);
      continue;
    }
    differ |= unite(candidate->second, other->second);
    ++candidate;
  }
  for (const auto &other : others)
    differ |= !candidates.contains(other.first);
  return differ;
}

FieldBlocker difference(const FieldFact &field, const char *id, const char *message) {
  return {field.id, Strategy::None, {id, message, field.where}};
}

void unite(FieldFact &field, const FieldFact &other, std::vector<FieldBlocker> &blockers) {
  // One type under two spellings is no difference, another class of types is.
  smaller(field.type, other.type);
  bool type = smaller(field.typeClass, other.typeClass);
  type |= smaller(field.kind, other.kind);
  smaller(field.name, other.name);
  smaller(field.owner, other.owner);
  smaller(field.where, other.where);
  field.immutable = field.immutable && other.immutable;
  field.isPublic = field.isPublic || other.isPublic;
  field.definedElsewhere = field.definedElsewhere || other.definedElsewhere;
  field.bytes = std::max(field.bytes, other.bytes);
  field.grows = field.grows || other.grows;
  append(field.holds, other.holds); // less is seen behind a forward declaration
  sortUnique(field.holds);
  field.annotatedGuard = std::max(field.annotatedGuard, other.annotatedGuard);
  field.keptBecause = std::max(field.keptBecause, other.keptBecause);
  bool text = unite(field.declaration, other.declaration);
  text |= smaller(field.declarationText, other.declarationText);
  text |= smaller(field.removal, other.removal);
  if (type)
    blockers.push_back(difference(field, "template-dependent", kOtherType));
  if (text)
    blockers.push_back(difference(field, "macro", kOtherText));
}

void unite(MutexFact &mutex, const MutexFact &other) {
  smaller(mutex.name, other.name);
  smaller(mutex.type, other.type);
  smaller(mutex.owner, other.owner);
  smaller(mutex.where, other.where);
  mutex.recursive = mutex.recursive || other.recursive;
  mutex.lockedBy.insert(mutex.lockedBy.end(), other.lockedBy.begin(), other.lockedBy.end());
  std::sort(mutex.lockedBy.begin(), mutex.lockedBy.end());
  mutex.lockedBy.erase(std::unique(mutex.lockedBy.begin(), mutex.lockedBy.end()),
                       mutex.lockedBy.end());
  mutex.isCapability = mutex.isCapability && other.isCapability;
  mutex.isPosix = mutex.isPosix || other.isPosix;
  mutex.definedElsewhere = mutex.definedElsewhere || other.definedElsewhere;
  smaller(mutex.stateType, other.stateType);
  smaller(mutex.stateName, other.stateName);
  mutex.keptBecause = std::max(mutex.keptBecause, other.keptBecause);
  if (unite(mutex.removal, other.removal))
    mutex.removal.blockers.push_back({"macro", kOtherRemoval, mutex.where});
}

void unite(SourceFile &file, const SourceFile &other) {
  // A file that changed in between has no content to speak of.
  if (file.hash != other.hash)
    file.hash.clear();
}

void unite(Facts &facts, Facts part) {
  for (auto &[id, field] : part.fields) {
    auto [place, isNew] = facts.fields.try_emplace(id, field);
    if (!isNew && place->second != field)
      unite(place->second, field, facts.fieldBlockers);
  }
  for (auto &[id, mutex] : part.mutexes) {
    auto [place, isNew] = facts.mutexes.try_emplace(id, mutex);
    if (!isNew && place->second != mutex)
      unite(place->second, mutex);
  }
  for (auto &[path, file] : part.files) {
    auto [place, isNew] = facts.files.try_emplace(path, file);
    if (!isNew && place->second != file)
      unite(place->second, file);
  }
  for (auto &[id, bodies] : part.functions)
    append(facts.functions[id], bodies);
  for (auto &[id, overriders] : part.overriders)
    append(facts.overriders[id], overriders);
  append(facts.redeclarations, part.redeclarations);
  append(facts.fieldBlockers, part.fieldBlockers);
  append(facts.mutexUses, part.mutexUses);
  append(facts.weakOrderings, part.weakOrderings);
  append(facts.typeBlockers, part.typeBlockers);
  append(facts.units, part.units);
}

/// Differences were told at the place known when they were met; in the end all are told at the one
/// that is left, or the order would show.
void relocateDifferences(Facts &facts) {
  for (FieldBlocker &blocker : facts.fieldBlockers)
    if (blocker.reason.message == kOtherText || blocker.reason.message == kOtherType)
      if (auto field = facts.fields.find(blocker.field); field != facts.fields.end())
        blocker.reason.where = field->second.where;
  for (auto &[id, mutex] : facts.mutexes)
    for (Reason &reason : mutex.removal.blockers)
      if (reason.message == kOtherRemoval)
        reason.where = mutex.where;
}

} // namespace

Facts merge(std::vector<Facts> parts) {
  Facts facts;
  for (Facts &part : parts)
    unite(facts, std::move(part));
  relocateDifferences(facts);
  for (auto &[id, field] : facts.fields) {
    for (auto &[strategy, candidate] : field.declaration) {
      sortUnique(candidate.blockers);
      sortUnique(candidate.includes);
    }
  }
  for (auto &[id, mutex] : facts.mutexes) {
    sortUnique(mutex.removal.blockers);
    sortUnique(mutex.removal.includes);
  }
  for (auto &[id, bodies] : facts.functions)
    sortUnique(bodies);
  for (auto &[id, overriders] : facts.overriders)
    sortUnique(overriders);
  sortUnique(facts.redeclarations);
  sortUnique(facts.fieldBlockers);
  sortUnique(facts.mutexUses);
  sortUnique(facts.weakOrderings);
  sortUnique(facts.typeBlockers);
  sortUnique(facts.units);
  return facts;
}

} // namespace unlatch
