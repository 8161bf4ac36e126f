// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Everything known about one function body while it is being read. The steps, in order:
//   1. index the body (parents, references to each variable);
//   2. locks: which expressions acquire and release which mutex       (locks.cpp)
//   3. roots: what each reference to a guarded container starts       (roots.cpp)
//   4. uses: where its results flow, with default deny                (uses.cpp, value_uses.cpp)
//   5. memory: every other touch of shared memory, and every call     (memory.cpp, calls.cpp)
//   6. walk: the paths through the control flow graph                 (walk.cpp)
//   7. operations: what each path amounts to                          (path_records.cpp and
//      operations.cpp)

#pragma once

#include "analysis/model.h"
#include "rewriters/source_text.h"

#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/ParentMap.h"
#include "clang/AST/StmtCXX.h"
#include "clang/Analysis/CFG.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace unlatch {

/// What a reference to a container starts.
enum class RootKind {
  Find,      ///< an iterator for a key, or end
  Presence,  ///< count, contains
  At,        ///< the value, or an exception
  Subscript, ///< the value, inserted if it was absent
  Put,       ///< `m[k] = v`, insert_or_assign
  Insert,    ///< insert, emplace, try_emplace: keeps what is there
  EraseKey,  ///< erase by key
  Take,      ///< extract by key; load_and_delete of the runtime
  Loop,      ///< a loop over all elements that reads
  EraseLoop, ///< a loop over all elements that erases some
  EraseIf,   ///< std::erase_if; erase_if of the runtime
  Size,      ///< size, empty
  Clear,
  CopyAll,
  TakeAll,     ///< the whole content is moved out
  Load,        ///< load of the runtime
  LoadOrStore, ///< load_or_store of the runtime
  Swap,        ///< swap of the runtime
  Update,      ///< update of the runtime; what happens is in the function given to it
  Entry,       ///< the argument of that function
  Scalar,      ///< a number, flag or enumeration itself
  Unknown,
};

/// What a value that flows from a root is.
enum class Meaning {
  Iterator,
  Element,
  Key,
  Value,
  Interior,
  InteriorPointer,
  Pair,
  Flag,
  Optional,
  Presence,
};

struct Root {
  RootKind kind = RootKind::Unknown;
  std::string field;
  std::string base;
  TypeClass fieldType = TypeClass::Other;
  const clang::Expr *reference = nullptr; ///< the expression that names the container
  const clang::Expr *call = nullptr;      ///< the whole call
  const clang::Stmt *loop = nullptr;      ///< the loop, for Loop and EraseLoop
  const clang::Expr *key = nullptr;
  std::vector<const clang::Expr *> values; ///< arguments behind the key
  std::string method;
  const clang::VarDecl *handle = nullptr;  ///< the variable that holds the result
  const clang::Expr *assignment = nullptr; ///< `it = m.emplace(k, v).first`, after a miss
  bool bound = false;                      ///< a reference or pointer into the value lives on
  const clang::DecompositionDecl *binding = nullptr; ///< `auto [key, value] = *it`
  std::vector<Reason> problems; ///< why it can't be rewritten, whatever it amounts to
};

enum class UseKind {
  Test,    ///< is it there? `positive` tells the polarity
  Read,    ///< the value, or a part of it, is copied or looked at
  Modify,  ///< the value is changed in place, or moved out of
  Replace, ///< the whole value is assigned
  Erase,   ///< erased through the iterator
  ReadKey,
  Discard, ///< entry.reset() of the runtime
};

struct Use {
  UseKind kind = UseKind::Read;
  int root = 0;
  Meaning meaning = Meaning::Value;
  const clang::Expr *node = nullptr;  ///< fires when this is evaluated
  const clang::Expr *whole = nullptr; ///< the expression to rewrite
  bool positive = true;
  int asked = 0; ///< of a test whose answer is a value, not a branch: 1 present, -1 absent
};

/// A lock taken, before it is known where it is released.
struct LockSite {
  Acquisition fact;
  const clang::ValueDecl *mutex = nullptr;    ///< null if it is not known
  const clang::Stmt *node = nullptr;          ///< the declaration or call that takes it
  const clang::VarDecl *guard = nullptr;      ///< the guard object, if there is one
  const clang::CompoundStmt *scope = nullptr; ///< the block that the guard lives in
};

/// PathStep of a path: an event of the model, or what only matters within the function.
struct PathStep {
  enum Kind : unsigned char {
    Acquire,
    Release,
    Field,
    Invoke,
    Memory, // as Event::Kind
    Root,
    Use,
    Hit,
    Miss,
    Exit,
    Mention,
  };
  Kind kind = Field;
  bool repeated = false;
  int index = 0;
  auto operator<=>(const PathStep &) const = default;
};
using Path = std::vector<PathStep>;

struct RawSection {
  std::vector<Path> paths; ///< unique
  bool incomplete = false;
};

/// Where an lvalue or pointer leads.
struct ObjectPath {
  enum Root { This, Local, Parameter, Static, Element, Unknown } root = Unknown;
  std::string text = "?";
  int parameter = -1;
  bool throughPointer = false;
  std::string elementOf;
  bool elementOwns = false;
};

class SharedLocals;

class FunctionAnalysis {
public:
  FunctionAnalysis(const clang::FunctionDecl &function, const SourceText &text,
                   SharedLocals &sharedLocals);
  ~FunctionAnalysis();

  /// The facts about the function; blockers and mutex uses that concern more than it go to `facts`.
  FunctionFact run(Facts &facts);

  /// Maps are what any other object is: their methods are not followed as operations.
  bool mapsAreObjects = false;

  /// A lambda given to an operation of the runtime: what it is given, and by whom. Of one that is
  /// given to std::erase_if, only the latter.
  struct Given {
    std::string within, field, base, key;
    bool ofMap = false; ///< it gets an entry, not a state
  };
  std::map<const clang::FunctionDecl *, Given> givenLambdas;
  const Given *given = nullptr; ///< if this function is such a lambda

  // What the steps share. Each step only adds.
  const clang::FunctionDecl &function;
  clang::ASTContext &context;
  const SourceText &text;
  SharedLocals &sharedLocals;
  const clang::Stmt *body;
  std::unique_ptr<clang::ParentMap> parents;
  std::unique_ptr<clang::CFG> graph;

  std::vector<const clang::Expr *> expressions; ///< in the body, nested lambdas left out
  std::vector<const clang::Stmt *> statements;
  std::vector<const clang::LambdaExpr *> lambdas;
  std::vector<const clang::ReturnStmt *> returns; ///< in source order
  llvm::DenseMap<const clang::ValueDecl *, std::vector<const clang::DeclRefExpr *>> references;
  llvm::DenseMap<const clang::ValueDecl *, std::vector<const clang::DeclRefExpr *>>
      captured;                                     ///< used in a nested lambda, and where
  llvm::DenseSet<const clang::ValueDecl *> changed; ///< written after its initialisation

  std::vector<LockSite> locks;
  llvm::DenseMap<const clang::Stmt *, std::vector<std::pair<bool, int>>> lockEvents;
  llvm::DenseMap<const clang::VarDecl *, std::vector<int>> guards; ///< guard -> lock sites

  std::vector<Root> roots;
  std::vector<Use> uses;
  llvm::DenseMap<const clang::VarDecl *, std::vector<int>> handleRoots;
  llvm::DenseSet<const clang::Expr *> consumed; ///< references to containers that are understood
  llvm::DenseMap<const clang::Expr *, std::pair<std::string, bool>> elementPointers;
  llvm::DenseMap<const clang::Expr *, std::pair<int, bool>> tests; ///< node -> root, polarity
  llvm::DenseMap<const clang::Expr *, int> referenceRoot;          ///< container reference -> root

  /// `it->second` and its like: an element's part named through a handle.
  struct Part {
    int root = 0;
    const clang::Expr *node = nullptr;   ///< the whole, `it->second`
    const clang::Expr *handle = nullptr; ///< what stands before, `it`
    bool key = false;
  };
  std::vector<Part> parts;
  /// Every use of a variable that leads into a container: root, and where.
  std::vector<std::pair<int, const clang::Expr *>> mentions;

  struct FieldSite {
    Access fact;
    const clang::Expr *node = nullptr;
    int root = -1;
  };
  std::vector<FieldSite> fields;
  std::vector<std::pair<Call, const clang::Stmt *>> calls;
  std::vector<std::pair<MemoryUse, const clang::Expr *>> memory;
  llvm::DenseMap<const clang::Stmt *, std::vector<PathStep>> marks; ///< what fires at a node
  llvm::DenseMap<const clang::VarDecl *, std::vector<PathStep>> destructorMarks;

  std::vector<RawSection> sections; ///< by lock site
  RawSection summary;
  /// Paths of the roots that may belong together, their uses and outcomes, and exits; by group.
  std::map<int, RawSection> outcomes;
  std::vector<int> outcomeGroups; ///< root -> group in `outcomes`
  const RawSection &outcomesOf(int root) const {
    return outcomes.at(outcomeGroups[static_cast<std::size_t>(root)]);
  }
  std::vector<int> keyGroups; ///< root -> group of roots on the same key
  std::vector<int> conditionalSites, unreleasedSites;
  bool inconsistentLocks = false;
  std::vector<std::vector<int>> heldAtField, heldAtCall, heldAtMemory, heldAtRoot, heldAtMention;

  // Steps.
  void index();
  void findLocks(Facts &facts);
  void findRoots();
  void findMemory(Facts &facts);
  void walk();
  void decideOperations(FunctionFact &out);

  // Shared questions.
  const clang::Stmt *parentOf(const clang::Stmt *node) const;
  /// The nearest ancestor that is no parenthesis, implicit cast, or other wrapper.
  const clang::Stmt *meaningfulParent(const clang::Expr *node, const clang::Expr **last) const;
  bool isInside(const clang::Stmt *node, const clang::Stmt *ancestor) const;
  /// Whether a break or continue leaves the block for a loop or switch around it.
  bool leaves(const clang::Stmt *jump, const clang::CompoundStmt *block) const;
  /// The statement that declares the variable and nothing else, if there is one.
  const clang::DeclStmt *statementOf(const clang::VarDecl *variable) const;
  bool isBooleanContext(const clang::Expr *node) const;
  bool hasOtherNames(clang::QualType type) const;
  bool isDiscarded(const clang::Expr *node) const;
  bool mayWrite(const clang::Expr *lvalue) const;
  /// Tells local variables of one name apart; stable under edits elsewhere.
  std::string localOrdinal(const clang::VarDecl *variable) const;
  ObjectPath pathOf(const clang::Expr *expression) const;
  /// A name that is equal for keys that are surely equal within the function, else empty.
  std::string canonicalKey(const clang::Expr *key) const;
  std::string keyName(int root) const;
  void groupOutcomes();
  bool mayChange(const clang::MemberExpr *member) const;
  bool mayChange(const clang::VarDecl *variable) const;
  bool mayPointElsewhere(const clang::ValueDecl *pointer) const;
  bool memberMayPointElsewhere(const clang::Expr *base) const;
  /// An iterator into a map whose operations are followed.
  bool handleOfRoot(const clang::Expr *handle) const;
  /// A pointer to what this function has made, and nobody else has got hold of before that use.
  bool isOwnFresh(const clang::VarDecl *pointer, const clang::Expr *use) const;
  Reason reason(const char *id, std::string message, const clang::Stmt *where) const;

  void follow(int root, const clang::Expr *expression, Meaning meaning);
  void followVariable(int root, const clang::ValueDecl *variable, Meaning meaning);
  void addUse(int root, UseKind kind, Meaning meaning, const clang::Expr *node,
              const clang::Expr *whole, bool positive = true);
  void block(int root, const char *id, std::string message, const clang::Stmt *where);

private:
  class Indexer;

  /// What the maps that are used here would be in a snapshot.
  void describeMapsInSnapshots();
};

/// Strips parentheses, implicit casts, temporaries and clean-ups.
const clang::Expr *strip(const clang::Expr *expression);
bool isLoop(const clang::Stmt *statement);
/// strip(), and std::move and std::forward around it.
const clang::Expr *stripMove(const clang::Expr *expression);

} // namespace unlatch
