// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A child process for the broker. Its endpoints:
//
//   echo TEXT                    TEXT
//   add A B                      the sum of two integers
//   sleep MILLISECONDS           answers later; other requests are served in the meantime
//   exit CODE                    ends at once, without an answer
//   crash                        ends at once, by a signal
//   garbage                      sends a frame that is no message, then answers
//   relay TARGET METHOD PAYLOAD  calls another process through the broker and passes the answer on
//
// Options:
//
//   --crash-on-start   fails as soon as it has reported ready
//   --fail-early       fails before it reports ready
//   --stubborn         ignores SIGTERM and the end of its socket

#include "message.h"
#include "thread_group.h"
#include "transport.h"

#include <charconv>
#include <chrono>
#include <condition_variable>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <mutex>
#include <optional>
#include <sstream>
#include <stop_token>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <unistd.h>
#include <unordered_map>
#include <utility>

namespace {

using broker::Message;
using broker::MessageType;
using broker::ReceiveStatus;

/// Where the broker puts the socket.
constexpr int kSocket = 3;
constexpr std::chrono::milliseconds kSendTimeout{5000};

struct Options {
  bool crashOnStart = false;
  bool failEarly = false;
  bool stubborn = false;
};

std::optional<std::int64_t> toInteger(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size())
    return std::nullopt;
  return value;
}

class Worker {
public:
  Worker() : transport_(kSocket) {}
  ~Worker() {
    stop_.request_stop();
    sleepers_.joinAll();
  }

  void announce() {
    Message event;
    event.target = broker::kBrokerName;
    event.method = "register";
    event.payload = "echo\nadd\nsleep\nexit\ncrash\ngarbage\nrelay\n";
    send(event);
    event.method = "ready";
    event.payload.clear();
    send(event);
  }

  /// Serves until the broker closes the socket.
  void run() {
    for (;;) {
      Message message;
      const auto received = transport_.receive(message, -1, std::chrono::milliseconds(-1));
      if (received == ReceiveStatus::Closed)
        return;
      if (received != ReceiveStatus::Received)
        continue;
      if (message.type == MessageType::Request)
        serve(message);
      else if (message.type != MessageType::Event)
        finishRelay(message);
    }
  }

private:
  void send(const Message &message) { transport_.send(message, kSendTimeout); }

  void serve(const Message &request) {
    if (request.method == "echo")
      send(makeResponse(request, request.payload));
    else if (request.method == "add")
      add(request);
    else if (request.method == "sleep")
      sleep(request);
    else if (request.method == "exit")
      std::_Exit(static_cast<int>(toInteger(request.payload).value_or(0)));
    else if (request.method == "crash")
      ::raise(SIGKILL);
    else if (request.method == "garbage")
      garbage(request);
    else if (request.method == "relay")
      relay(request);
    else
      send(makeError(request, "no such method: " + request.method));
  }

  void add(const Message &request) {
    std::istringstream words(request.payload);
    std::int64_t a = 0;
    std::int64_t b = 0;
    std::int64_t sum = 0;
    if (!(words >> a >> b) || __builtin_add_overflow(a, b, &sum))
      send(makeError(request, "add: two integers, please"));
    else
      send(makeResponse(request, std::to_string(sum)));
  }

  void sleep(const Message &request) {
    const auto duration = toInteger(request.payload);
    if (!duration || *duration < 0) {
      send(makeError(request, "sleep: a number of milliseconds, please"));
      return;
    }
    sleepers_.start([this, request, duration = *duration] {
      std::mutex mu;
      std::condition_variable_any never;
      std::unique_lock<std::mutex> lock(mu);
      never.wait_for(lock, stop_.get_token(), std::chrono::milliseconds(duration),
                     [] { return false; });
      send(makeResponse(request, request.payload));
    });
  }

  void garbage(const Message &request) {
    const std::string bytes = broker::frame("this is no message");
    if (::send(kSocket, bytes.data(), bytes.size(), MSG_NOSIGNAL) !=
        static_cast<ssize_t>(bytes.size()))
      std::cerr << "worker: short send\n";
    send(makeResponse(request, "sent"));
  }

  void relay(const Message &request) {
    std::istringstream words(request.payload);
    Message onward;
    onward.type = MessageType::Request;
    onward.correlationId =
        "relay-" + std::to_string(::getpid()) + '-' + std::to_string(++relaySequence_);
    words >> onward.target >> onward.method;
    std::getline(words >> std::ws, onward.payload);
    relays_[onward.correlationId] = request;
    send(onward);
  }

  void finishRelay(const Message &answer) {
    const auto it = relays_.find(answer.correlationId);
    if (it == relays_.end())
      return;
    const Message request = std::move(it->second);
    relays_.erase(it);
    send(answer.type == MessageType::Response ? makeResponse(request, answer.payload)
                                              : makeError(request, answer.payload));
  }

  broker::Transport transport_;
  std::stop_source stop_;
  broker::ThreadGroup sleepers_;
  std::unordered_map<std::string, Message> relays_; ///< requests of others, by our own id
  std::uint64_t relaySequence_ = 0;
};

} // namespace

int main(int argc, char **argv) {
  Options options;
  for (int i = 1; i < argc; ++i) {
    const std::string_view arg = argv[i];
    if (arg == "--crash-on-start") {
      options.crashOnStart = true;
    } else if (arg == "--fail-early") {
      options.failEarly = true;
    } else if (arg == "--stubborn") {
      options.stubborn = true;
    } else {
      std::cerr << "broker_worker: unknown option " << arg << '\n';
      return 2;
    }
  }
  if (options.failEarly)
    return 71;
  if (options.stubborn)
    std::signal(SIGTERM, SIG_IGN);

  Worker worker;
  worker.announce();
  if (options.crashOnStart)
    std::_Exit(70);
  worker.run();
  while (options.stubborn)
    ::pause();
  return 0;
}
