// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "tool/names.h"
#include "tool/verify.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

#include <algorithm>

namespace unlatch {

namespace {

using llvm::StringRef;
using Lines = std::vector<std::string>;

/// How the line of an access ends.
constexpr const char *kRead = " read";
constexpr const char *kWrite = " write";

/// Ids of local things hold offsets, which edits shift.
std::string withoutOffsets(StringRef id) {
  std::string key;
  for (size_t i = 0; i < id.size(); ++i) {
    key += id[i];
    if (id[i] != '@' && id[i] != ':')
      continue;
    size_t end = i + 1;
    while (end < id.size() && llvm::isDigit(id[end]))
      ++end;
    if (end > i + 1 && (end == id.size() || id[end] == '@'))
      i = end - 1;
  }
  return key;
}

/// The name takes their place.
std::string stable(StringRef id, StringRef name) { return withoutOffsets(id) + '|' + name.str(); }

/// A path such as "local:process:1296" without the offset of the variable's declaration.
std::string stableBase(StringRef base) {
  std::string key;
  for (size_t i = 0; i < base.size(); ++i) {
    if (base[i] == ':') {
      const StringRef digits =
          base.drop_front(i + 1).take_while([](char c) { return llvm::isDigit(c); });
      const StringRef rest = base.drop_front(i + 1 + digits.size());
      if (!digits.empty() && StringRef(key).contains("local:") &&
          (rest.empty() || !llvm::isAlnum(rest.front()))) {
        i += digits.size();
        continue;
      }
    }
    key += base[i];
  }
  return key;
}

std::string stableField(const Facts &facts, const std::string &id) {
  const StringRef name = nameOf(facts, id);
  return stable(id, name == id ? withoutOffsets(id) : name.str());
}

/// What one body does, in terms that a right rewrite leaves as they are.
struct Behaviour {
  Lines operations; ///< on the fields that leave their mutex
  Lines locks;      ///< taken
  Lines accesses;   ///< to all other fields
  auto operator<=>(const Behaviour &) const = default;

  bool empty() const { return operations.empty() && locks.empty() && accesses.empty(); }
};

/// The bodies of one function: it has several if it is a template or sees different macros.
struct Bodies {
  std::string name;
  Location where;
  std::set<Behaviour> behaviours;
  /// An access to a departing field that is none of the runtime's operations.
  std::optional<Location> unlowered;
  std::set<std::string> fields;
};

std::string describe(Mode mode) {
  return mode == Mode::Shared ? "shared" : mode == Mode::Exclusive ? "exclusive" : "none";
}

/// Behaviours by function. On the side before the change, what it takes away is left out.
class Behaviours {
public:
  Behaviours(const Facts &facts, const std::map<std::string, Strategy> &departing)
      : facts(facts), departing(departing) {}

  void takeAway(const std::vector<Edit> &edits) { taken.insert(edits.begin(), edits.end()); }

  std::map<std::string, Bodies> read(bool before) const {
    std::map<std::string, Bodies> result;
    // What a lambda given to the runtime does, the function around it did before.
    std::map<std::string, Behaviour> within;
    std::map<std::string, Bodies> ofLambdas;
    for (const auto &[id, bodies] : facts.functions)
      for (const FunctionFact &function : bodies)
        if (!function.within.empty())
          append(within[function.within], read(function, before, ofLambdas[function.within]));
    for (const auto &[id, bodies] : facts.functions)
      for (const FunctionFact &function : bodies) {
        if (!function.within.empty())
          continue;
        Bodies &entry = result[stable(id, function.name)];
        entry.name = function.name;
        entry.where = function.where;
        Behaviour behaviour = read(function, before, entry);
        if (const auto lambdas = within.find(id); lambdas != within.end()) {
          append(behaviour, lambdas->second);
          const Bodies &inner = ofLambdas.at(id);
          entry.fields.insert(inner.fields.begin(), inner.fields.end());
          if (inner.unlowered)
            entry.unlowered = inner.unlowered;
        }
        if (!behaviour.empty())
          entry.behaviours.insert(std::move(behaviour));
      }
    return result;
  }

private:
  const Facts &facts;
  const std::map<std::string, Strategy> &departing; ///< by stable id
  std::set<Edit> taken;

  static void append(Behaviour &to, const Behaviour &from) {
    const auto unite = [](Lines &lines, const Lines &more) {
      lines.insert(lines.end(), more.begin(), more.end());
      llvm::sort(lines);
    };
    unite(to.operations, from.operations);
    unite(to.locks, from.locks);
    unite(to.accesses, from.accesses);
    keepOneOfEachRead(to.accesses);
  }

  /// How often the way to a map is gone, and its key is read, depends on how many steps its
  /// operation had.
  static void keepOneOfEachRead(Lines &accesses) {
    const auto same = [](const std::string &one, const std::string &other) {
      return one == other && StringRef(one).ends_with(kRead);
    };
    accesses.erase(std::unique(accesses.begin(), accesses.end(), same), accesses.end());
  }

  bool isTaken(const Candidate &candidate) const {
    return !candidate.edits.empty() &&
           llvm::all_of(candidate.edits, [&](const Edit &edit) { return taken.count(edit); });
  }

  Behaviour read(const FunctionFact &function, bool before, Bodies &entry) const {
    Behaviour behaviour;
    for (const Operation &operation : function.operations) {
      const auto field = departing.find(stableField(facts, operation.field));
      if (field == departing.end() || field->second == Strategy::Snapshot ||
          (before && operation.strategy != field->second))
        continue;
      entry.fields.insert(field->first);
      const auto line = [&](StringRef name, StringRef paths) {
        behaviour.operations.push_back(field->first + ' ' + name.str() + '(' + operation.key +
                                       ") " + paths.str());
      };
      // The function that update() is given says what it does; here it shows what becomes of its
      // result.
      if (operation.name == "call-update") {
        for (const std::string &around : operation.paths)
          line("around", around);
        continue;
      }
      Lines paths;
      for (StringRef path : operation.paths)
        if (path.consume_front("around: "))
          line("around", path);
        else
          paths.push_back(path.str());
      line(operation.name, llvm::join(paths, " / "));
    }
    const auto goes = [&](const Acquisition &acquisition) {
      return before && (isTaken(acquisition.removal) || isTaken(acquisition.removalOfAll) ||
                        isTaken(acquisition.snapshotRead) || isTaken(acquisition.snapshotModify) ||
                        isTaken(acquisition.fences));
    };
    std::set<Edit> fences;
    for (const Acquisition &acquisition : function.acquisitions) {
      if (before)
        for (const Candidate *each : {&acquisition.fences, &acquisition.snapshotFences})
          if (isTaken(*each))
            fences.insert(each->edits.begin(), each->edits.end());
      if (goes(acquisition))
        continue;
      behaviour.locks.push_back(stableField(facts, acquisition.mutex) + ' ' +
                                stableBase(acquisition.base) + ' ' + describe(acquisition.mode));
    }
    behaviour.locks.insert(behaviour.locks.end(),
                           static_cast<size_t>(function.fences) + fences.size(), "fence|a fence");
    for (const Access &access : function.accesses) {
      const std::string key = stableField(facts, access.field);
      if (departing.count(key)) {
        if (!before && access.operation < 0 && !access.unshared)
          entry.unlowered = access.where;
        continue;
      }
      if (access.acquisition >= 0 &&
          goes(function.acquisitions[static_cast<std::size_t>(access.acquisition)]))
        continue;
      const auto field = facts.fields.find(access.field);
      // What a conversion brings along was not there before.
      if (field != facts.fields.end() && field->second.typeClass == TypeClass::Converted)
        continue;
      behaviour.accesses.push_back(key + ' ' + stableBase(access.base) +
                                   (access.writes ? kWrite : kRead));
    }
    llvm::sort(behaviour.operations);
    llvm::sort(behaviour.locks);
    llvm::sort(behaviour.accesses);
    keepOneOfEachRead(behaviour.accesses);
    return behaviour;
  }
};

/// The first line of one that the other lacks.
std::string firstDifference(const Lines &expected, const Lines &found) {
  Lines missing;
  std::set_difference(expected.begin(), expected.end(), found.begin(), found.end(),
                      std::back_inserter(missing));
  Lines extra;
  std::set_difference(found.begin(), found.end(), expected.begin(), expected.end(),
                      std::back_inserter(extra));
  const auto shown = [](StringRef line) { return line.split('|').second; };
  std::string text;
  if (!missing.empty())
    text += ("'" + shown(missing.front()) + "' is gone").str();
  if (!extra.empty())
    text += (llvm::Twine(text.empty() ? "" : ", ") + "'" + shown(extra.front()) + "' is new").str();
  return text;
}

std::string difference(const Bodies &expected, const Bodies &found) {
  for (const Behaviour &behaviour : found.behaviours) {
    if (expected.behaviours.count(behaviour))
      continue;
    if (expected.behaviours.empty())
      return "it did nothing of note before";
    const Behaviour &closest = *expected.behaviours.begin();
    for (const auto part : {&Behaviour::operations, &Behaviour::locks, &Behaviour::accesses})
      if (const std::string text = firstDifference(closest.*part, behaviour.*part); !text.empty())
        return text;
  }
  return "a part of it is gone";
}

/// The operations on snapshots that the plan promises, by qualified function name.
std::map<std::string, std::multiset<std::string>>
plannedSnapshots(const Plan &plan, const std::set<std::string> &selected) {
  std::map<std::string, std::set<std::tuple<std::string, Location, std::string>>> byFunction;
  for (const PlannedField &field : plan.fields)
    if (selected.count(field.id) && field.strategy == Strategy::Snapshot)
      for (const PlannedSection &section : field.sections)
        byFunction[section.function].emplace(field.group, section.where, section.operation);
  std::map<std::string, std::multiset<std::string>> result;
  for (const auto &[function, sections] : byFunction)
    for (const auto &[group, where, operation] : sections)
      result[function].insert(operation);
  return result;
}

/// The operations on snapshots that were not there before, by qualified function name.
std::map<std::string, std::set<std::multiset<std::string>>> foundSnapshots(const Facts &before,
                                                                           const Facts &after) {
  std::set<std::string> old;
  for (const auto &[id, field] : before.fields)
    if (field.typeClass == TypeClass::Converted)
      old.insert(stable(id, field.name));
  std::map<std::string, std::set<std::multiset<std::string>>> result;
  for (const auto &[id, bodies] : after.functions)
    for (const FunctionFact &function : bodies) {
      std::multiset<std::string> operations;
      for (const Operation &operation : function.operations)
        if (operation.strategy == Strategy::Snapshot &&
            !old.count(stableField(after, operation.field)))
          operations.insert(operation.name);
      if (!operations.empty())
        result[function.name].insert(std::move(operations));
    }
  return result;
}

} // namespace

std::vector<Objection> compareFacts(const Facts &before, const Facts &after, const Plan &plan,
                                    const std::set<std::string> &selected, const Change &change) {
  std::vector<Objection> objections;
  std::map<std::string, Strategy> departing;
  std::map<std::string, std::string> idOfStable;
  std::set<std::string> snapshots;
  for (const PlannedField &field : plan.fields)
    if (selected.count(field.id)) {
      const std::string key = stableField(before, field.id);
      departing[key] = field.strategy;
      idOfStable[key] = field.id;
      if (field.strategy == Strategy::Snapshot)
        snapshots.insert(field.id);
    }
  const auto object = [&](const std::set<std::string> &stableFields, const std::string &function,
                          const std::string &what, const Location &where) {
    Objection objection;
    for (const std::string &key : stableFields)
      if (const auto id = idOfStable.find(key); id != idOfStable.end())
        objection.fields.insert(id->second);
    // Else whoever edits that file, else anyone.
    if (objection.fields.empty())
      for (const std::string &id : selected)
        if (llvm::any_of(editsFor(before, plan, {id}),
                         [&](const Edit &edit) { return edit.file == where.file; }))
          objection.fields.insert(id);
    if (objection.fields.empty())
      objection.fields = selected;
    objection.reason = {"does-not-compile",
                        "the rewritten code does something else: " + function + ": " + what, where};
    objections.push_back(std::move(objection));
  };

  Behaviours expectedSide(before, departing);
  expectedSide.takeAway(change.edits);
  const std::map<std::string, Bodies> expected = expectedSide.read(/*before=*/true);
  const std::map<std::string, Bodies> found = Behaviours(after, departing).read(/*before=*/false);
  for (const auto &[key, bodies] : found) {
    const auto known = expected.find(key);
    std::set<std::string> fields = bodies.fields;
    if (known != expected.end())
      fields.insert(known->second.fields.begin(), known->second.fields.end());
    if (bodies.unlowered) {
      object(fields, bodies.name, "an access is no operation of the runtime",
             placeBefore(change, *bodies.unlowered));
      continue;
    }
    if (known == expected.end()) {
      if (!bodies.behaviours.empty())
        object(fields, bodies.name, "it was not there before", placeBefore(change, bodies.where));
      continue;
    }
    // Every unit that sees an edited file has been read again; of others' functions some have not.
    const bool complete = change.edited.count(known->second.where.file) != 0;
    const bool same = complete ? known->second.behaviours == bodies.behaviours
                               : llvm::all_of(bodies.behaviours, [&](const Behaviour &behaviour) {
                                   return known->second.behaviours.count(behaviour) != 0;
                                 });
    if (!same)
      object(fields, bodies.name, difference(known->second, bodies), known->second.where);
  }
  for (const auto &[key, bodies] : expected)
    if (!bodies.fields.empty() && !found.count(key))
      object(bodies.fields, bodies.name, "it is gone", bodies.where);

  // Declarations, of which the edited files hold all that there are.
  const auto declared = [](const auto &facts) {
    std::set<std::string> keys;
    for (const auto &[id, fact] : facts)
      keys.insert(stable(id, fact.name));
    return keys;
  };
  const std::set<std::string> mutexesAfter = declared(after.mutexes);
  const std::set<Edit> taken(change.edits.begin(), change.edits.end());
  for (const auto &[id, mutex] : before.mutexes) {
    if (!change.edited.count(mutex.where.file))
      continue;
    const bool goes =
        !mutex.removal.edits.empty() &&
        llvm::all_of(mutex.removal.edits, [&](const Edit &edit) { return taken.count(edit) != 0; });
    if (goes == (mutexesAfter.count(stable(id, mutex.name)) != 0))
      object({}, mutex.name, goes ? "it is still there" : "it is gone", mutex.where);
  }
  const std::set<std::string> fieldsAfter = declared(after.fields);
  for (const auto &[id, field] : after.fields) {
    const auto strategy = departing.find(stable(id, field.name));
    if (strategy == departing.end() || field.typeClass == TypeClass::Converted ||
        (strategy->second == Strategy::Atomic && field.typeClass == TypeClass::Atomic))
      continue;
    object({strategy->first}, field.name, "it still has the type " + field.type,
           placeBefore(change, field.where));
  }
  for (const auto &[id, field] : before.fields) {
    if (!change.edited.count(field.where.file))
      continue;
    const bool goes = snapshots.count(id) != 0;
    const std::string key = stable(id, field.name);
    if (goes == (fieldsAfter.count(key) != 0))
      object(goes ? std::set{key} : std::set<std::string>(), field.name,
             goes ? "it is still there" : "it is gone", field.where);
  }

  if (!snapshots.empty()) {
    const auto planned = plannedSnapshots(plan, selected);
    const auto seen = foundSnapshots(before, after);
    const auto complain = [&](const std::string &function, const std::string &what) {
      Objection objection;
      objection.fields = snapshots;
      objection.reason = {"does-not-compile",
                          "the rewritten code does something else: " + function + ": " + what,
                          before.fields.at(*snapshots.begin()).where};
      objections.push_back(std::move(objection));
    };
    for (const auto &[function, operations] : planned) {
      const auto there = seen.find(function);
      if (there == seen.end() || there->second != std::set{operations})
        complain(function,
                 "the operations on the snapshot are not " + llvm::join(operations, ", "));
    }
    for (const auto &[function, operations] : seen)
      if (!planned.count(function))
        complain(function, "an operation on the snapshot is new");
  }
  return objections;
}

} // namespace unlatch
