// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The facts that one parse of a translation unit yields, and nothing else: no AST pointer survives
// into them. Everything is named by strings that mean the same in every translation unit, so that
// facts unite by identity, in any order, on any machine.

#pragma once

#include <compare>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace unlatch {

/// A place in the source. `file` is an absolute, real path; line and column count from 1.
struct Location {
  std::string file;
  unsigned line = 0;
  unsigned column = 0;
  auto operator<=>(const Location &) const = default;
};

/// Why something can't be done: an id of the documented list, a sentence, and the place.
struct Reason {
  std::string id;
  std::string message;
  Location where;
  auto operator<=>(const Reason &) const = default;
};

/// Replaces `length` bytes at `offset` of `file` by `text`.
struct Edit {
  std::string file;
  unsigned offset = 0;
  unsigned length = 0;
  std::string text;
  auto operator<=>(const Edit &) const = default;
};

/// Counts if an exception may come out of the function.
struct ThrowBlocker {
  std::string function; ///< id
  Reason reason;
  auto operator<=>(const ThrowBlocker &) const = default;
};

/// A candidate rewrite: every edit is needed, or, if there are blockers, none can be had.
struct Candidate {
  std::vector<Edit> edits;
  std::vector<Reason> blockers;
  /// Headers the edited files need, e.g. "<unlatch/map.h>" or "<atomic>", as (file, header).
  std::vector<std::pair<std::string, std::string>> includes;
  std::vector<ThrowBlocker> throwBlockers{};
  auto operator<=>(const Candidate &) const = default;
};

enum class Mode { None, Shared, Exclusive };
enum class Strategy { None, Map, Atomic, Snapshot };
enum class FieldKind { Member, StaticMember, Global, LocalStatic };

/// What a variable's type means to us.
enum class TypeClass {
  HashMap,      ///< std::unordered_map
  OrderedMap,   ///< std::map
  Scalar,       ///< integer, floating point, enumeration, bool, raw pointer
  Struct,       ///< small copyable class type; can live in a snapshot
  Atomic,       ///< std::atomic
  Mutex,        ///< a lock; described by a MutexFact as well
  Wait,         ///< std::condition_variable and the like
  Converted,    ///< already one of the runtime's types
  Synchronised, ///< documented as safe to use from many threads at once
  Other,
};

constexpr bool isMap(TypeClass type) {
  return type == TypeClass::HashMap || type == TypeClass::OrderedMap;
}

/// A variable with shared lifetime: member, static member, namespace-scope or function-local
/// static.
struct FieldFact {
  std::string id;    ///< identity over the whole program
  std::string name;  ///< qualified, without template arguments
  std::string type;  ///< as spelled
  std::string owner; ///< id of the class for members, else empty
  Location where;
  FieldKind kind = FieldKind::Member;
  TypeClass typeClass = TypeClass::Other;
  bool immutable = false;        ///< const, or a reference: nobody writes it after initialisation
  bool isPublic = false;         ///< can be named outside its class and its friends
  bool definedElsewhere = false; ///< this declares only; a Redeclaration defines
  std::string annotatedGuard;    ///< id of the mutex in GUARDED_BY, if any
  std::string keptBecause;       ///< text of `// unlatch: keep(text)`, if any
  unsigned bytes = 0;            ///< of the object itself
  bool grows = false;            ///< holds as many elements as there happen to be, text apart
  /// How the declaration would change, for each strategy that its type admits.
  std::map<Strategy, Candidate> declaration;
  /// For the snapshot strategy: the declaration's text without attributes, e.g. `int code_ = 0;`,
  /// and the lines it takes (for removal).
  std::string declarationText;
  Edit removal;
  std::vector<std::string> holds{}; ///< types that TypeBlockers may be about
  auto operator<=>(const FieldFact &) const = default;
};

struct MutexFact {
  std::string id;
  std::string name;
  std::string type;
  std::string owner; ///< id of the class for members, else empty
  Location where;
  bool recursive = false;
  /// Of a class of the program: its functions that lock and unlock, make one and end it. None for
  /// the standard ones.
  std::vector<std::string> lockedBy;
  bool isCapability = false; ///< that class says itself that it is a lock
  bool isPosix = false;      ///< of the C library, whose attributes choose what it is
  std::string keptBecause;   ///< text of `// unlatch: keep(text)`, if any
  bool definedElsewhere = false;
  Candidate removal; ///< deletes the declaration
  /// How its class would name a snapshot of what it guards.
  std::string stateType; ///< e.g. "State"
  std::string stateName; ///< e.g. "state_"
  auto operator<=>(const MutexFact &) const = default;
};

/// Another declaration of a variable: the definition of a static member, or of what is `extern`.
struct Redeclaration {
  std::string variable; ///< id of the field or mutex
  Location where;
  bool defines = false;
  std::string requiredBy; ///< in an annotation: the function that says it needs the mutex held
  std::map<Strategy, Candidate> declaration; ///< as FieldFact::declaration
  Candidate removal;                         ///< as MutexFact::removal
  auto operator<=>(const Redeclaration &) const = default;
};

/// Something done with a mutex other than locking and unlocking it on every path. It concerns the
/// whole mutex: `reason.id` is one of waits, lock-escapes, conditional-lock, address-taken, ...
struct MutexUse {
  std::string mutex;
  Reason reason;
  auto operator<=>(const MutexUse &) const = default;
};

/// One place where a lock is taken. `base` is the path of the object the mutex belongs to as seen
/// by the function: "this", "param:0", "local:p", "this->broker_", or "" for static storage.
struct Acquisition {
  std::string mutex;
  std::string base;
  Mode mode = Mode::Exclusive;
  Location where;
  /// Removes this acquisition (and the matching releases) from the source.
  Candidate removal;
  /// If one declaration takes several locks: removes it, when all of them go.
  Candidate removalOfAll;
  /// Rewrites the section as a read or a modification of a snapshot; accesses are rewritten by
  /// Access::snapshotRead and Access::snapshotModify. `write` is chosen if any access writes.
  Candidate snapshotRead;
  Candidate snapshotModify;
  /// Puts full fences where it locks and unlocks: instead of what `removal` or `removalOfAll` takes
  /// away, and in front of a section that is rewritten for a snapshot.
  Candidate fences;
  Candidate snapshotFences;
  auto operator<=>(const Acquisition &) const = default;
};

/// One atomic operation that a group of accesses to one field amounts to.
struct Operation {
  std::string field;
  Strategy strategy = Strategy::Map;
  /// "load", "store", ... as in the plan; "none" if the accesses do not amount to one operation,
  /// in which case `rewrite.blockers` says why.
  std::string name;
  std::string key;                ///< text of the key, or of the scalar's new value
  std::vector<std::string> paths; ///< canonical records of what each path does, sorted
  Location where;
  Candidate rewrite;
  bool manyTimes = false; ///< it stands in a loop
  /// What it may throw that the accesses could not, in words that follow "it"; or nothing.
  std::string newThrow{};
  auto operator<=>(const Operation &) const = default;
};

/// A read or write of one field.
struct Access {
  std::string field;
  std::string base; ///< as in Acquisition::base; "pointee" if reached through a looked-up value
  bool writes = false;
  Location where;
  int operation = -1;    ///< index into FunctionFact::operations, or -1
  std::vector<int> held; ///< indices into FunctionFact::acquisitions: surely held here
  /// True in the constructor or destructor of the object accessed: nobody else can see it yet.
  bool unshared = false;
  /// Index of the acquisition whose mutex is named by this, or -1: it goes with the lock.
  int acquisition = -1;
  bool lent = false; ///< of a plain object that a caller lends: its own, unless it is seen shared
  /// True if the value read only names a logger that is then written to.
  bool forLogging = false;
  /// If reached through an element of a guarded map (`it->second->field`): that map's id.
  std::string throughElementOf;
  /// Whether the element owns what it points to (shared_ptr or a value), so that a copy keeps it
  /// alive.
  bool ownedByElement = false;
  Candidate snapshotRead;
  Candidate snapshotModify;
  auto operator<=>(const Access &) const = default;
};

/// A call whose effects are to be looked up over the whole program.
struct Call {
  std::string callee;      ///< id, or empty if it can't be known (function pointer, std::function)
  std::string description; ///< for messages, e.g. "dial(host)" or "a call through std::function"
  std::string base;        ///< path of the object it is called on, as in Access::base
  std::vector<std::string>
      arguments; ///< path of each argument; "local" for what only this thread sees, "?" if unknown
  /// Fields and variables that a reference, pointer or view among the arguments may lead into.
  std::vector<std::string> lends{};
  Location where;
  std::vector<int> held;
  bool isVirtual = false;
  bool logging = false;         ///< by name, a call of a logger
  std::string throughElementOf; ///< as in Access
  bool ownedByElement = false;
  auto operator<=>(const Call &) const = default;
};

/// A touch of shared memory that is no field: through a pointer or a reference, a system global ...
struct MemoryUse {
  bool writes = false;
  /// If reached through a reference or pointer parameter of this function: its index. It is
  /// harmless if every caller passes something that only the calling thread sees.
  int parameter = -1;
  std::string description;
  Location where;
  std::vector<int> held;
  auto operator<=>(const MemoryUse &) const = default;
};

/// An object that a function hands to one of which this translation unit does not know what it
/// does with it. Both sides are named as in Access::base, "*" before what leads on to elsewhere.
struct Loan {
  std::string lent;   ///< "local", or what the function itself was lent: "this", "param:0"
  std::string callee; ///< id
  std::string as;     ///< "this", "param:0", "*param:0"
  Location where;
  /// Of a local variable: the acquisitions under which the function may use it.
  std::vector<int> under{};
  auto operator<=>(const Loan &) const = default;
};

struct Event {
  enum Kind {
    Acquire, ///< index: acquisitions
    Release, ///< index: acquisitions
    Field,   ///< index: accesses
    Invoke,  ///< index: calls
    Memory,  ///< index: memory
  };
  Kind kind = Field;
  int index = 0;
  bool repeated = false; ///< happens again on this path (a loop)
  auto operator<=>(const Event &) const = default;
};

/// What happens on one path, in order.
using Trace = std::vector<Event>;

/// What happens from one acquisition to its release, on every path. The first event is the
/// acquisition itself. Other sections that overlap appear as Acquire and Release.
struct Section {
  int acquisition = 0;
  std::vector<Trace> traces;
  /// More paths than the walk follows: nothing may be concluded from `traces`.
  bool incomplete = false;
  auto operator<=>(const Section &) const = default;
};

struct FunctionFact {
  std::string id;
  std::string name; ///< qualified, without template arguments and parameters
  Location where;
  std::string owner; ///< id of the class for members, else empty
  bool isVirtual = false;
  bool addressTaken = false; ///< may be called from anywhere
  bool isLambda = false;
  /// For a function given to an operation of the runtime: the function in which it stands.
  std::string within;
  bool isEntry = false; ///< main, or a constructor of a static object
  bool isNoexcept = false;
  /// Ids of the functions whose exceptions may come out of it, and an empty one for its own.
  std::vector<std::string> throwsFrom{};
  bool alwaysLocks = false; ///< locks what its class holds, whatever has been before
  std::string language;     ///< "c++17", ... of the translation unit
  std::vector<Acquisition> acquisitions;
  int fences = 0; ///< full fences of the runtime
  std::vector<Operation> operations;
  std::vector<Access> accesses;
  std::vector<Call> calls;
  std::vector<MemoryUse> memory;
  /// By parameter: the type that a reference or pointer leads to, else empty.
  std::vector<std::string> lent;
  std::vector<Loan> loans; ///< of the local variables it uses, and of what it is lent itself
  /// What it was lent and may keep when it returns, as in Loan::as.
  std::vector<std::string> kept;
  std::vector<Section> sections;
  /// The whole body as a caller that holds a lock sees it.
  Section summary;
  auto operator<=>(const FunctionFact &) const = default;
};

/// Use of something that makes a removed lock matter as a fence (design rule 6).
struct WeakOrdering {
  std::string description; ///< e.g. "memory_order_relaxed"
  Location where;
  auto operator<=>(const WeakOrdering &) const = default;
};

struct SourceFile {
  std::string hash; ///< of the content the facts were read from
  auto operator<=>(const SourceFile &) const = default;
};

/// What the compiler says of a translation unit.
struct CompilerMessage {
  Location where;
  std::string message;
  auto operator<=>(const CompilerMessage &) const = default;
};

struct TranslationUnit {
  std::string file;
  bool parsed = true;
  std::vector<CompilerMessage> errors; ///< the first few, if not parsed
  /// Of Clang's thread-safety analysis, where the program asks for it.
  std::vector<CompilerMessage> lockWarnings;
  /// Project files it includes, itself among them; sorted. None if that is not known.
  std::vector<std::string> dependencies;
  auto operator<=>(const TranslationUnit &) const = default;
};

/// A problem of one field that no particular section shows: the reference to it escapes, the type
/// of its values can't be shared, its declaration comes from a macro, ...
struct FieldBlocker {
  std::string field;
  Strategy strategy = Strategy::None; ///< None: whatever the strategy
  Reason reason;
  auto operator<=>(const FieldBlocker &) const = default;
};

/// The same for every field that holds values of one type.
struct TypeBlocker {
  std::string type; ///< e.g. "std::shared_ptr<Job>"
  Strategy strategy = Strategy::None;
  Reason reason;
  auto operator<=>(const TypeBlocker &) const = default;
};

/// Everything known, of one translation unit or of many. All vectors are sorted and unique after
/// merge(); maps are keyed by id.
struct Facts {
  std::map<std::string, FieldFact> fields;
  std::map<std::string, MutexFact> mutexes;
  /// One function can have several bodies: an inline function seen under different macros, or the
  /// instantiations of a template. All of them count.
  std::map<std::string, std::vector<FunctionFact>> functions;
  /// Overriders of each virtual function, by id.
  std::map<std::string, std::vector<std::string>> overriders;
  std::vector<Redeclaration> redeclarations;
  std::vector<FieldBlocker> fieldBlockers;
  std::vector<MutexUse> mutexUses;
  std::vector<WeakOrdering> weakOrderings;
  std::vector<TypeBlocker> typeBlockers;
  std::map<std::string, SourceFile> files;
  std::vector<TranslationUnit> units;
  auto operator<=>(const Facts &) const = default;
};

} // namespace unlatch
