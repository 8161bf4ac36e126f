// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The members of every type of the model, and the words for its enumerations, listed once for both
// directions of serialisation.

#pragma once

#include "analysis/model.h"

#include <array>
#include <string>
#include <type_traits>

namespace unlatch {

/// The spellings of an enumeration, in the order of its values.
template <typename E> struct Spellings;
template <> struct Spellings<Mode> {
  static constexpr std::array<const char *, 3> names = {"none", "shared", "exclusive"};
};
template <> struct Spellings<Strategy> {
  static constexpr std::array<const char *, 4> names = {"none", "map", "atomic", "snapshot"};
};
template <> struct Spellings<FieldKind> {
  static constexpr std::array<const char *, 4> names = {"member", "static-member", "global",
                                                        "local-static"};
};
template <> struct Spellings<TypeClass> {
  static constexpr std::array<const char *, 9> names = {"hash-map", "ordered-map", "scalar",
                                                        "struct",   "atomic",      "mutex",
                                                        "wait",     "converted",   "synchronised"};
};

template <typename E> std::string spelling(E value) {
  const auto index = static_cast<std::size_t>(value);
  if (index < Spellings<E>::names.size())
    return Spellings<E>::names[index];
  return "other";
}

template <typename V, typename T>
void describe(V &visit, T &location)
  requires std::is_same_v<std::remove_const_t<T>, Location>
{
  visit("file", location.file);
  visit("line", location.line);
  visit("column", location.column);
}

template <typename V, typename T>
void describe(V &visit, T &reason)
  requires std::is_same_v<std::remove_const_t<T>, Reason>
{
  visit("id", reason.id);
  visit("message", reason.message);
  visit("where", reason.where);
}

template <typename V, typename T>
void describe(V &visit, T &edit)
  requires std::is_same_v<std::remove_const_t<T>, Edit>
{
  visit("file", edit.file);
  visit("offset", edit.offset);
  visit("length", edit.length);
  visit("text", edit.text);
}

template <typename V, typename T>
void describe(V &visit, T &blocker)
  requires std::is_same_v<std::remove_const_t<T>, ThrowBlocker>
{
  visit("function", blocker.function);
  visit("reason", blocker.reason);
}

template <typename V, typename T>
void describe(V &visit, T &candidate)
  requires std::is_same_v<std::remove_const_t<T>, Candidate>
{
  visit("edits", candidate.edits);
  visit("blockers", candidate.blockers);
  visit("throwBlockers", candidate.throwBlockers);
  visit("includes", candidate.includes);
}

template <typename V, typename T>
void describe(V &visit, T &field)
  requires std::is_same_v<std::remove_const_t<T>, FieldFact>
{
  visit("id", field.id);
  visit("name", field.name);
  visit("type", field.type);
  visit("owner", field.owner);
  visit("where", field.where);
  visit("kind", field.kind);
  visit("typeClass", field.typeClass);
  visit("immutable", field.immutable);
  visit("isPublic", field.isPublic);
  visit("definedElsewhere", field.definedElsewhere);
  visit("annotatedGuard", field.annotatedGuard);
  visit("keptBecause", field.keptBecause);
  visit("declaration", field.declaration);
  visit("bytes", field.bytes);
  visit("holds", field.holds);
  visit("grows", field.grows);
  visit("declarationText", field.declarationText);
  visit("removal", field.removal);
}

template <typename V, typename T>
void describe(V &visit, T &mutex)
  requires std::is_same_v<std::remove_const_t<T>, MutexFact>
{
  visit("id", mutex.id);
  visit("name", mutex.name);
  visit("type", mutex.type);
  visit("owner", mutex.owner);
  visit("where", mutex.where);
  visit("recursive", mutex.recursive);
  visit("lockedBy", mutex.lockedBy);
  visit("isCapability", mutex.isCapability);
  visit("isPosix", mutex.isPosix);
  visit("keptBecause", mutex.keptBecause);
  visit("definedElsewhere", mutex.definedElsewhere);
  visit("removal", mutex.removal);
  visit("stateType", mutex.stateType);
  visit("stateName", mutex.stateName);
}

template <typename V, typename T>
void describe(V &visit, T &redeclaration)
  requires std::is_same_v<std::remove_const_t<T>, Redeclaration>
{
  visit("variable", redeclaration.variable);
  visit("where", redeclaration.where);
  visit("defines", redeclaration.defines);
  visit("requiredBy", redeclaration.requiredBy);
  visit("declaration", redeclaration.declaration);
  visit("removal", redeclaration.removal);
}

template <typename V, typename T>
void describe(V &visit, T &loan)
  requires std::is_same_v<std::remove_const_t<T>, Loan>
{
  visit("lent", loan.lent);
  visit("callee", loan.callee);
  visit("as", loan.as);
  visit("where", loan.where);
  visit("under", loan.under);
}

template <typename V, typename T>
void describe(V &visit, T &use)
  requires std::is_same_v<std::remove_const_t<T>, MutexUse>
{
  visit("mutex", use.mutex);
  visit("reason", use.reason);
}

template <typename V, typename T>
void describe(V &visit, T &acquisition)
  requires std::is_same_v<std::remove_const_t<T>, Acquisition>
{
  visit("mutex", acquisition.mutex);
  visit("base", acquisition.base);
  visit("mode", acquisition.mode);
  visit("where", acquisition.where);
  visit("removal", acquisition.removal);
  visit("removalOfAll", acquisition.removalOfAll);
  visit("snapshotRead", acquisition.snapshotRead);
  visit("snapshotModify", acquisition.snapshotModify);
  visit("fences", acquisition.fences);
  visit("snapshotFences", acquisition.snapshotFences);
}

template <typename V, typename T>
void describe(V &visit, T &operation)
  requires std::is_same_v<std::remove_const_t<T>, Operation>
{
  visit("field", operation.field);
  visit("strategy", operation.strategy);
  visit("name", operation.name);
  visit("key", operation.key);
  visit("paths", operation.paths);
  visit("where", operation.where);
  visit("rewrite", operation.rewrite);
  visit("manyTimes", operation.manyTimes);
  visit("newThrow", operation.newThrow);
}

template <typename V, typename T>
void describe(V &visit, T &access)
  requires std::is_same_v<std::remove_const_t<T>, Access>
{
  visit("field", access.field);
  visit("base", access.base);
  visit("writes", access.writes);
  visit("where", access.where);
  visit("operation", access.operation);
  visit("held", access.held);
  visit("unshared", access.unshared);
  visit("acquisition", access.acquisition);
  visit("lent", access.lent);
  visit("forLogging", access.forLogging);
  visit("throughElementOf", access.throughElementOf);
  visit("ownedByElement", access.ownedByElement);
  visit("snapshotRead", access.snapshotRead);
  visit("snapshotModify", access.snapshotModify);
}

template <typename V, typename T>
void describe(V &visit, T &call)
  requires std::is_same_v<std::remove_const_t<T>, Call>
{
  visit("callee", call.callee);
  visit("description", call.description);
  visit("base", call.base);
  visit("arguments", call.arguments);
  visit("where", call.where);
  visit("held", call.held);
  visit("isVirtual", call.isVirtual);
  visit("logging", call.logging);
  visit("throughElementOf", call.throughElementOf);
  visit("ownedByElement", call.ownedByElement);
  visit("lends", call.lends);
}

template <typename V, typename T>
void describe(V &visit, T &memory)
  requires std::is_same_v<std::remove_const_t<T>, MemoryUse>
{
  visit("writes", memory.writes);
  visit("parameter", memory.parameter);
  visit("description", memory.description);
  visit("where", memory.where);
  visit("held", memory.held);
}

template <typename V, typename T>
void describe(V &visit, T &section)
  requires std::is_same_v<std::remove_const_t<T>, Section>
{
  visit("acquisition", section.acquisition);
  visit("traces", section.traces);
  visit("incomplete", section.incomplete);
}

template <typename V, typename T>
void describe(V &visit, T &function)
  requires std::is_same_v<std::remove_const_t<T>, FunctionFact>
{
  visit("id", function.id);
  visit("name", function.name);
  visit("where", function.where);
  visit("owner", function.owner);
  visit("isVirtual", function.isVirtual);
  visit("addressTaken", function.addressTaken);
  visit("isLambda", function.isLambda);
  visit("within", function.within);
  visit("isEntry", function.isEntry);
  visit("isNoexcept", function.isNoexcept);
  visit("throwsFrom", function.throwsFrom);
  visit("alwaysLocks", function.alwaysLocks);
  visit("language", function.language);
  visit("acquisitions", function.acquisitions);
  visit("fences", function.fences);
  visit("operations", function.operations);
  visit("accesses", function.accesses);
  visit("calls", function.calls);
  visit("memory", function.memory);
  visit("lent", function.lent);
  visit("loans", function.loans);
  visit("kept", function.kept);
  visit("sections", function.sections);
  visit("summary", function.summary);
}

template <typename V, typename T>
void describe(V &visit, T &weak)
  requires std::is_same_v<std::remove_const_t<T>, WeakOrdering>
{
  visit("description", weak.description);
  visit("where", weak.where);
}

template <typename V, typename T>
void describe(V &visit, T &blocker)
  requires std::is_same_v<std::remove_const_t<T>, TypeBlocker>
{
  visit("type", blocker.type);
  visit("strategy", blocker.strategy);
  visit("reason", blocker.reason);
}

template <typename V, typename T>
void describe(V &visit, T &file)
  requires std::is_same_v<std::remove_const_t<T>, SourceFile>
{
  visit("hash", file.hash);
}

template <typename V, typename T>
void describe(V &visit, T &message)
  requires std::is_same_v<std::remove_const_t<T>, CompilerMessage>
{
  visit("where", message.where);
  visit("message", message.message);
}

template <typename V, typename T>
void describe(V &visit, T &unit)
  requires std::is_same_v<std::remove_const_t<T>, TranslationUnit>
{
  visit("file", unit.file);
  visit("parsed", unit.parsed);
  visit("errors", unit.errors);
  visit("lockWarnings", unit.lockWarnings);
  visit("dependencies", unit.dependencies);
}

template <typename V, typename T>
void describe(V &visit, T &blocker)
  requires std::is_same_v<std::remove_const_t<T>, FieldBlocker>
{
  visit("field", blocker.field);
  visit("strategy", blocker.strategy);
  visit("reason", blocker.reason);
}

template <typename V, typename T>
void describe(V &visit, T &facts)
  requires std::is_same_v<std::remove_const_t<T>, Facts>
{
  visit("fields", facts.fields);
  visit("mutexes", facts.mutexes);
  visit("functions", facts.functions);
  visit("overriders", facts.overriders);
  visit("redeclarations", facts.redeclarations);
  visit("fieldBlockers", facts.fieldBlockers);
  visit("mutexUses", facts.mutexUses);
  visit("weakOrderings", facts.weakOrderings);
  visit("typeBlockers", facts.typeBlockers);
  visit("files", facts.files);
  visit("units", facts.units);
}

} // namespace unlatch
