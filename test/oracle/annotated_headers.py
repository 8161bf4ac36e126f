# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Copies of libc++'s headers of locks in which all locks carry thread-safety annotations.

libc++ annotates std::mutex, std::shared_mutex, std::lock_guard and std::scoped_lock of one mutex. Others
have nothing, and Clang would take whatever stands under them for unlocked. So the declarations that are
missing are put into a copy of the headers, which is found before the original. Where the text of a
header is not what is expected, the lock stays without, and `unknown_locks` finds that out.
"""
import os
import re
import subprocess

ACQUIRE = "__attribute__((acquire_capability(%s)))"
ACQUIRE_SHARED = "__attribute__((acquire_shared_capability(%s)))"
RELEASE = "__attribute__((release_capability()))"
TRY = "__attribute__((try_acquire_capability(true)))"
TRY_SHARED = "__attribute__((try_acquire_shared_capability(true)))"
REQUIRES = "__attribute__((requires_capability(%s)))"
REQUIRES_SHARED = "__attribute__((requires_shared_capability(%s)))"
NOT_YET = "__attribute__((locks_excluded(%s)))"


def movable_lock(text, name, acquire, attempt, requires):
    """Annotates std::unique_lock or std::shared_lock."""
    text = text.replace("class %s {" % name, "class _LIBCPP_SCOPED_LOCKABLE %s {" % name)
    text = text.replace("explicit %s(mutex_type& __m)" % name,
                        "explicit %s(mutex_type& __m) %s" % (name, acquire % "__m"))
    text = text.replace("%s(mutex_type& __m, adopt_lock_t)" % name,
                        "%s(mutex_type& __m, adopt_lock_t) %s" % (name, requires % "__m"))
    # Whether they lock is not known before the program asks. To Clang they don't.
    text = text.replace("%s(mutex_type& __m, defer_lock_t) _NOEXCEPT" % name,
                        "%s(mutex_type& __m, defer_lock_t) _NOEXCEPT %s" % (name, NOT_YET % "__m"))
    text = text.replace("%s(mutex_type& __m, try_to_lock_t)" % name,
                        "%s(mutex_type& __m, try_to_lock_t) %s" % (name, NOT_YET % "__m"))
    text = text.replace(" ~%s() {" % name, " ~%s() %s {" % (name, RELEASE))
    text = text.replace(" void lock();", " void lock() %s;" % acquire % "")
    text = text.replace(" void unlock();", " void unlock() %s;" % RELEASE)
    return text.replace(" bool try_lock();", " bool try_lock() %s;" % attempt)


def plain_mutex(text, name):
    """Annotates a mutex in whose class nothing but these three functions lock."""
    begin = text.find("class _LIBCPP_EXPORTED_FROM_ABI %s {" % name)
    end = text.find("\n};", begin)
    if begin < 0 or end < 0:
        return text
    body = text[begin:end]
    body = body.replace(name + " {", '_LIBCPP_CAPABILITY("mutex") %s {' % name, 1)
    body = body.replace("void lock();", "void lock() %s;" % ACQUIRE % "")
    body = body.replace("bool try_lock() _NOEXCEPT;", "bool try_lock() _NOEXCEPT %s;" % TRY)
    body = body.replace("void unlock() _NOEXCEPT;", "void unlock() _NOEXCEPT %s;" % RELEASE)
    return text[:begin] + body + text[end:]


def several_mutexes(text):
    """Annotates the std::scoped_lock of two mutexes and more."""
    begin = text.find("template <class... _MArgs>\nclass scoped_lock {")
    if begin < 0:
        return text
    body = text[begin:]
    body = body.replace("class scoped_lock {", "class _LIBCPP_SCOPED_LOCKABLE scoped_lock {", 1)
    body = body.replace("scoped_lock(_MArgs&... __margs)",
                        "scoped_lock(_MArgs&... __margs) " + ACQUIRE % "__margs...", 1)
    body = body.replace("scoped_lock(adopt_lock_t, _MArgs&... __margs)",
                        "scoped_lock(adopt_lock_t, _MArgs&... __margs) " + REQUIRES % "__margs...", 1)
    body = body.replace("~scoped_lock() {", "~scoped_lock() %s {" % RELEASE, 1)
    return text[:begin] + body


CHANGES = {
    "__mutex/unique_lock.h": [
        lambda text: movable_lock(text, "unique_lock", ACQUIRE, TRY, REQUIRES)],
    "shared_mutex": [
        lambda text: movable_lock(text, "shared_lock", ACQUIRE_SHARED, TRY_SHARED, REQUIRES_SHARED)],
    "mutex": [several_mutexes] + [
        lambda text, name=name: plain_mutex(text, name)
        for name in ("recursive_mutex", "timed_mutex", "recursive_timed_mutex")],
}

# Each lock as a program that is right: it warns if Clang does not know that lock.
PROBES = {
    "mutex": "std::mutex m; int x GUARDED; void f() { m.lock(); x = 1; m.unlock(); }",
    "recursive_mutex":
        "std::recursive_mutex m; int x GUARDED; void f() { m.lock(); x = 1; m.unlock(); }",
    "timed_mutex": "std::timed_mutex m; int x GUARDED; void f() { m.lock(); x = 1; m.unlock(); }",
    "shared_mutex": "std::shared_mutex m; int x GUARDED; void f() { m.lock(); x = 1; m.unlock(); }",
    "lock_guard": "std::mutex m; int x GUARDED; void f() { std::lock_guard<std::mutex> l(m); x = 1; }",
    "unique_lock": "std::mutex m; int x GUARDED;"
                   "void f() { std::unique_lock<std::mutex> l(m); x = 1; l.unlock(); l.lock(); x = 2; }",
    "shared_lock": "std::shared_mutex m; int x GUARDED;"
                   "int f() { std::shared_lock<std::shared_mutex> l(m); return x; }",
    "scoped_lock": "std::mutex m; int x GUARDED; void f() { std::scoped_lock l(m); x = 1; }",
    "scoped_lock of several":
        "std::mutex m; std::mutex n; int x GUARDED; void f() { std::scoped_lock l(n, m); x = 1; }",
}


def installed(clangxx):
    """The folder of libc++'s headers, or None."""
    done = subprocess.run([clangxx, "-stdlib=libc++", "-fsyntax-only", "-x", "c++", "-H", "-"],
                          input="#include <mutex>\n", stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          universal_newlines=True)
    found = re.search(r"^\. (.*)/mutex$", done.stderr, re.M)
    return found.group(1) if done.returncode == 0 and found else None


def write(headers, folder):
    """Puts the annotated copies below `folder`, to be searched before the originals."""
    for name, changes in CHANGES.items():
        with open(os.path.join(headers, name)) as file:
            text = file.read()
        for change in changes:
            text = change(text)
        target = os.path.join(folder, name)
        os.makedirs(os.path.dirname(target), exist_ok=True)
        with open(target, "w") as file:
            file.write(text)


def unknown_locks(command, folder):
    """Those of PROBES that Clang knows nothing of, with a command that ends in its flags."""
    unknown = set()
    for name, text in PROBES.items():
        source = os.path.join(folder, "probe.cpp")
        with open(source, "w") as file:
            file.write("#include <mutex>\n#include <shared_mutex>\n" +
                       text.replace("GUARDED", "__attribute__((guarded_by(m)))") + "\n")
        done = subprocess.run([*command, source], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              universal_newlines=True)
        if done.returncode or "requires holding" in done.stderr:
            unknown.add(name)
    return unknown
