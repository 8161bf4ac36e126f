// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analysis/program.h"

#include "analysis/paths.h"

#include <algorithm>

namespace unlatch {

namespace {

bool equalButForLanguage(const FunctionFact &left, const FunctionFact &right) {
  FunctionFact copy = left;
  copy.language = right.language;
  return copy == right;
}

/// Tarjan's strongly connected components, without recursion: call chains can be long.
std::vector<int> components(const std::vector<std::vector<int>> &successors) {
  struct Frame {
    int node;
    std::size_t next;
  };
  const auto count = successors.size();
  std::vector<int> component(count, -1), order(count, -1), low(count, 0), open;
  std::vector<bool> isOpen(count, false);
  int counter = 0, found = 0;
  auto at = [](auto &values, int node) -> decltype(auto) {
    return values[static_cast<std::size_t>(node)];
  };
  for (int root = 0; root < static_cast<int>(count); ++root) {
    if (at(order, root) >= 0)
      continue;
    std::vector<Frame> stack;
    auto enter = [&](int node) {
      at(order, node) = at(low, node) = counter++;
      open.push_back(node);
      isOpen[static_cast<std::size_t>(node)] = true;
      stack.push_back({node, 0});
    };
    enter(root);
    while (!stack.empty()) {
      const int node = stack.back().node;
      const auto &out = at(successors, node);
      if (stack.back().next < out.size()) {
        const int target = out[stack.back().next++];
        if (at(order, target) < 0)
          enter(target);
        else if (isOpen[static_cast<std::size_t>(target)])
          at(low, node) = std::min(at(low, node), at(order, target));
        continue;
      }
      stack.pop_back();
      if (!stack.empty())
        at(low, stack.back().node) = std::min(at(low, stack.back().node), at(low, node));
      if (at(low, node) != at(order, node))
        continue;
      int member = -1;
      do {
        member = open.back();
        open.pop_back();
        isOpen[static_cast<std::size_t>(member)] = false;
        at(component, member) = found;
      } while (member != node);
      ++found;
    }
  }
  return component;
}

} // namespace

Program::Program(const Facts &facts) : facts_(facts) {
  collectBodies();
  collectCallers();
  findCycles();
  findReachableUnseen();
  findNoexceptCallers();
  findThrowing();
  findSharedParameters();
  findMutexKinds();
}

void Program::collectBodies() {
  for (const auto &[id, all] : facts_.functions) {
    auto &kept = bodies_[id];
    for (const FunctionFact &body : all) {
      auto same = [&](const FunctionFact *other) { return equalButForLanguage(*other, body); };
      if (std::none_of(kept.begin(), kept.end(), same))
        kept.push_back(&body);
    }
    allBodies_.insert(allBodies_.end(), kept.begin(), kept.end());
  }
}

void Program::collectCallers() {
  for (const FunctionFact *body : allBodies_)
    for (const Call &call : body->calls)
      for (const std::string &id : callees(call).ids)
        callers_[id].push_back({body, &call});
}

void Program::findCycles() {
  std::map<std::string, int> number;
  for (const auto &entry : bodies_)
    number.emplace(entry.first, static_cast<int>(number.size()));
  std::vector<std::vector<int>> successors(number.size());
  for (const auto &[callee, sites] : callers_) {
    auto target = number.find(callee);
    if (target == number.end())
      continue;
    for (const CallSite &site : sites) {
      successors[static_cast<std::size_t>(number.at(site.caller->id))].push_back(target->second);
      if (site.caller->id == callee)
        selfCalling_.insert(callee);
    }
  }
  const std::vector<int> component = components(successors);
  for (const auto &[id, index] : number)
    cycle_[id] = component[static_cast<std::size_t>(index)];
}

void Program::findReachableUnseen() {
  std::vector<std::string> work;
  auto reach = [&](const std::string &id) {
    if (reachableUnseen_.insert(id).second)
      work.push_back(id);
  };
  for (const FunctionFact *body : allBodies_)
    if (body->addressTaken || body->isVirtual || (body->isLambda && callers(body->id).empty()))
      reach(body->id);
  while (!work.empty()) {
    const std::string id = work.back();
    work.pop_back();
    for (const FunctionFact *body : bodies(id))
      for (const Call &call : body->calls)
        for (const std::string &callee : callees(call).ids)
          reach(callee);
  }
}

void Program::findNoexceptCallers() {
  std::vector<std::pair<std::string, const FunctionFact *>> work;
  auto reach = [&](const std::string &id, const FunctionFact *from) {
    if (noexceptCallers_.emplace(id, from).second)
      work.emplace_back(id, from);
  };
  for (const FunctionFact *body : allBodies_)
    if (body->isNoexcept)
      reach(body->id, body);
  // Handlers on the way are not looked for.
  while (!work.empty()) {
    const auto [id, from] = work.back();
    work.pop_back();
    for (const FunctionFact *body : bodies(id))
      for (const Call &call : body->calls)
        for (const std::string &callee : callees(call).ids)
          reach(callee, from);
  }
}

const FunctionFact *Program::noexceptCaller(const std::string &id) const {
  const auto found = noexceptCallers_.find(id);
  return found == noexceptCallers_.end() ? nullptr : found->second;
}

void Program::findThrowing() {
  // What only calls itself throws nothing: the least set that is closed.
  for (bool changed = true; changed;) {
    changed = false;
    for (const FunctionFact *body : allBodies_)
      if (!body->isNoexcept && !throwing_.contains(body->id) &&
          std::any_of(body->throwsFrom.begin(), body->throwsFrom.end(),
                      [&](const std::string &from) { return mayThrow(from); })) {
        throwing_.insert(body->id);
        changed = true;
      }
  }
}

bool Program::mayThrow(const std::string &id) const {
  if (id.empty() || throwing_.contains(id))
    return true;
  const auto overriders = facts_.overriders.find(id);
  if (overriders == facts_.overriders.end() || overriders->second.empty())
    return bodies(id).empty();
  return std::any_of(overriders->second.begin(), overriders->second.end(),
                     [&](const std::string &each) { return mayThrow(each); });
}

std::vector<Reason> Program::blockersOf(const Candidate &rewrite) const {
  std::vector<Reason> reasons = rewrite.blockers;
  for (const ThrowBlocker &each : rewrite.throwBlockers)
    if (mayThrow(each.function))
      reasons.push_back(each.reason);
  return reasons;
}

void Program::findSharedParameters() {
  // Everything counts as seen by one thread only, until a caller says otherwise.
  for (bool changed = true; changed;) {
    changed = false;
    for (const auto &[id, sites] : callers_) {
      for (const CallSite &site : sites) {
        for (std::size_t index = 0; index < site.call->arguments.size(); ++index) {
          const std::string &argument = site.call->arguments[index];
          if (isThreadLocalPath(argument))
            continue;
          const int passedOn = parameterOf(argument);
          if (passedOn >= 0 && isThreadLocalParameter(site.caller->id, passedOn))
            continue;
          changed |= sharedParameters_.emplace(id, static_cast<int>(index)).second;
        }
      }
    }
  }
}

const std::vector<const FunctionFact *> &Program::bodies(const std::string &id) const {
  static const std::vector<const FunctionFact *> none;
  auto found = bodies_.find(id);
  return found == bodies_.end() ? none : found->second;
}

Callees Program::callees(const Call &call) const {
  Callees result;
  if (call.callee.empty())
    return result;
  if (!call.isVirtual) {
    result.ids.push_back(call.callee);
    result.known = !bodies(call.callee).empty();
    return result;
  }
  std::set<std::string> seen;
  std::vector<std::string> work{call.callee};
  bool missing = false;
  while (!work.empty()) {
    const std::string id = work.back();
    work.pop_back();
    if (!seen.insert(id).second)
      continue;
    // The method called need not have a body, it may be pure; whatever overrides it must.
    if (!bodies(id).empty())
      result.ids.push_back(id);
    else if (id != call.callee)
      missing = true;
    if (auto found = facts_.overriders.find(id); found != facts_.overriders.end())
      work.insert(work.end(), found->second.begin(), found->second.end());
  }
  std::sort(result.ids.begin(), result.ids.end());
  result.known = !missing && !result.ids.empty();
  return result;
}

const std::vector<CallSite> &Program::callers(const std::string &id) const {
  static const std::vector<CallSite> none;
  auto found = callers_.find(id);
  return found == callers_.end() ? none : found->second;
}

bool Program::isEnteredUnseen(const std::string &id) const {
  const auto &all = bodies(id);
  return callers(id).empty() || std::any_of(all.begin(), all.end(), [](const FunctionFact *body) {
           return body->addressTaken || body->isVirtual || body->isEntry;
         });
}

bool Program::isRecursion(const std::string &caller, const std::string &callee) const {
  if (caller == callee)
    return selfCalling_.contains(callee);
  auto left = cycle_.find(caller), right = cycle_.find(callee);
  return left != cycle_.end() && right != cycle_.end() && left->second == right->second;
}

bool Program::isThreadLocalParameter(const std::string &id, int parameter) const {
  for (const FunctionFact *body : bodies(id))
    if (body->addressTaken || body->isVirtual || (body->isLambda && callers(id).empty()))
      return false;
  for (const CallSite &site : callers(id))
    if (static_cast<std::size_t>(parameter) >= site.call->arguments.size())
      return false;
  return !sharedParameters_.contains({id, parameter});
}

bool Program::isCallersOwn(const std::string &id, std::string_view base, bool lent) const {
  const int parameter = parameterOf(base);
  return parameter >= 0 && (lent || !callers(id).empty()) && isThreadLocalParameter(id, parameter);
}

std::string Program::fieldName(const std::string &id) const {
  auto found = facts_.fields.find(id);
  return found == facts_.fields.end() ? id : found->second.name;
}

std::string Program::mutexName(const std::string &id) const {
  auto found = facts_.mutexes.find(id);
  return found != facts_.mutexes.end() ? found->second.name
         : id == "?"                   ? "a lock that is not known"
                                       : id;
}

} // namespace unlatch
