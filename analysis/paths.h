// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Paths name objects as one function sees them: "this", "param:0", "this->broker_", "local:p". A
// call gives the same object another name on either side of it.

#pragma once

#include "analysis/model.h"

#include <string>
#include <string_view>
#include <vector>

namespace unlatch {

/// True if two equal spellings of this path, in one function, mean one object. What was reached
/// through a looked-up value, or in a way that could not be followed, is not told apart.
bool identifiesObject(std::string_view path);

/// True for an object that only the running thread can see.
bool isThreadLocalPath(std::string_view path);

/// The index of the parameter that the path is, or -1; "param:0->x" is not the parameter itself.
int parameterOf(std::string_view path);

/// True if the path is `root` or leads on from it.
bool leadsFrom(std::string_view path, std::string_view root);

/// How the callee may call an object that its caller calls `path`; empty if it has no name for it.
std::vector<std::string> inCallee(const std::string &path, const Call &call);

/// How the caller calls an object that its callee calls `path`. Locals of the callee get names that
/// are unique to the place of the call, `site`.
std::string inCaller(const std::string &path, const Call &call, const std::string &site);

} // namespace unlatch
