# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Disagreements of unlatch and Clang that no class explains, and who is right.

By program, then "WHO: NAME in FUNCTION": who alone says that the mutex is not held, of which field, in
which function. The text says why the one or the other is right.
"""
UNANNOTATED = ("The tool is right: it sees that the class is a guard. Clang knows none without "
               "annotations.")
READ_LATER = ("Both are right: the reference is bound where the tool sees the access, and read where "
              "Clang does.")
EXPECTED = {
    "examples/process_manager": {
        "the tool: children_ in pm::ProcessManager::supervise":
            "The tool is wrong: the lock_guard stands outside of the try, so the handler runs with the "
            "lock. Clang does not look into handlers.",
    },
    "test/locks/own-guards.cpp": {
        "Clang: count_ in Wrapped::hit": UNANNOTATED,
        "Clang: count_ in Wrapped::count": UNANNOTATED,
        "Clang: names_ in WrappedShared::has": UNANNOTATED,
    },
    "test/locks/own-guards-refuse.cpp": {
        "Clang: value_ in Tries::reset": UNANNOTATED,
        "Clang: value_ in Tries::get": UNANNOTATED,
    },
    "test/scalar/values-refuse.cpp": {
        "Clang: next_ in referred_to::ThenStepped::take": READ_LATER,
        "Clang: next_ in referred_to::ThenSet::take": READ_LATER,
    },
    "test/scalar/refuse.cpp": {
        "Clang: n_ in Captured::later::lambda":
            "Both are right. What the tool objects to is the reference that the lambda keeps.",
    },
    "test/oracle/Inputs/callers.cpp": {
        "the tool: m_ in Lambdas::named::lambda":
            "The tool is wrong: a lambda that is given to an algorithm by its name counts as one that "
            "anybody may call. Both its uses are under the lock.",
    },
    "test/oracle/Inputs/objects.cpp": {
        "the tool: n_ in handOverHand":
            "The tool is wrong: unlocking one object's mutex by hand counts as unlocking that of the "
            "other, too.",
    },
    "test/oracle/Inputs/paths.cpp": {
        "Clang: m_ in Waits::put":
            "Clang is right. The tool says nothing of a function that waits with the lock, although "
            "this one unlocks by hand before.",
        "the tool: m_ in Handlers::around":
            "The tool is wrong: the handler runs with the lock. Clang does not look into handlers.",
        "the tool: m_ in Handlers::inside":
            "The tool is right: the lock ends with the try. Clang does not look into handlers.",
    },
}
