// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A message broker: it starts child processes, talks to each over a Unix-domain socket, routes
// requests and responses between them by correlation id, and starts again what dies.

#ifndef BROKER_BROKER_H
#define BROKER_BROKER_H

#include "logger.h"
#include "message.h"
#include "thread_group.h"
#include "transport.h"

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <stop_token>
#include <string>
#include <sys/types.h>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

namespace broker {

/// The descriptor on which a child finds its socket to the broker.
inline constexpr int kChildDescriptor = 3;

/// What to run, and what to do when it dies.
struct ProcessSpec {
  std::string id;
  std::string command;
  std::vector<std::string> args;
  /// How often it is started again after it has failed (an exit status other than 0, or a signal).
  int maxRestarts = 0;
  std::chrono::milliseconds restartDelay{100};
};

enum class ProcessStatus {
  Launching,  ///< registered; its child is not started yet
  Starting,   ///< the child runs and has not reported ready
  Running,    ///< ready
  Stopping,   ///< asked to end
  Restarting, ///< failed, and waiting to be started again
  Exited,     ///< ended with status 0, or because it was asked to
  Failed,     ///< ended otherwise
};

const char *toString(ProcessStatus status);

/// What there is to know about a process at one moment.
struct ProcessInfo {
  std::string id;
  std::string command;
  ProcessStatus status = ProcessStatus::Exited;
  pid_t pid = -1;
  int restartCount = 0;
  int exitCode = 0; ///< the exit status, or 128 and the number of the signal
  std::uint64_t messagesReceived = 0;
  std::chrono::system_clock::time_point startTime;
  std::optional<std::chrono::system_clock::time_point> endTime;
};

/// A supervised process. `mu` guards all that changes.
struct Process {
  explicit Process(ProcessSpec processSpec, ProcessStatus initial = ProcessStatus::Exited)
      : spec(std::move(processSpec)), status(initial) {}

  /// Takes `mu`.
  ProcessInfo info() const;

  const ProcessSpec spec;

  mutable std::mutex mu;
  std::condition_variable changed; ///< signalled when status or pid changes
  ProcessStatus status;
  pid_t pid = -1; ///< -1 when there is no child to signal or wait for
  int restartCount = 0;
  int exitCode = 0;
  std::uint64_t messagesReceived = 0;
  std::chrono::system_clock::time_point startTime;
  std::optional<std::chrono::system_clock::time_point> endTime;
  std::shared_ptr<Transport> transport; ///< null when there is no child
  bool claimed = false;                 ///< somebody is about to take it off the broker's list
};

/// A request that waits for its response.
class PendingRequest {
public:
  PendingRequest(std::string target, std::string method);

  const std::string &target() const { return target_; }
  const std::string &method() const { return method_; }

  /// Hands the response over. Only the first one counts.
  void complete(Message response);
  /// Nothing after `timeout`, or once `stop` is requested.
  std::optional<Message> wait(std::chrono::milliseconds timeout, const std::stop_token &stop);

private:
  const std::string target_;
  const std::string method_;
  std::mutex mu_;
  std::condition_variable_any done_;
  std::optional<Message> response_;
};

/// Starts children. The default uses posix_spawn.
class Spawner {
public:
  struct Child {
    pid_t pid = -1;
    int fd = -1; ///< the broker's end of the socket
  };

  virtual ~Spawner() = default;
  /// Throws std::system_error if the child can't be started.
  virtual Child launch(const ProcessSpec &spec);
};

/// Watches the traffic and says how large the receive buffers of new processes should be.
class Optimizer {
public:
  void observe(const Message &message);
  std::uint64_t observed() const;
  std::size_t suggestedChunk() const;

private:
  mutable std::mutex mu_;
  std::uint64_t observed_ = 0;
  std::size_t largest_ = 0;
};

/// Limits how many calls are under way at once.
class PermitManager {
public:
  explicit PermitManager(int permits) : available_(permits) {}
  bool tryAcquire();
  void release();
  int available() const;

private:
  mutable std::mutex mu_;
  int available_;
};

enum class SpawnStatus {
  Started,
  InvalidId,      ///< empty, with a line break, or the broker's own name
  AlreadyPresent, ///< there is a process of that id
  LaunchFailed,
  ShutDown,
};

enum class RpcStatus {
  Ok,
  Failed,        ///< the endpoint answered with an error; its text is the payload
  Timeout,       ///< no answer in time
  UnknownTarget, ///< no such process, or it has no child at the moment
  Busy,          ///< the permit manager refused
  ShutDown,
};

struct RpcResult {
  RpcStatus status = RpcStatus::Failed;
  std::string payload;
};

struct BrokerOptions {
  /// How long a child may take to end after SIGTERM, before SIGKILL.
  std::chrono::milliseconds killGrace{2000};
  /// How long a send may wait for a child that does not read.
  std::chrono::milliseconds sendTimeout{2000};
};

/// All public methods may be called from any thread at any time, except for shutdown() and the
/// destructor, beside which nothing may spawn, kill or insert processes.
class Broker {
public:
  explicit Broker(BrokerOptions options = {});
  /// Shuts down.
  ~Broker();
  Broker(const Broker &) = delete;
  Broker &operator=(const Broker &) = delete;

  // Processes.

  /// Registers a process and starts its child. Does not wait until it is ready.
  SpawnStatus spawn(const ProcessSpec &spec);
  /// Ends a process and takes it off the list. False if there is none of that id, or if another
  /// caller is at it.
  bool kill(const std::string &id);
  /// Waits until the process has reported ready. False if it has not by then, or has ended.
  bool waitUntilReady(const std::string &id, std::chrono::milliseconds timeout) const;
  std::optional<ProcessInfo> getProcess(const std::string &id) const;
  std::vector<ProcessInfo> listProcesses() const;
  std::size_t processCount() const;
  /// Puts a process on the list that has no child. For tests.
  void insertProcess(const std::string &id, std::shared_ptr<Process> process);
  /// Ends all children and threads. Calls under way end with RpcStatus::ShutDown. The processes
  /// stay on the list. Calls after the first do nothing.
  void shutdown();

  // Endpoints. They are remembered when their process ends.

  void registerEndpoint(const std::string &processId, const std::string &endpoint);
  std::vector<std::string> getEndpoints(const std::string &processId) const;
  std::unordered_map<std::string, std::vector<std::string>> getAllEndpoints() const;

  // Messages.

  /// Takes a message to its receiver: a response to the call that waits for it, anything else to
  /// the target process or the broker itself. False if there is no such receiver.
  bool routeMessage(const Message &message);
  /// Calls a method of a process and waits for its answer.
  RpcResult callRpc(const std::string &target, const std::string &method,
                    const std::string &payload, std::chrono::milliseconds timeout);
  void addPendingRequest(const std::string &correlationId, std::shared_ptr<PendingRequest> request);
  void removePendingRequest(const std::string &correlationId);
  std::size_t pendingRequestCount() const;
  /// A correlation id that this broker has not given out before.
  std::string nextCorrelationId();
  /// How many correlation ids were given out.
  std::uint64_t issuedCorrelationIds() const;

  // Collaborators. The logger and the spawner are never null (std::invalid_argument). The
  // optimizer belongs to the caller and must outlive the broker or be taken out again.

  void setLogger(std::shared_ptr<Logger> logger);
  std::shared_ptr<Logger> logger() const;
  void setSpawner(std::shared_ptr<Spawner> spawner);
  std::shared_ptr<Spawner> spawner() const;
  void setOptimizer(Optimizer *optimizer);
  Optimizer *optimizer() const;
  void setPermitManager(std::shared_ptr<PermitManager> permits);
  std::shared_ptr<PermitManager> permitManager() const;

private:
  // broker.cpp
  std::shared_ptr<Process> findProcess(const std::string &id) const;

  // spawn.cpp
  bool startChild(const std::shared_ptr<Process> &process);
  void terminate(Process &process);

  // io.cpp
  void readLoop(const std::shared_ptr<Process> &self);

  // lifecycle.cpp
  void reap(const std::shared_ptr<Process> &process);
  void supervise(const std::stop_token &stop);
  bool planRestart(Process &process);
  void restartProcess(const std::shared_ptr<Process> &old);
  void doShutdown();

  // routing.cpp
  bool sendToProcess(const std::string &id, const Message &message);
  bool handleBrokerMessage(const Message &message);

  const BrokerOptions options_;

  mutable std::shared_mutex mu_; ///< the processes and the four collaborators
  std::unordered_map<std::string, std::shared_ptr<Process>> processes_;
  std::shared_ptr<Logger> logger_;
  std::shared_ptr<Spawner> spawner_;
  Optimizer *optimizer_ = nullptr;
  std::shared_ptr<PermitManager> permits_;

  mutable std::shared_mutex endpointsMu_;
  std::unordered_map<std::string, std::vector<std::string>> rpcEndpoints_;

  mutable std::shared_mutex pendingMu_;
  std::unordered_map<std::string, std::shared_ptr<PendingRequest>> pendingRequests_;

  mutable std::mutex seqMu_;
  std::uint64_t correlationSeq_ = 0;

  std::stop_source stop_;
  std::once_flag shutdownOnce_;
  WakeEvent stopEvent_;  ///< wakes the read loops
  std::mutex restartMu_; ///< a kill never meets a restart half way
  ThreadGroup readers_;  ///< one read loop a child

  std::mutex supervisorMu_;
  std::condition_variable_any supervisorWake_;
  std::deque<std::shared_ptr<Process>> failed_; ///< for the supervisor to look at
  std::thread supervisor_;
};

// Signalling and waiting for a child. Safe for several threads at once: whoever notices the exit
// first records it in the process.

/// Sends a signal if there is a child.
void signalChild(Process &process, int signal);
/// True once there is no child any more; false after `timeout`.
bool awaitExit(Process &process, std::chrono::milliseconds timeout);

} // namespace broker

#endif // BROKER_BROKER_H
