// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "tool/mutate.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Path.h"

#include <utility>

namespace unlatch {

namespace {

using llvm::StringRef;

/// An operation, and one that compiles in its place often enough to be a trap.
constexpr std::pair<const char *, const char *> confusions[] = {
    {"load", "contains"},
    {"contains", "erase"},
    {"store", "load_or_store"},
    {"erase", "load_and_delete"},
    {"load_and_delete", "load"},
    {"load_or_store", "store"},
    {"swap", "store"},
    {"update", "load_or_store"},
    {"range", "erase_if"},
    {"sorted_items", "items"},
    {"erase_if", "range"},
    {"size", "clear"},
    {"clear", "size"},
    {"take_all", "clear"},
    {"fetch_add", "fetch_sub"},
    {"exchange", "store"},
    {"fetch_max", "fetch_min"},
    {"fetch_min", "fetch_max"},
    {"true", "false"},
    {"false", "true"},
    {"read", "modify"},
    {"modify", "read"},
    {"++", "--"},
    {"+=", "-="},
};

bool isWordAt(StringRef text, size_t at, size_t length) {
  const auto inWord = [&](size_t i) {
    return i < text.size() && (llvm::isAlnum(text[i]) || text[i] == '_');
  };
  return !(llvm::isAlnum(text[at]) && ((at > 0 && inWord(at - 1)) || inWord(at + length)));
}

class Mutator {
public:
  Mutator(const std::vector<Edit> &edits, const Texts &originals)
      : edits(edits), originals(originals) {}

  std::vector<Mutant> all() {
    for (size_t i = 0; i < edits.size(); ++i) {
      drop(i);
      invert(i);
      confuse(i);
      for (size_t k = i + 1; k < edits.size(); ++k)
        exchange(i, k);
    }
    return std::move(mutants);
  }

private:
  const std::vector<Edit> &edits;
  const Texts &originals;
  std::vector<Mutant> mutants;

  std::string place(size_t i) const {
    const StringRef text = originals.at(edits[i].file);
    return (llvm::sys::path::filename(edits[i].file) + ":" +
            llvm::Twine(text.take_front(edits[i].offset).count('\n') + 1))
        .str();
  }

  void add(const llvm::Twine &description, size_t i, std::string text) {
    Mutant mutant{(place(i) + ": " + description).str(), edits};
    mutant.edits[i].text = std::move(text);
    mutants.push_back(std::move(mutant));
  }

  void drop(size_t i) {
    // An atomic converts to its value by itself; to call load() is only to say so.
    if (edits[i].text == ".load()")
      return;
    Mutant mutant{place(i) + ": edit to '" + edits[i].text + "' dropped", edits};
    mutant.edits.erase(mutant.edits.begin() + long(i));
    mutants.push_back(std::move(mutant));
  }

  void invert(size_t i) {
    const std::string &text = edits[i].text;
    for (size_t at = 0; at < text.size(); ++at)
      if (text[at] == '!' && (at + 1 == text.size() || text[at + 1] != '='))
        add("test inverted, without '!'", i, text.substr(0, at) + text.substr(at + 1));
    for (const StringRef test : {".has_value()", ".contains("})
      if (const size_t at = text.find(test); at != std::string::npos) {
        size_t begin = at;
        while (begin > 0 && (llvm::isAlnum(text[begin - 1]) || text[begin - 1] == '_'))
          --begin;
        if (begin < at && (begin == 0 || text[begin - 1] != '!'))
          add("test inverted, with '!'", i, text.substr(0, begin) + "!" + text.substr(begin));
      }
    // Where it takes the place of the whole branch, nobody asks.
    if (StringRef(text).starts_with("unlatch::compare_and_swap(") &&
        !StringRef(originals.at(edits[i].file)).substr(edits[i].offset).starts_with("if"))
      add("test inverted, with '!'", i, "!" + text);
    // A test that consists of the optional alone.
    if (llvm::all_of(text, [](char c) { return llvm::isAlnum(c) || c == '_'; }) && !text.empty() &&
        edits[i].length > text.size() &&
        StringRef(originals.at(edits[i].file))
            .substr(edits[i].offset, edits[i].length)
            .contains("end("))
      add("test inverted, with '!'", i, "!" + text);
  }

  void confuse(size_t i) {
    const std::string &text = edits[i].text;
    for (const auto &[right, wrong] : confusions) {
      const StringRef word = right;
      for (size_t at = text.find(word.str()); at != std::string::npos;
           at = text.find(word.str(), at + 1))
        if (isWordAt(text, at, word.size()))
          add(llvm::Twine("'") + right + "' taken for '" + wrong + "'", i,
              text.substr(0, at) + wrong + text.substr(at + word.size()));
    }
  }

  /// The arguments of two calls that the edits write.
  void exchange(size_t i, size_t k) {
    const auto argument = [](StringRef text) -> StringRef {
      const size_t open = text.find('(');
      const size_t close = text.find_first_of(",)", open);
      if (open == StringRef::npos || close == StringRef::npos)
        return {};
      return text.slice(open + 1, close);
    };
    const StringRef first = argument(edits[i].text);
    const StringRef second = argument(edits[k].text);
    if (first.trim().empty() || second.trim().empty() || first == second ||
        edits[i].file != edits[k].file)
      return;
    Mutant mutant{place(i) + ": keys '" + first.str() + "' and '" + second.str() + "' swapped",
                  edits};
    const auto put = [](std::string &text, StringRef old, StringRef young) {
      text.replace(text.find('(') + 1, old.size(), young.str());
    };
    const std::string one = first.str();
    const std::string other = second.str();
    put(mutant.edits[i].text, one, other);
    put(mutant.edits[k].text, other, one);
    mutants.push_back(std::move(mutant));
  }
};

} // namespace

/// What does not change when only the layout does.
static std::string withoutSpaces(StringRef text) {
  std::string rest;
  for (const char c : text)
    if (!llvm::isSpace(c))
      rest += c;
  return rest;
}

std::vector<Mutant> mutantsOf(const std::vector<Edit> &edits, const Texts &originals) {
  return Mutator(edits, originals).all();
}

llvm::Expected<bool> tryMutants(llvm::raw_ostream &out, Decision &decision,
                                const std::set<std::string> &selected, StringRef which) {
  llvm::Expected<Change> change = decision.change(selected);
  if (!change)
    return change.takeError();
  std::vector<std::pair<Mutant, Change>> mutants;
  for (Mutant &mutant : mutantsOf(change->edits, change->originals)) {
    llvm::Expected<Change> broken = changeBy(mutant.edits, decision.facts(), decision.plan(),
                                             selected, decision.keepLockHeaders());
    if (!broken) {
      llvm::consumeError(broken.takeError());
      continue;
    }
    // Whoever expects all the edits must find them in the mutant's claim as well; a mutant that
    // comes to the same text is none.
    broken->edits = change->edits;
    bool differs = false;
    for (const auto &[file, text] : change->edited) {
      const auto mutated = broken->edited.find(file);
      if (mutated == broken->edited.end())
        broken->edited[file] = change->originals.at(file);
      differs |= withoutSpaces(broken->edited.at(file)) != withoutSpaces(text);
    }
    if (differs)
      mutants.emplace_back(std::move(mutant), std::move(*broken));
  }
  if (which == "count") {
    out << mutants.size() << '\n';
    return true;
  }
  size_t number = 0;
  if (which != "all" && (which.getAsInteger(10, number) || number < 1 || number > mutants.size()))
    return llvm::createStringError("--mutate: from 1 to " + llvm::Twine(mutants.size()) +
                                   ", 'all' or 'count'");
  bool allCaught = true;
  for (size_t i = 0; i < mutants.size(); ++i) {
    if (number != 0 && number != i + 1)
      continue;
    const auto &[mutant, broken] = mutants[i];
    const std::vector<Objection> objections =
        decision.verifier().verify(decision.facts(), decision.plan(), selected, broken);
    out << "mutant " << i + 1 << " (" << mutant.description << "): ";
    if (objections.empty())
      out << "SURVIVED\n";
    else
      out << "caught: " << objections.front().reason.message << '\n';
    allCaught &= !objections.empty();
  }
  return allCaught;
}

} // namespace unlatch
