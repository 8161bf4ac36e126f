// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "fuzz/json_mutator.h"

#include "analysis/json_text.h"

#include "llvm/Support/raw_ostream.h"

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <random>
#include <vector>

// The fuzzer's own, for what is no JSON.
extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t *data, std::size_t size, std::size_t most);

namespace unlatch::fuzz {

namespace {

namespace json = llvm::json;

class Damage {
public:
  Damage(json::Value &document, unsigned seed) : random(seed) { collect(document); }

  void apply() {
    json::Value &victim = *parts[below(parts.size())];
    if (below(4) == 0)
      victim = json::Value(*parts[below(parts.size())]);
    else if (json::Object *object = victim.getAsObject())
      change(*object);
    else if (json::Array *array = victim.getAsArray())
      change(*array);
    else if (const auto number = victim.getAsInteger())
      victim = changed(*number);
    else if (const auto text = victim.getAsString())
      victim = changed(text->str());
    else
      victim = below(2) == 0 ? json::Value(true) : json::Value(nullptr);
  }

private:
  std::mt19937 random;
  std::vector<json::Value *> parts;

  std::size_t below(std::size_t limit) { return limit == 0 ? 0 : random() % limit; }

  void collect(json::Value &value) {
    parts.push_back(&value);
    if (json::Object *object = value.getAsObject())
      for (auto &member : *object)
        collect(member.second);
    else if (json::Array *array = value.getAsArray())
      for (json::Value &element : *array)
        collect(element);
  }

  void change(json::Object &object) {
    if (object.empty()) {
      object["index"] = 1;
      return;
    }
    auto chosen = object.begin();
    std::advance(chosen, static_cast<std::ptrdiff_t>(below(object.size())));
    object.erase(chosen);
  }

  void change(json::Array &array) {
    if (array.empty()) {
      array.push_back(0);
      return;
    }
    const auto chosen = array.begin() + static_cast<std::ptrdiff_t>(below(array.size()));
    switch (below(4)) {
    case 0:
      array.erase(chosen);
      break;
    case 1:
      array.push_back(json::Value(*chosen));
      break;
    case 2:
      std::swap(*chosen, *array.begin());
      break;
    default:
      array.clear();
    }
  }

  std::int64_t changed(std::int64_t number) {
    constexpr std::int64_t extremes[] = {-1,
                                         0,
                                         1,
                                         std::numeric_limits<std::int32_t>::max(),
                                         std::numeric_limits<std::uint32_t>::max(),
                                         std::numeric_limits<std::int64_t>::max(),
                                         std::numeric_limits<std::int64_t>::min()};
    if (below(2) == 0)
      return extremes[below(std::size(extremes))];
    return below(2) == 0 ? number / 2 : number < extremes[5] ? number + 1 : 0;
  }

  std::string changed(std::string text) {
    if (text.empty() || below(4) == 0)
      return below(2) == 0 ? "" : "a0 r0 f1* i99";
    switch (below(3)) {
    case 0:
      return text.substr(below(text.size()));
    case 1:
      text[below(text.size())] = static_cast<char>(' ' + below('~' - ' '));
      return text;
    default:
      return text + ' ' + text;
    }
  }
};

} // namespace

std::string damaged(llvm::StringRef text, unsigned seed) {
  llvm::Expected<json::Value> document = parseJson(text);
  if (!document) {
    llvm::consumeError(document.takeError());
    return {};
  }
  Damage(*document, seed).apply();
  std::string result;
  llvm::raw_string_ostream(result) << *document;
  return result;
}

} // namespace unlatch::fuzz

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t *data, std::size_t size,
                                               std::size_t most, unsigned seed);

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t *data, std::size_t size,
                                               std::size_t most, unsigned seed) {
  if (seed % 16 != 0) {
    const std::string result =
        unlatch::fuzz::damaged({reinterpret_cast<const char *>(data), size}, seed);
    if (!result.empty() && result.size() <= most) {
      std::memcpy(data, result.data(), result.size());
      return result.size();
    }
  }
  return LLVMFuzzerMutate(data, size, most);
}
