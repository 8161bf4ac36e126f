// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "rewriters/must_not_throw.h"

#include "matchers/identity.h"

using namespace clang;

namespace unlatch {

void mustNotThrow(const FunctionAnalysis &analysis, Candidate &rewrite, bool throws,
                  const UnseenFunctions &unseen, const char *message, const Stmt *where) {
  const Reason reason = analysis.reason("unsupported-operation", message, where);
  if (throws)
    rewrite.blockers.push_back(reason);
  else
    for (const FunctionDecl *each : unseen)
      rewrite.throwBlockers.push_back({idOf(each), reason});
}

} // namespace unlatch
