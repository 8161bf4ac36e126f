// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analysis/paths.h"

#include <algorithm>

namespace unlatch {

namespace {

constexpr std::string_view kUnknown = "?";
constexpr std::string_view kPointee = "pointee";
constexpr std::string_view kThis = "this";
constexpr std::string_view kParameter = "param:";
constexpr std::string_view kThreadLocal = "local";
constexpr std::string_view kLocal = "local:";

/// Length of the path's first component.
std::size_t rootLength(std::string_view path) {
  return std::min({path.find("->"), path.find('.'), path.size()});
}

/// The number in "param:3", or -1.
int parameterNumber(std::string_view root) {
  if (!root.starts_with(kParameter) || root.size() == kParameter.size() ||
      root.size() > kParameter.size() + 6)
    return -1;
  int number = 0;
  for (char digit : root.substr(kParameter.size())) {
    if (digit < '0' || digit > '9')
      return -1;
    number = number * 10 + (digit - '0');
  }
  return number;
}

std::string joined(std::string_view root, std::string_view rest) {
  if (root.empty() || root.starts_with(kUnknown))
    return std::string(kUnknown);
  // What an unshared object points to may well be shared.
  if (root == kThreadLocal && rest.starts_with("->"))
    return std::string(kUnknown);
  if (root == kThreadLocal)
    return std::string(root);
  return std::string(root) + std::string(rest);
}

} // namespace

bool identifiesObject(std::string_view path) {
  return !path.starts_with(kUnknown) && !leadsFrom(path, kPointee);
}

bool isThreadLocalPath(std::string_view path) { return path == kThreadLocal; }

int parameterOf(std::string_view path) {
  return rootLength(path) == path.size() ? parameterNumber(path) : -1;
}

bool leadsFrom(std::string_view path, std::string_view root) {
  if (!path.starts_with(root))
    return false;
  std::string_view rest = path.substr(root.size());
  return rest.empty() || rest.starts_with("->") || rest.starts_with(".");
}

std::vector<std::string> inCallee(const std::string &path, const Call &call) {
  // Static storage has the one name everywhere.
  if (path.empty())
    return {path};
  std::vector<std::string> names;
  if (!identifiesObject(path))
    return names;
  auto consider = [&](const std::string &known, const std::string &name) {
    if (!known.empty() && identifiesObject(known) && leadsFrom(path, known))
      names.push_back(name + path.substr(known.size()));
  };
  consider(call.base, std::string(kThis));
  for (std::size_t index = 0; index < call.arguments.size(); ++index)
    consider(call.arguments[index], std::string(kParameter) + std::to_string(index));
  return names;
}

std::string inCaller(const std::string &path, const Call &call, const std::string &site) {
  if (path.empty() || isThreadLocalPath(path) || !identifiesObject(path))
    return path;
  std::string_view whole = path;
  std::string_view root = whole.substr(0, rootLength(whole));
  std::string_view rest = whole.substr(root.size());
  if (root == kThis)
    return joined(call.base, rest);
  if (int number = parameterNumber(root); number >= 0) {
    auto index = static_cast<std::size_t>(number);
    return index < call.arguments.size() ? joined(call.arguments[index], rest)
                                         : std::string(kUnknown);
  }
  if (root.starts_with(kLocal))
    return std::string(kLocal) + site + "/" + std::string(whole.substr(kLocal.size()));
  return std::string(kUnknown);
}

} // namespace unlatch
