// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A way out for every reason, in one sentence; docs/reasons/ has the rest.

#include "tool/print/printer.h"

#include "llvm/ADT/StringSwitch.h"

namespace unlatch {

llvm::StringRef adviceFor(llvm::StringRef reason) {
  return llvm::StringSwitch<llvm::StringRef>(reason)
      .Case("address-taken", "name the field where it is used, instead of pointing to it")
      .Case("aliased", "name field and mutex through the same expression, best in methods of the "
                       "class that has both")
      .Case("calls-out", "move the call behind the section, if the order does not matter")
      .Case("conditional-lock", "lock on every path, or give the locked part its own function")
      .Case("deferred-destruction", "hold the value by std::shared_ptr, and take it out of the "
                                    "section before it can die")
      .Case("does-not-compile", "change the code that relies on the old type first; if the message "
                                "speaks of something else, please report it")
      .Case("escapes-reference", "return a copy, or do the work inside the section")
      .Case("external-code", "add the sources that define it to the compile database, or choose a "
                             "--root that holds its header, if that is yours to edit")
      .Case("iterates-inconsistently", "copy the map at the start of the section, and use the copy")
      .Case("language-too-old", "compile this code as C++17 or later")
      .Case("lock-escapes", "lock and unlock in one function, by a guard")
      .Case("macro", "write the lock or the declaration out")
      .Case("may-throw", "take noexcept off if nothing needs it, or hold values whose copies don't "
                         "throw")
      .Case("multi-key", "make two sections of it, if a moment between the steps does no harm")
      .Case("not-copyable", "delete the copy if nobody needs it")
      .Case("ordered", "make it a std::unordered_map, if the order does not matter")
      .Case("pointee-guarded", "hold small objects by value, or immutable ones by "
                               "std::shared_ptr<const T>")
      .Case("public-field", "make it private, with methods that lock")
      .Case("recursive", "split off a function that expects the lock to be held")
      .Case("side-effect-in-update", "move what is not part of the operation behind the section")
      .Case("slower", "nothing; the mutex is the better choice here")
      .Case("spans-fields", "if the two need not agree at every moment, use two sections")
      .Case("suppressed", "remove the comment that keeps it")
      .Case("template-dependent", "move the guarded part into a class that is no template")
      .Case("tu-not-parsed", "build the target once so that generated headers are there, or help "
                             "with --extra-arg")
      .Case("unguarded", "take the lock at every use, or annotate the field with its mutex")
      .Case("unlocked-access", "take the lock there; it is most likely a bug today")
      .Case("unsafe-value-type", "make copying, hashing and comparing read only, or hold "
                                 "std::shared_ptr<const T>")
      .Case("unsupported-operation", "say it as one of the operations in docs/operations, or leave "
                                     "it: the mutex may be the right tool")
      .Case("volatile-or-bitfield", "make it a plain variable")
      .Case("waits", "give what has nothing to do with the waiting a mutex of its own")
      .Case("weak-atomics", "use the default memory order there; or, if these atomics order "
                            "nothing that the sections do, accept the field, or delete the fences")
      .Default("see the documentation");
}

} // namespace unlatch
