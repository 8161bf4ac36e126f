// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analysis/serialise.h"

#include "analysis/json_text.h"
#include "analysis/serialised_members.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/JSON.h"

#include <algorithm>
#include <array>

namespace unlatch {

namespace json = llvm::json;

namespace {

// Writing.

json::Value write(const std::string &value) {
  if (json::isUTF8(value))
    return value;
  // Source text may be in any encoding, JSON may not.
  return json::Object{{"hex", llvm::toHex(value)}};
}
json::Value write(bool value) { return value; }
json::Value write(int value) { return value; }
json::Value write(unsigned value) { return static_cast<std::int64_t>(value); }

/// One letter for each kind of event, in the order of Event::Kind.
constexpr llvm::StringRef kEventLetters = "arfim";

/// "a0 f2 i1* r0": paths are most of the facts, so they are written short.
json::Value write(const Trace &trace) {
  std::string text;
  for (const Event &event : trace) {
    if (!text.empty())
      text += ' ';
    text += kEventLetters[static_cast<std::size_t>(event.kind)];
    text += std::to_string(event.index);
    if (event.repeated)
      text += '*';
  }
  return text;
}

template <typename E>
  requires std::is_enum_v<E>
json::Value write(E value) {
  return spelling(value);
}

template <typename T>
  requires std::is_class_v<T>
json::Value write(const T &object);

template <typename A, typename B> json::Value write(const std::pair<A, B> &pair) {
  return json::Array{write(pair.first), write(pair.second)};
}

template <typename T> json::Value write(const std::vector<T> &values) {
  json::Array array;
  for (const T &value : values)
    array.push_back(write(value));
  return array;
}

/// Keys need not be UTF-8 either, so a map is a list of pairs.
template <typename K, typename T> json::Value write(const std::map<K, T> &values) {
  json::Array array;
  for (const auto &[key, value] : values)
    array.push_back(json::Array{write(key), write(value)});
  return array;
}

/// Members with their default value are left out: most of them have it.
struct Writer {
  json::Object object;
  template <typename T> void member(const char *name, const T &value, const T &initial) {
    if (value != initial)
      object[name] = write(value);
  }
};

/// Visits an object and one of the same type with all defaults, member by member.
template <typename T> struct DefaultsOf {
  template <typename M> void operator()(const char *, const M &value) { members.push_back(&value); }
  std::vector<const void *> members;
};

template <typename T>
  requires std::is_class_v<T>
json::Value write(const T &object) {
  static const T initial{};
  static const DefaultsOf<T> defaults = [] {
    DefaultsOf<T> result;
    describe(result, initial);
    return result;
  }();
  Writer writer;
  std::size_t position = 0;
  auto visit = [&]<typename M>(const char *name, const M &value) {
    writer.member(name, value, *static_cast<const M *>(defaults.members[position++]));
  };
  describe(visit, object);
  return std::move(writer.object);
}

// Reading.

bool read(const json::Value &value, std::string &text, json::Path path) {
  if (const json::Object *object = value.getAsObject()) {
    auto hex = object->getString("hex");
    if (hex && llvm::tryGetFromHex(*hex, text))
      return true;
  }
  return json::fromJSON(value, text, path);
}
bool read(const json::Value &value, bool &flag, json::Path path) {
  return json::fromJSON(value, flag, path);
}
bool read(const json::Value &value, int &number, json::Path path) {
  return json::fromJSON(value, number, path);
}
bool read(const json::Value &value, unsigned &number, json::Path path) {
  std::int64_t wide = 0;
  if (!json::fromJSON(value, wide, path))
    return false;
  if (wide < 0 || wide > std::int64_t{UINT32_MAX}) {
    path.report("expected a count");
    return false;
  }
  number = static_cast<unsigned>(wide);
  return true;
}

template <typename E>
  requires std::is_enum_v<E>
bool read(const json::Value &value, E &result, json::Path path) {
  if (auto text = value.getAsString()) {
    for (std::size_t index = 0; index < Spellings<E>::names.size(); ++index) {
      if (*text == Spellings<E>::names[index]) {
        result = static_cast<E>(index);
        return true;
      }
    }
    if constexpr (std::is_same_v<E, TypeClass>) {
      if (*text == "other") {
        result = TypeClass::Other;
        return true;
      }
    }
  }
  path.report("unknown word");
  return false;
}

template <typename T>
  requires std::is_class_v<T>
bool read(const json::Value &value, T &object, json::Path path);
template <typename T> bool read(const json::Value &value, std::vector<T> &values, json::Path path);

bool read(const json::Value &value, Trace &trace, json::Path path) {
  const auto text = value.getAsString();
  if (!text) {
    path.report("expected a path");
    return false;
  }
  trace.clear();
  llvm::SmallVector<llvm::StringRef> words;
  text->split(words, ' ', -1, /*KeepEmpty=*/false);
  for (llvm::StringRef word : words) {
    Event event;
    const std::size_t kind = kEventLetters.find(word.front());
    event.repeated = word.consume_back("*");
    if (kind == llvm::StringRef::npos || word.drop_front().getAsInteger(10, event.index)) {
      path.report("expected events");
      return false;
    }
    event.kind = static_cast<Event::Kind>(kind);
    trace.push_back(event);
  }
  return true;
}

const json::Array *asPair(const json::Value &value, json::Path path) {
  const json::Array *array = value.getAsArray();
  if (array && array->size() == 2)
    return array;
  path.report("expected a pair");
  return nullptr;
}

template <typename A, typename B>
bool read(const json::Value &value, std::pair<A, B> &pair, json::Path path) {
  const json::Array *array = asPair(value, path);
  return array && read((*array)[0], pair.first, path.index(0)) &&
         read((*array)[1], pair.second, path.index(1));
}

template <typename T> bool read(const json::Value &value, std::vector<T> &values, json::Path path) {
  const json::Array *array = value.getAsArray();
  if (!array) {
    path.report("expected array");
    return false;
  }
  values.clear();
  values.resize(array->size());
  for (unsigned index = 0; index < array->size(); ++index)
    if (!read((*array)[index], values[index], path.index(index)))
      return false;
  return true;
}

template <typename K, typename T>
bool read(const json::Value &value, std::map<K, T> &values, json::Path path) {
  const json::Array *array = value.getAsArray();
  if (!array) {
    path.report("expected array");
    return false;
  }
  values.clear();
  for (unsigned index = 0; index < array->size(); ++index) {
    std::pair<K, T> entry;
    if (!read((*array)[index], entry, path.index(index)))
      return false;
    if (!values.insert(std::move(entry)).second) {
      path.index(index).report("appears twice");
      return false;
    }
  }
  return true;
}

template <typename T>
  requires std::is_class_v<T>
bool read(const json::Value &value, T &object, json::Path path) {
  const json::Object *members = value.getAsObject();
  if (!members) {
    path.report("expected object");
    return false;
  }
  bool good = true;
  auto visit = [&](const char *name, auto &member) {
    if (const json::Value *found = good ? members->get(name) : nullptr)
      good = read(*found, member, path.field(name));
  };
  describe(visit, object);
  return good;
}

/// An index that a damaged file could make point anywhere.
bool isIndexOf(int index, std::size_t size) {
  return index >= 0 && static_cast<std::size_t>(index) < size;
}

bool isConsistent(const FunctionFact &function) {
  auto areHeld = [&](const std::vector<int> &held) {
    return std::all_of(held.begin(), held.end(),
                       [&](int index) { return isIndexOf(index, function.acquisitions.size()); });
  };
  auto isSound = [&](const Section &section) {
    for (const Trace &trace : section.traces) {
      for (const Event &event : trace) {
        const std::array<std::size_t, 5> sizes = {
            function.acquisitions.size(), function.acquisitions.size(), function.accesses.size(),
            function.calls.size(), function.memory.size()};
        if (!isIndexOf(event.index, sizes[static_cast<std::size_t>(event.kind)]))
          return false;
      }
    }
    return true;
  };
  for (const Access &access : function.accesses)
    if (!areHeld(access.held) ||
        (access.operation != -1 && !isIndexOf(access.operation, function.operations.size())) ||
        (access.acquisition != -1 && !isIndexOf(access.acquisition, function.acquisitions.size())))
      return false;
  for (const Call &call : function.calls)
    if (!areHeld(call.held))
      return false;
  for (const MemoryUse &memory : function.memory)
    if (!areHeld(memory.held))
      return false;
  for (const Section &section : function.sections)
    if (!isIndexOf(section.acquisition, function.acquisitions.size()) || !isSound(section))
      return false;
  return isSound(function.summary);
}

llvm::Error problem(const llvm::Twine &text) {
  return llvm::createStringError(llvm::inconvertibleErrorCode(), text);
}

} // namespace

json::Value factsJson(const Facts &facts) {
  return json::Object{{"schema", kFactsSchema}, {"facts", write(facts)}};
}

std::string printFacts(const Facts &facts) {
  std::string text;
  llvm::raw_string_ostream out(text);
  out << factsJson(facts) << '\n';
  return text;
}

llvm::Expected<Facts> parseFacts(llvm::StringRef text) {
  llvm::Expected<json::Value> document = parseJson(text);
  if (!document)
    return problem("not a facts file: " + llvm::toString(document.takeError()));
  return factsFromJson(*document);
}

llvm::Expected<Facts> factsFromJson(const json::Value &document) {
  const json::Object *object = document.getAsObject();
  const auto schema = object ? object->getString("schema") : std::nullopt;
  if (!schema)
    return problem("not a facts file: it names no schema");
  if (*schema != kFactsSchema)
    return problem("facts of another version: " + *schema + ", where " + kFactsSchema +
                   " is understood");
  const json::Value *members = object->get("facts");
  if (!members)
    return problem("a facts file without facts");
  Facts facts;
  json::Path::Root root("facts");
  if (!read(*members, facts, root))
    return problem("a damaged facts file: " + llvm::toString(root.getError()));
  const auto confused = [](const std::string &id) {
    return problem("a damaged facts file: another name for " + id);
  };
  for (const auto &[id, field] : facts.fields)
    if (field.id != id)
      return confused(id);
  for (const auto &[id, mutex] : facts.mutexes)
    if (mutex.id != id)
      return confused(id);
  for (const auto &[id, bodies] : facts.functions)
    for (const FunctionFact &body : bodies) {
      if (body.id != id)
        return confused(id);
      if (!isConsistent(body))
        return problem("a damaged facts file: " + body.name + " refers to what is not there");
    }
  return facts;
}

} // namespace unlatch
