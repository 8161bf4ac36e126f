// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analysis/snapshot_groups.h"

#include "analysis/conflict_reasons.h"
#include "analysis/needed_locks.h"
#include "analysis/obstacles.h"

#include <algorithm>

namespace unlatch {

namespace {

bool isOneOf(const std::vector<std::string> &fields, const std::string &field) {
  return std::find(fields.begin(), fields.end(), field) != fields.end();
}

/// The acquisition of the mutex that the access stands under, in its own function; or -1.
int ownAcquisition(const AccessSite &site, const std::string &mutex) {
  for (int index : site.access().held)
    if (site.function->acquisitions[static_cast<std::size_t>(index)].mutex == mutex)
      return index;
  return -1;
}

const ExpandedSection *sectionOf(const WholeProgram &whole, const AccessSite &site,
                                 const std::string &mutex) {
  const int acquisition = ownAcquisition(site, mutex);
  for (const ExpandedSection &section : whole.sections.of(mutex))
    if (section.function == site.function && section.acquisition == acquisition)
      return &section;
  return nullptr;
}

void addRewrite(std::vector<Reason> &reasons, const Program &program, const Candidate &rewrite,
                const Location &where) {
  const std::vector<Reason> blockers = program.blockersOf(rewrite);
  reasons.insert(reasons.end(), blockers.begin(), blockers.end());
  if (rewrite.blockers.empty() && rewrite.edits.empty())
    reasons.push_back(
        {"unsupported-operation", "this cannot be written as a use of one immutable state", where});
}

} // namespace

bool modifiesSnapshot(const ExpandedSection &section, const std::vector<std::string> &fields) {
  return std::any_of(section.paths.begin(), section.paths.end(), [&](const Path &path) {
    return std::any_of(path.begin(), path.end(), [&](const Step &step) {
      return step.kind == Step::Touch && step.access().writes &&
             isOneOf(fields, step.access().field);
    });
  });
}

const Candidate &snapshotRewrite(const ExpandedSection &section,
                                 const std::vector<std::string> &fields) {
  return modifiesSnapshot(section, fields) ? section.lock().snapshotModify
                                           : section.lock().snapshotRead;
}

const Candidate &snapshotRewrite(const WholeProgram &whole, const AccessSite &site,
                                 const std::string &mutex, const std::vector<std::string> &fields) {
  const ExpandedSection *section = sectionOf(whole, site, mutex);
  const bool modifies = section ? modifiesSnapshot(*section, fields) : site.access().writes;
  return modifies ? site.access().snapshotModify : site.access().snapshotRead;
}

std::vector<Reason> snapshotObstacles(const WholeProgram &whole, const std::string &mutex,
                                      const std::vector<std::string> &fields) {
  std::vector<Reason> reasons;
  const std::set<std::string> leaving(fields.begin(), fields.end());
  for (const ExpandedSection &section : whole.sections.of(mutex)) {
    if (!touchesAny(section, leaving))
      continue;
    addRewrite(reasons, whole.program, snapshotRewrite(section, fields), section.lock().where);
    if (needsLock(whole, section, leaving))
      reasons.push_back(alsoHeldFor(whole, section, leaving));
    // The rewrite replaces what stands between one lock and its release, in one function.
    for (const Path &path : section.paths)
      for (const Step &step : path)
        if (step.kind == Step::Touch && leaving.contains(step.access().field) &&
            !step.instance.empty())
          reasons.push_back({"unsupported-operation",
                             "a function that is called with the lock held uses " +
                                 whole.program.fieldName(step.access().field),
                             step.where()});
  }
  const auto guarded = whole.facts().mutexes.find(mutex);
  for (const std::string &field : fields) {
    const FieldFact &fact = whole.facts().fields.at(field);
    // The state is declared beside the fields, and is found through the mutex.
    if (guarded == whole.facts().mutexes.end() || guarded->second.owner != fact.owner)
      reasons.push_back(
          {"unsupported-operation", "the mutex is not a member of the same class", fact.where});
    const FieldGuard &guard = whole.guards.of(field);
    const std::size_t before = reasons.size();
    for (const AccessSite &site : guard.accesses) {
      if (ownAcquisition(site, mutex) < 0)
        reasons.push_back({"unsupported-operation", "used outside a critical section of its own",
                           site.access().where});
      addRewrite(reasons, whole.program, snapshotRewrite(whole, site, mutex, fields),
                 site.access().where);
    }
    for (const AccessSite &site : guard.unshared)
      addRewrite(reasons, whole.program, snapshotRewrite(whole, site, mutex, fields),
                 site.access().where);
    // They are given for every field of the group.
    if (fields.size() > 1)
      for (std::size_t i = before; i < reasons.size(); ++i)
        reasons[i].message = whole.program.fieldName(field) + ": " + reasons[i].message;
  }
  tidy(reasons);
  return reasons;
}

} // namespace unlatch
