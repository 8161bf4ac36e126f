// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "facts_builder.h"

#include <algorithm>

namespace unlatch::test {

FunctionBuilder::FunctionBuilder(std::string name, Positions &positions) : positions_(positions) {
  fact_.id = name;
  fact_.name = std::move(name);
  fact_.where = positions.next();
  fact_.language = "c++20";
}

FunctionBuilder &FunctionBuilder::event(Event::Kind kind, std::size_t index) {
  paths_.back().push_back({kind, static_cast<int>(index), false});
  return *this;
}

FunctionBuilder &FunctionBuilder::lock(const std::string &mutex, const std::string &base,
                                       Mode mode) {
  Acquisition acquisition;
  acquisition.mutex = mutex;
  acquisition.base = base;
  acquisition.mode = mode;
  acquisition.where = positions_.next();
  acquisition.removal = positions_.edit("");
  acquisition.snapshotRead = acquisition.snapshotModify = acquisition.removal;
  acquisition.snapshotRead.edits.front().text = "read";
  acquisition.snapshotModify.edits.front().text = "modify";
  acquisition.fences = acquisition.snapshotFences = acquisition.removal;
  acquisition.fences.edits.front().text = acquisition.snapshotFences.edits.front().text = "fence";
  acquisition.snapshotFences.edits.front().length = 0;
  held_.push_back(static_cast<int>(fact_.acquisitions.size()));
  fact_.acquisitions.push_back(acquisition);
  return event(Event::Acquire, fact_.acquisitions.size() - 1);
}

FunctionBuilder &FunctionBuilder::unlock() { return unlock(held_.back()); }

FunctionBuilder &FunctionBuilder::unlock(int acquisition) {
  std::erase(held_, acquisition);
  return event(Event::Release, static_cast<std::size_t>(acquisition));
}

FunctionBuilder &FunctionBuilder::operation(const std::string &field, const std::string &name,
                                            const std::string &key, bool writes,
                                            Strategy strategy) {
  Operation operation;
  operation.field = field;
  operation.strategy = strategy;
  operation.name = name;
  operation.key = key;
  operation.where = positions_.next();
  operation.rewrite = positions_.edit(field + "." + name + "(" + key + ")");
  fact_.operations.push_back(operation);
  return andAgain(writes);
}

FunctionBuilder &FunctionBuilder::andAgain(bool writes) {
  const Operation operation = fact_.operations.back();
  writes ? write(operation.field) : read(operation.field);
  fact_.accesses.back().operation = static_cast<int>(fact_.operations.size()) - 1;
  return *this;
}

FunctionBuilder &FunctionBuilder::read(const std::string &field, const std::string &base) {
  Access access;
  access.field = field;
  access.base = base;
  access.where = positions_.next();
  access.held = held_;
  access.snapshotRead = access.snapshotModify = positions_.edit("");
  access.snapshotRead.edits.front().text = "state->" + field;
  access.snapshotModify.edits.front().text = "next." + field;
  fact_.accesses.push_back(access);
  return event(Event::Field, fact_.accesses.size() - 1);
}

FunctionBuilder &FunctionBuilder::write(const std::string &field, const std::string &base) {
  read(field, base);
  fact_.accesses.back().writes = true;
  return *this;
}

FunctionBuilder &FunctionBuilder::call(const std::string &callee, const std::string &base,
                                       std::vector<std::string> arguments) {
  Call call;
  call.callee = callee;
  call.description = (callee.empty() ? "something" : callee) + "()";
  call.base = base;
  call.arguments = std::move(arguments);
  call.where = positions_.next();
  call.held = held_;
  fact_.calls.push_back(call);
  return event(Event::Invoke, fact_.calls.size() - 1);
}

FunctionBuilder &FunctionBuilder::memory(bool writes, int parameter) {
  MemoryUse use;
  use.writes = writes;
  use.parameter = parameter;
  use.description = "what a pointer leads to";
  use.where = positions_.next();
  use.held = held_;
  fact_.memory.push_back(use);
  return event(Event::Memory, fact_.memory.size() - 1);
}

FunctionBuilder &FunctionBuilder::repeated() {
  paths_.back().back().repeated = true;
  return *this;
}

FunctionBuilder &FunctionBuilder::through(const std::string &map, bool owned) {
  const Event last = paths_.back().back();
  const auto index = static_cast<std::size_t>(last.index);
  if (last.kind == Event::Invoke) {
    fact_.calls[index].throughElementOf = map;
    fact_.calls[index].ownedByElement = owned;
  } else {
    fact_.accesses[index].throughElementOf = map;
    fact_.accesses[index].ownedByElement = owned;
  }
  return *this;
}

FunctionBuilder &FunctionBuilder::unshared() {
  fact_.accesses.back().unshared = true;
  return *this;
}

FunctionBuilder &FunctionBuilder::branch() {
  prefix_ = paths_.back();
  heldAtBranch_ = held_;
  return *this;
}

FunctionBuilder &FunctionBuilder::otherwise() {
  paths_.push_back(prefix_);
  held_ = heldAtBranch_;
  return *this;
}

FunctionFact FunctionBuilder::finish() const {
  FunctionFact fact = fact_;
  for (std::size_t index = 0; index < fact.acquisitions.size(); ++index) {
    Section section;
    section.acquisition = static_cast<int>(index);
    section.incomplete = incomplete_;
    for (const Trace &path : paths_) {
      auto is = [&](Event::Kind kind) {
        return [&, kind](const Event &event) {
          return event.kind == kind && event.index == section.acquisition;
        };
      };
      auto first = std::find_if(path.begin(), path.end(), is(Event::Acquire));
      auto last = std::find_if(first, path.end(), is(Event::Release));
      if (first != path.end())
        section.traces.emplace_back(first, last == path.end() ? last : std::next(last));
    }
    fact.sections.push_back(section);
  }
  fact.summary.traces = paths_;
  fact.summary.incomplete = incomplete_;
  return fact;
}

MutexFact &ProgramBuilder::mutex(const std::string &name, const std::string &owner) {
  MutexFact &mutex = facts_.mutexes[name];
  mutex.stateType = "State";
  mutex.stateName = "state_";
  mutex.id = mutex.name = name;
  mutex.type = "std::mutex";
  mutex.owner = owner;
  mutex.where = header_.next();
  mutex.removal = header_.edit("");
  return mutex;
}

FieldFact &ProgramBuilder::field(const std::string &name, TypeClass type,
                                 const std::string &owner) {
  FieldFact &field = facts_.fields[name];
  field.id = field.name = name;
  field.owner = owner;
  field.typeClass = type;
  field.type = "a type";
  field.where = header_.next();
  return field;
}

FieldFact &ProgramBuilder::map(const std::string &name, const std::string &owner) {
  FieldFact &map = field(name, TypeClass::HashMap, owner);
  map.declaration[Strategy::Map] = header_.edit("unlatch::map " + name);
  map.declaration[Strategy::Map].includes = {{header_.file(), "<unlatch/map.h>"}};
  return map;
}

FieldFact &ProgramBuilder::scalar(const std::string &name, const std::string &owner) {
  FieldFact &scalar = field(name, TypeClass::Scalar, owner);
  scalar.declaration[Strategy::Atomic] = header_.edit("std::atomic " + name);
  scalar.declaration[Strategy::Atomic].includes = {{header_.file(), "<atomic>"}};
  return scalar;
}

FieldFact &ProgramBuilder::state(const std::string &name, const std::string &owner) {
  FieldFact &state = scalar(name, owner);
  state.declaration[Strategy::Snapshot] = {{}, {}, {{header_.file(), "<unlatch/snapshot.h>"}}};
  state.declarationText = "int " + name + " = 0;";
  state.removal = header_.edit("").edits.front();
  return state;
}

FieldFact &ProgramBuilder::atomic(const std::string &name, const std::string &owner) {
  return field(name, TypeClass::Atomic, owner);
}

FunctionBuilder &ProgramBuilder::function(const std::string &name) {
  return functions_.emplace_back(name, source_);
}

Facts ProgramBuilder::finish() const {
  Facts facts = facts_;
  for (const FunctionBuilder &function : functions_) {
    FunctionFact fact = function.finish();
    facts.functions[fact.id].push_back(fact);
  }
  return facts;
}

Plan ProgramBuilder::decide(Consistency consistency) const {
  return unlatch::decide(finish(), {consistency, {}});
}

const PlannedField *find(const Plan &plan, const std::string &field) {
  auto found = std::find_if(plan.fields.begin(), plan.fields.end(),
                            [&](const PlannedField &each) { return each.id == field; });
  return found == plan.fields.end() ? nullptr : &*found;
}

const PlannedMutex *findMutex(const Plan &plan, const std::string &mutex) {
  auto found = std::find_if(plan.mutexes.begin(), plan.mutexes.end(),
                            [&](const PlannedMutex &each) { return each.id == mutex; });
  return found == plan.mutexes.end() ? nullptr : &*found;
}

Verdict verdictOf(const Plan &plan, const std::string &field) {
  const PlannedField *found = find(plan, field);
  return found ? found->verdict : Verdict::Keep;
}

std::string reasonsOf(const Plan &plan, const std::string &field) {
  const PlannedField *found = find(plan, field);
  if (!found)
    return "not listed";
  std::string text;
  for (const Reason &reason : found->reasons)
    text += (text.empty() ? "" : " ") + reason.id;
  return text;
}

bool hasReason(const Plan &plan, const std::string &field, const std::string &id) {
  const PlannedField *found = find(plan, field);
  return found && std::any_of(found->reasons.begin(), found->reasons.end(),
                              [&](const Reason &reason) { return reason.id == id; });
}

std::string sectionsOf(const Plan &plan, const std::string &field) {
  const PlannedField *found = find(plan, field);
  std::string text;
  if (found)
    for (const PlannedSection &section : found->sections)
      text += (text.empty() ? "" : " ") + section.function + ":" + section.operation;
  return text;
}

std::vector<std::string> textsOf(const std::vector<Edit> &edits) {
  std::vector<std::string> texts;
  for (const Edit &edit : edits)
    texts.push_back(edit.text);
  return texts;
}

std::string print(const Plan &plan) {
  auto place = [](const Location &where) {
    return where.file + ":" + std::to_string(where.line) + ":" + std::to_string(where.column);
  };
  std::string text;
  for (const PlannedField &field : plan.fields) {
    text += field.id + " " + field.guard + " " + field.group + " " +
            std::to_string(static_cast<int>(field.verdict)) +
            std::to_string(static_cast<int>(field.strategy)) + " " + std::to_string(field.phase) +
            "\n";
    for (const Reason &reason : field.reasons)
      text += "  " + reason.id + " " + reason.message + " " + place(reason.where) + "\n";
    for (const Observation &observation : field.observations) {
      text += "  " + observation.message;
      for (int section : observation.sections)
        text += " " + std::to_string(section);
      text += "\n";
    }
    for (const PlannedSection &section : field.sections)
      text += "  " + section.function + " " + section.operation + " " + place(section.where) + "\n";
  }
  for (const PlannedMutex &mutex : plan.mutexes) {
    text += mutex.id + (mutex.remove ? " remove " : " keep ") +
            std::to_string(mutex.sectionsDropped) + "/" + std::to_string(mutex.sectionsLeft);
    for (const std::string &field : mutex.stillGuards)
      text += " " + field;
    text += "\n";
  }
  for (const Finding &finding : plan.findings)
    text += finding.id + " " + finding.field + " " + place(finding.where) + " " + finding.message +
            "\n";
  return text;
}

} // namespace unlatch::test
