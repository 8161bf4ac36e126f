// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "tool/configuration.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/YAMLParser.h"
#include "llvm/Support/raw_ostream.h"

#include <functional>

namespace unlatch {

namespace {

using llvm::StringRef;

constexpr const char *keys[] = {"consistency",     "root",      "header-filter", "source-filter",
                                "runtime-include", "extra-arg", "jobs"};

/// The known key that is nearest to a misspelled one, or nothing if none is near.
StringRef nearest(StringRef key) {
  StringRef best;
  unsigned distance = 4;
  for (const StringRef known : keys)
    if (const unsigned d = key.edit_distance(known); d < distance) {
      distance = d;
      best = known;
    }
  return best;
}

std::string findUpwards(StringRef start) {
  for (StringRef folder = start; !folder.empty(); folder = llvm::sys::path::parent_path(folder)) {
    llvm::SmallString<256> file(folder);
    llvm::sys::path::append(file, ".unlatch.yaml");
    if (llvm::sys::fs::exists(file))
      return file.str().str();
  }
  return {};
}

/// Reads the one mapping that the file consists of. Complaints carry the place in the file.
class Reader {
public:
  Reader(StringRef file, StringRef text) : stream(text, sources) {
    this->file = file.str();
    sources.setDiagHandler(
        [](const llvm::SMDiagnostic &diagnostic, void *self) {
          auto &reader = *static_cast<Reader *>(self);
          if (!reader.complaint.empty())
            return;
          reader.complaint = (reader.file + ":" + llvm::Twine(diagnostic.getLineNo()) + ": " +
                              diagnostic.getMessage())
                                 .str();
        },
        this);
  }

  llvm::Expected<Configuration> read() {
    auto document = stream.begin();
    if (document != stream.end()) {
      llvm::yaml::Node *root = document->getRoot();
      if (auto *mapping = llvm::dyn_cast_or_null<llvm::yaml::MappingNode>(root))
        for (llvm::yaml::KeyValueNode &entry : *mapping)
          readEntry(entry);
      else if (root && !llvm::isa<llvm::yaml::NullNode>(root))
        complain(root, "expected keys with values");
    }
    if (complaint.empty() && stream.failed())
      complaint = file + ": not valid YAML";
    if (!complaint.empty())
      return llvm::createStringError(complaint);
    return configuration;
  }

private:
  llvm::SourceMgr sources;
  std::string file;
  std::string complaint;
  llvm::yaml::Stream stream;
  Configuration configuration;

  void complain(llvm::yaml::Node *node, const llvm::Twine &message) {
    stream.printError(node, message);
  }

  std::optional<std::string> scalar(llvm::yaml::Node *node) {
    llvm::SmallString<64> storage;
    if (auto *value = llvm::dyn_cast_or_null<llvm::yaml::ScalarNode>(node))
      return value->getValue(storage).str();
    complain(node, "expected a single value");
    return std::nullopt;
  }

  void readEntry(llvm::yaml::KeyValueNode &entry) {
    const std::optional<std::string> key = scalar(entry.getKey());
    if (!key)
      return;
    llvm::yaml::Node *value = entry.getValue();
    if (*key == "consistency") {
      configuration.consistency = scalar(value);
    } else if (*key == "root") {
      configuration.root = scalar(value);
    } else if (*key == "header-filter") {
      configuration.headerFilter = scalar(value);
    } else if (*key == "source-filter") {
      configuration.sourceFilter = scalar(value);
    } else if (*key == "runtime-include") {
      configuration.runtimeInclude = scalar(value);
    } else if (*key == "extra-arg") {
      if (auto *list = llvm::dyn_cast_or_null<llvm::yaml::SequenceNode>(value)) {
        for (llvm::yaml::Node &item : *list)
          if (const std::optional<std::string> argument = scalar(&item))
            configuration.extraArguments.push_back(*argument);
      } else if (const std::optional<std::string> argument = scalar(value)) {
        configuration.extraArguments.push_back(*argument);
      }
    } else if (*key == "jobs") {
      unsigned jobs = 0;
      const std::optional<std::string> text = scalar(value);
      if (text && StringRef(*text).getAsInteger(10, jobs))
        complain(value, "expected a number");
      configuration.jobs = jobs;
    } else {
      const StringRef guess = nearest(*key);
      complain(entry.getKey(),
               "unknown key '" + *key + "'" +
                   (guess.empty() ? llvm::Twine() : "; did you mean '" + guess + "'?"));
      entry.skip();
    }
  }
};

} // namespace

llvm::Expected<Configuration> readConfiguration(StringRef file, StringRef start) {
  const std::string path = file.empty() ? findUpwards(start) : file.str();
  if (path.empty())
    return Configuration();
  auto buffer = llvm::MemoryBuffer::getFile(path, /*IsText=*/true);
  if (!buffer)
    return llvm::createStringError(buffer.getError(), path + ": " + buffer.getError().message());
  return parseConfiguration((*buffer)->getBuffer(), path);
}

llvm::Expected<Configuration> parseConfiguration(StringRef text, StringRef file) {
  return Reader(file, text).read();
}

} // namespace unlatch
