// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "matchers/member_ends.h"

#include "matchers/identity.h"
#include "matchers/quiet_code.h"

using namespace clang;

namespace unlatch {

void addMemberEnds(FunctionFact &fact, const CXXDestructorDecl &destructor) {
  const CXXRecordDecl &record = *destructor.getParent();
  const auto ends = [&](QualType type) {
    for (const FunctionDecl *run : runByEnding(type, /*owners=*/true)) {
      Call call;
      call.callee = idOf(run);
      call.description = "the destructor of a member";
      call.base = "this";
      call.where = fact.where;
      const auto *inner = dyn_cast<CXXDestructorDecl>(run);
      call.isVirtual = inner && inner->isVirtual() && !record.isDerivedFrom(inner->getParent());
      for (Trace &trace : fact.summary.traces)
        trace.push_back({Event::Invoke, static_cast<int>(fact.calls.size()), false});
      fact.calls.push_back(std::move(call));
    }
  };
  for (const FieldDecl *field : record.fields())
    ends(field->getType());
  for (const CXXBaseSpecifier &base : record.bases())
    ends(base.getType());
}

FunctionFact factOfUnwritten(const CXXDestructorDecl &destructor, const SourceText &text) {
  FunctionFact fact;
  fact.id = idOf(&destructor);
  fact.name = nameOf(&destructor);
  fact.where = text.locate(destructor.getParent()->getLocation());
  fact.owner = idOf(destructor.getParent());
  fact.isVirtual = true;
  fact.isNoexcept = true;
  fact.summary.acquisition = -1;
  fact.summary.traces = {Trace{}};
  addMemberEnds(fact, destructor);
  return fact;
}

} // namespace unlatch
